package vkernel.host.riscv.jit;

import java.lang.classfile.Label;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The ways out of a region, written behind its code: each brings the count of instructions up to date, stores the
 * dirty registers and returns where the guest goes on. Exits with the same registers share the stores, and one whose
 * registers are among another's goes on in the other's.
 */
final class Exits {
    private record Site(Label label, long to, long dirty, int pending) {}

    private record Key(long to, long dirty, int pending) {}

    private final Body body;
    private final Map<Key, Site> sites = new HashMap<>();
    private final List<Site> order = new ArrayList<>();

    Exits(Body body) {
        this.body = body;
    }

    /** The label of an exit. @param to what {@link Code#run} returns */
    Label at(long to, long dirty, int pending) {
        return sites.computeIfAbsent(new Key(to, dirty, pending), this::site).label();
    }

    private Site site(Key key) {
        Site site = new Site(body.b.newLabel(), key.to(), key.dirty(), key.pending());
        order.add(site);
        return site;
    }

    void write() {
        Map<Long, Label> stores = new HashMap<>();
        TreeSet<Long> sets =
                new TreeSet<>(Comparator.comparingInt(Long::bitCount).thenComparing(Long::compareTo));
        order.forEach(s -> sets.add(s.dirty()));
        sets.forEach(s -> stores.put(s, body.b.newLabel()));
        for (Site s : order) write(s, stores.get(s.dirty()));
        // Larger sets first, so that all jumps are forwards: HotSpot takes one backwards for a loop's end.
        for (long set : sets.descendingSet()) {
            body.b.labelBinding(stores.get(set));
            Long inside = sets.headSet(set, false).descendingSet().stream()
                    .filter(smaller -> (smaller & ~set) == 0)
                    .findFirst()
                    .orElse(null);
            if (inside == null) {
                body.storeRegisters(set);
                end();
            } else {
                body.storeRegisters(set & ~inside);
                body.b.goto_(stores.get(inside));
            }
        }
    }

    private void write(Site site, Label store) {
        body.b.labelBinding(site.label());
        if (site.pending() != 0) body.b.iinc(Body.LEFT, -site.pending());
        body.b.loadConstant(site.to()).goto_(store);
    }

    /** With the result on the stack. */
    private void end() {
        body.b.aload(Body.CORE).iload(Body.LEFT).putfield(Body.DISPATCHER, "left", ConstantDescs.CD_int);
        body.b.lreturn();
    }
}
