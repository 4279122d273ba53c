package vkernel.host.riscv.jit;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import vkernel.host.Vmspaces;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Tlb;

/**
 * Translated guest code: it is right wherever its pages hold these frames and the frames have not been written since.
 * Nothing of an address space or a hart is in it.
 */
final class Region {
    private final int number;
    private final long entry;
    private final List<Text.Page> pages;
    /** Addresses of its instructions, ascending, less {@link #entry}. */
    private final int[] covered;

    private final int bytes;
    private final Map<Long, Integer> places;
    private final boolean windows;
    private final long ints;
    private final Code code;
    private final Set<Link> callers = ConcurrentHashMap.newKeySet();

    private volatile boolean dropped;
    /** {@link Regions#age} when a hart last looked it up; harts race, and it does not matter. */
    private int lastUsed;

    /**
     * @param number for {@link Validity}
     * @param covered addresses of its instructions, ascending, less the entry
     * @param places addresses that there may be hints for: jumps, and checks with the number of accesses they are for
     * @param ints registers that it demands to hold sign-extended 32-bit values, see {@link Ints}
     */
    Region(
            int number,
            long entry,
            List<Text.Page> pages,
            int[] covered,
            int bytes,
            Map<Long, Integer> places,
            boolean windows,
            long ints,
            Code code) {
        this.number = number;
        this.entry = entry;
        this.pages = pages;
        this.covered = covered;
        this.bytes = bytes;
        this.places = places;
        this.windows = windows;
        this.ints = ints;
        this.code = code;
    }

    int number() {
        return number;
    }

    long entry() {
        return entry;
    }

    List<Text.Page> pages() {
        return pages;
    }

    Map<Long, Integer> places() {
        return places;
    }

    /** Guest instructions. */
    int instructions() {
        return covered.length;
    }

    /** Whether the instruction at an address is part of it. */
    boolean covers(long va) {
        long distance = va - entry;
        return distance == (int) distance && Arrays.binarySearch(covered, (int) distance) >= 0;
    }

    /** Bytecodes. */
    int bytes() {
        return bytes;
    }

    /** Whether it uses the hart's window. */
    boolean windows() {
        return windows;
    }

    /** Whether it would run with these registers. */
    boolean takes(long[] regs) {
        return ints == 0 || (ints & ~Ints.in(regs)) == 0;
    }

    Code code() {
        return code;
    }

    void used(int age) {
        lastUsed = age;
    }

    int lastUsed() {
        return lastUsed;
    }

    boolean dropped() {
        return dropped;
    }

    /** Notes a place that calls this region. @return false when it is dropped */
    boolean linkedFrom(Link link) {
        callers.add(link);
        return !dropped;
    }

    /** Takes it out of use: who runs it goes on at most until it next asks for attention, jumps or calls. */
    void drop() {
        dropped = true;
        for (Link link : callers) link.reset(this);
        callers.clear();
    }

    /** Whether the hart's address space has this code here now; fills its TLB. The hart holds no translated address. */
    boolean here(Hart hart) {
        if (dropped) return false;
        for (int i = 0; i < pages.size(); i++) { // an iterator is an object for each trap
            if (!here(hart, pages.get(i))) return false;
        }
        return true;
    }

    private static boolean here(Hart hart, Text.Page page) {
        Tlb tlb = hart.tlb;
        long va = page.number() << Text.PAGE_SHIFT;
        int i = Tlb.index(va);
        if (tlb.execute[i] != page.number() && hart.mmu.translate(hart, va, Vmspaces.EXECUTE) == 0) return false;
        // A host that wants to see every access fills nothing.
        return tlb.execute[i] == page.number() && tlb.executeFrame[i] == page.frame();
    }
}
