package vkernel.host.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.host.engine.Trap;

/**
 * Finds translations that a hart's TLB would still hold although the page table no longer says so and nobody called
 * {@link Vmspaces#inval}.
 *
 * <p>With more than one hart a difference is only a suspicion at first: another hart's kernel may stand between its
 * change of the entry and its call. It becomes a finding when every other hart has been back in user code or idle
 * without the call having come.
 */
final class StaleTranslations {
    private static final int MOST = 1000;

    private record Suspicion(Space space, long va, int hart, long[] switches, String text) {}

    private final MachineClock clock;
    private final List<Suspicion> suspicions = new ArrayList<>(); // guarded by this
    private final List<String> findings = new ArrayList<>(); // guarded by this
    private Core[] cores = {}; // set once, before the machine is published

    /** @param before found by a former host */
    StaleTranslations(MachineClock clock, List<String> before) {
        this.clock = clock;
        findings.addAll(before);
    }

    void cores(Core[] all) {
        cores = all;
    }

    /** Compares what a TLB would have answered with a walk just made, and remembers the walk. Hart thread. */
    void check(Core core, ShadowTlb shadow, Space space, long va, int access, int fault, Walker walker) {
        ShadowTlb.Entry old = shadow.at(va);
        String change = old == null || (old.rights() & access) == 0 ? null : change(old, access, fault, walker);
        if (change != null) suspect(core, space, va, access, change);
        if (fault == Walker.HIT) shadow.put(va, new ShadowTlb.Entry(walker.rights, page(walker.address)));
        else shadow.remove(va);
    }

    private static long page(long address) {
        return address & -Vpte.PAGE_SIZE;
    }

    private static @Nullable String change(ShadowTlb.Entry old, int access, int fault, Walker walker) {
        if (fault == Trap.PAGE_MISSING) return "is missing";
        if (fault == Trap.PAGE_PROTECTED) return "is protected";
        if (page(walker.address) != old.frame()) return "is at 0x" + Long.toHexString(page(walker.address));
        return access == Vmspaces.WRITE && (walker.found & Vpte.M) == 0 ? "is not modified" : null;
    }

    private synchronized void suspect(Core core, Space space, long va, int access, String change) {
        if (core.asked(space, va)) return;
        String page = "0x" + Long.toHexString(page(va));
        String text = "hart " + core.hart.id + ", vmspace " + space.id + ": " + name(access) + " of 0x"
                + Long.toHexString(va) + " through a stale translation: the page " + change
                + " in the page table; missing: inval(" + space.id + ", " + page + ", 0x1000)";
        long[] switches = Arrays.stream(cores).mapToLong(Core::switches).toArray();
        suspicions.add(new Suspicion(space, page(va), core.hart.id, switches, text));
        settle();
    }

    /** A call of {@code inval}, just made. */
    synchronized void announced(Space space, long va, long length) {
        settle();
        suspicions.removeIf(s -> s.space() == space && s.va() >= va && s.va() - va < length);
    }

    synchronized List<String> found() {
        settle();
        return List.copyOf(findings);
    }

    private void settle() {
        for (Iterator<Suspicion> i = suspicions.iterator(); i.hasNext(); ) {
            Suspicion suspicion = i.next();
            if (!confirmed(suspicion)) continue;
            i.remove();
            if (findings.size() < MOST) findings.add(suspicion.text());
        }
    }

    /** Whether every other hart has been outside its kernel since. */
    private boolean confirmed(Suspicion suspicion) {
        for (Core core : cores) {
            int id = core.hart.id;
            boolean outside = id == suspicion.hart()
                    || outside(suspicion.switches()[id])
                    || core.switches() > suspicion.switches()[id]
                    || clock.idling(id);
            if (!outside) return false;
        }
        return true;
    }

    /** Whether a hart with this count was in user code, or had never been started. */
    private static boolean outside(long switches) {
        return switches == 0 || (switches & 1) != 0;
    }

    private static String name(int access) {
        return switch (access) {
            case Vmspaces.READ -> "read";
            case Vmspaces.WRITE -> "write";
            default -> "execution";
        };
    }
}
