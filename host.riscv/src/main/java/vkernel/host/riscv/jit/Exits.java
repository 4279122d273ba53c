package vkernel.host.riscv.jit;

import java.lang.classfile.Label;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import vkernel.host.riscv.Without;

/**
 * The ways out of a region, written behind its code: each brings the count of instructions up to date, stores the
 * dirty registers and returns where the guest goes on. Exits with the same registers share the stores, and one whose
 * registers are among another's goes on in the other's.
 */
final class Exits {
    private record Site(Label label, long to, Stores stores, int pending) {}

    private record Key(long to, Stores stores, int pending) {}

    /** Registers to store, and those of them that are local ints. */
    private record Stores(long set, long ints) {
        Stores(long set, long ints) {
            this.set = set;
            this.ints = ints & set;
        }

        boolean within(Stores other) {
            return (set & ~other.set) == 0 && ints == (other.ints & set);
        }
    }

    private static final Comparator<Stores> BY_NUMBER = Comparator.<Stores>comparingInt(s -> Long.bitCount(s.set))
            .thenComparing(Stores::set)
            .thenComparing(Stores::ints);

    private final Body body;
    private final Map<Key, Site> sites = new HashMap<>();
    private final List<Site> order = new ArrayList<>();

    Exits(Body body) {
        this.body = body;
    }

    /** The label of an exit with the registers as they are here. @param to what {@link Code#run} returns */
    Label at(long to, long dirty, int pending) {
        return sites.computeIfAbsent(new Key(to, new Stores(dirty, body.ints), pending), this::site)
                .label();
    }

    private Site site(Key key) {
        Site site = new Site(body.b.newLabel(), key.to(), key.stores(), key.pending());
        order.add(site);
        return site;
    }

    void write() {
        Map<Stores, Label> labels = new HashMap<>();
        TreeSet<Stores> all = new TreeSet<>(BY_NUMBER);
        order.forEach(s -> all.add(s.stores()));
        all.forEach(s -> labels.put(s, body.b.newLabel()));
        for (Site s : order) write(s, labels.get(s.stores()));
        // Larger sets first, so that all jumps are forwards: HotSpot takes one backwards for a loop's end.
        for (Stores stores : all.descendingSet()) {
            body.b.labelBinding(labels.get(stores));
            body.ints = stores.ints();
            Stores inside = all.headSet(stores, false).descendingSet().stream()
                    .filter(smaller -> smaller.within(stores))
                    .findFirst()
                    .orElse(null);
            if (inside == null) {
                body.storeRegisters(stores.set());
                end();
            } else {
                body.storeRegisters(stores.set() & ~inside.set());
                body.b.goto_(labels.get(inside));
            }
        }
    }

    private void write(Site site, Label store) {
        body.b.labelBinding(site.label());
        if (site.pending() != 0 && !Without.BUDGET) body.b.iinc(Body.LEFT, -site.pending());
        body.b.loadConstant(site.to()).goto_(store);
    }

    /** With the result on the stack. */
    private void end() {
        body.b.aload(Body.CORE).iload(Body.LEFT).putfield(Body.DISPATCHER, "left", ConstantDescs.CD_int);
        body.b.lreturn();
    }
}
