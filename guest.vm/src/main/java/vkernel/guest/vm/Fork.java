package vkernel.guest.vm;

import vkernel.host.Ram;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vma;

/**
 * Copies an address space (Linux: kernel/fork.c, dup_mmap; mm/memory.c, copy_page_range). Private pages are shared and
 * write-protected in both; pages of shared mappings are faulted in by the child when it wants them.
 */
final class Fork {
    private static final long[] NONE = {};

    private final Ram ram;
    private final Vmspaces vmspaces;
    private final Frames frames;
    private final PageTables tables;
    private final Swap swap;
    /** Whether an entry of the parent allows less than before. */
    private boolean restricted;

    Fork(Ram ram, Vmspaces vmspaces, Frames frames, PageTables tables, Swap swap) {
        this.ram = ram;
        this.vmspaces = vmspaces;
        this.frames = frames;
        this.tables = tables;
        this.swap = swap;
    }

    /** Copies all into an empty space. @return false when memory is short: the child is to be dropped */
    boolean copy(AddressSpace parent, AddressSpace child) {
        copyFields(parent, child);
        restricted = false;
        boolean all = true;
        for (int i = 0; i < parent.count() && all; i++) {
            Vma vma = parent.vma(i);
            if (vma.dontFork) {
                continue;
            }
            Vma copy = Ranges.like(vma, child, vma.start, vma.end);
            copy.locked = false;
            Ranges.add(copy);
            if (!vma.shared && !vma.wipeOnFork) {
                all = copyPages(parent, child, vma.start, vma.end);
                copySwapped(parent, child, vma.start >>> PageTables.SHIFT, vma.end >>> PageTables.SHIFT);
            }
        }
        if (restricted) {
            vmspaces.inval(parent.id, 0, AddressSpace.END);
        }
        return all;
    }

    private boolean copyPages(AddressSpace parent, AddressSpace child, long start, long end) {
        long va = start;
        while (va < end) {
            int missing = tables.descend(parent.root, va);
            long next = PageTables.behind(va, missing);
            if (missing == 0 && !copyLeaf(child, va, Math.min(next, end), tables.path[0])) {
                return false;
            }
            va = next;
        }
        return true;
    }

    /** Of pages that are in swap space, the child has what the parent has; making room may have done some already. */
    private void copySwapped(AddressSpace parent, AddressSpace child, long first, long end) {
        for (long page : parent.swapped.count() == 0 ? NONE : parent.swapped.pages()) {
            if (page >= first && page < end && child.swapped.get(page) < 0) {
                int slot = parent.swapped.get(page);
                child.swapped.put(page, slot);
                swap.share(slot);
            }
        }
    }

    private boolean copyLeaf(AddressSpace child, long start, long end, long first) {
        long there = 0; // how far the child's entry lies from the parent's; 0 until it has a table
        long from = first;
        for (long va = start; va < end; va += PageTables.PAGE, from += Long.BYTES) {
            if (ram.getLong(from) == 0) {
                continue;
            }
            if (there == 0) {
                long to = tables.tryMake(child, va);
                if (to < 0) {
                    return false;
                }
                there = to - from;
            }
            copyEntry(child, from, from + there);
        }
        return true;
    }

    private void copyEntry(AddressSpace child, long from, long to) {
        long entry = ram.getLong(from); // making room for the table may have taken it away
        if (entry == 0) {
            return;
        }
        if ((entry & Vpte.W) != 0) {
            entry &= ~Vpte.W;
            tables.exchange(from, Vpte.W, 0);
            restricted = true;
        }
        frames.share(Vpte.frame(entry));
        tables.fill(child, to, entry);
    }

    private static void copyFields(AddressSpace from, AddressSpace to) {
        to.brkStart = from.brkStart;
        to.brk = from.brk;
        to.mmapTop = from.mmapTop;
        to.argStart = from.argStart;
        to.argEnd = from.argEnd;
        to.envStart = from.envStart;
        to.envEnd = from.envEnd;
        to.startStack = from.startStack;
        to.startCode = from.startCode;
        to.endCode = from.endCode;
        to.startData = from.startData;
        to.endData = from.endData;
        to.auxv = from.auxv;
        to.sigReturn = from.sigReturn;
        to.barriers = from.barriers;
    }
}
