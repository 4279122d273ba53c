package vkernel.guest.vm;

import org.jspecify.annotations.Nullable;
import vkernel.host.Ram;
import vkernel.host.Vpte;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.FrameTable;
import vkernel.vm.PageMap;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/**
 * Pages on their way back (Linux: do_swap_page, shmem_swapin_folio). A task whose fault in user code it is waits on a queue
 * and executes its instruction again; the kernel itself, in the middle of a call, waits for the host.
 */
final class SwapIn {
    /** Instead of a frame, beside those of {@link FilePages}: the page is in that slot no more. */
    static final int GONE = -4;

    private final Ram ram;
    private final PageTables tables;
    private final Frames frames;
    private final Supply supply;
    private final Swap swap;
    private final Writes writes;

    /** Whose fault in user code is being repaired; null while the kernel itself touches memory. */
    @Nullable
    Task waiter;

    SwapIn(Ram ram, PageTables tables, Frames frames, Supply supply, Swap swap, Writes writes) {
        this.ram = ram;
        this.tables = tables;
        this.frames = frames;
        this.supply = supply;
        this.swap = swap;
        this.writes = writes;
    }

    /** Brings a private page. @return as {@link Vm#fault}; FAULT_DONE also when the page has gone elsewhere meanwhile */
    int bring(Vma vma, long va, int slot) {
        AddressSpace space = vma.space;
        long page = va >>> PageTables.SHIFT;
        if (tables.make(space, va) < 0) {
            return Vm.FAULT_OOM;
        }
        int frame = fetch(space.swapped, page, slot, FrameTable.ANONYMOUS, true, space);
        return switch (frame) {
            case FilePages.NO_MEMORY -> Vm.FAULT_OOM;
            case FilePages.UNREADABLE -> Vm.FAULT_BUS;
            case FilePages.WAITS -> Vm.FAULT_WAIT;
            case GONE -> Vm.FAULT_DONE;
            default -> put(vma, va, slot, frame);
        };
    }

    /** Puts a private page into the tables. Its frame is the caller's own. */
    private int put(Vma vma, long va, int slot, int frame) {
        int done = writes.install(vma, va, Vpte.of(frame, Writes.USED | Writes.writable(vma)));
        if (done == Vm.FAULT_DONE) {
            leave(vma.space.swapped, va >>> PageTables.SHIFT, slot);
        }
        return done;
    }

    /**
     * Brings a page of a cache, which is to put it in.
     *
     * @return a frame of kind CACHE of the caller's own, GONE, or what {@link FilePages#frame} says instead
     */
    int bring(PageMap swapped, long index, boolean kill, @Nullable AddressSpace working) {
        int slot = swapped.get(index);
        int frame = fetch(swapped, index, slot, FrameTable.CACHE, kill, working);
        if (frame >= 0) {
            leave(swapped, index, slot);
        }
        return frame;
    }

    /** A page is in swap space no more. */
    private void leave(PageMap swapped, long page, int slot) {
        if (swapped.get(page) == slot) {
            swapped.remove(page);
            swap.release(slot);
        }
    }

    /** The page of a slot in a frame of the caller's own; the slot is still its user's. */
    private int fetch(PageMap swapped, long page, int slot, int kind, boolean kill, @Nullable AddressSpace working) {
        swap.drain();
        while (swapped.get(page) == slot) {
            Swap.Transit transit = swap.transit(slot);
            if (transit == null) {
                int frame = frame(FrameTable.SWAP, kill, working);
                if (frame == Frames.NONE) {
                    return FilePages.NO_MEMORY;
                }
                read(swapped, page, slot, frame);
            } else if (transit.out) {
                int frame = frame(kind, kill, working);
                if (frame == Frames.NONE || copied(swapped, page, transit, frame)) {
                    return frame;
                }
            } else if (transit.done) {
                return claim(transit, kind);
            } else if (waiter != null) {
                waiter.waitOn(transit.wanted);
                return FilePages.WAITS;
            } else if (!swap.await()) {
                return FilePages.UNREADABLE;
            }
        }
        return GONE;
    }

    private int frame(int kind, boolean kill, @Nullable AddressSpace working) {
        return kill ? supply.frameOrKill(kind, working) : supply.frame(kind);
    }

    /** Begins to read, unless making room has changed things. */
    private void read(PageMap swapped, long page, int slot, int frame) {
        if (swap.transit(slot) != null || swapped.get(page) != slot) {
            frames.release(frame);
        } else {
            swap.read(slot, frame);
            swap.drain(); // in virtual time it is there already
        }
    }

    private int claim(Swap.Transit transit, int kind) {
        if (transit.failure != null) {
            swap.forget(transit);
            return FilePages.UNREADABLE;
        }
        return swap.claim(transit, kind);
    }

    /** It is being written, or cannot be: what is in memory is as good, unless making room has changed things. */
    private boolean copied(PageMap swapped, long page, Swap.Transit transit, int frame) {
        if (swap.transit(transit.slot) != transit || swapped.get(page) != transit.slot) {
            frames.release(frame);
            return false;
        }
        ram.copy(PageTables.address(transit.frame), PageTables.address(frame), PageTables.PAGE);
        return true;
    }
}
