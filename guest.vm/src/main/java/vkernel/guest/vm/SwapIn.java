package vkernel.guest.vm;

import org.jspecify.annotations.Nullable;
import vkernel.host.Ram;
import vkernel.host.Vpte;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.FrameTable;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/**
 * Brings pages back from swap space (Linux: mm/memory.c, do_swap_page). A task that faults in user code waits on a queue
 * and executes its instruction again; the kernel itself, in the middle of a call, waits for the host.
 */
final class SwapIn {
    private static final int AGAIN = -1;

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

    /** @return as {@link Vm#fault}; FAULT_DONE also when the page has gone elsewhere meanwhile */
    int bring(Vma vma, long va, int slot) {
        AddressSpace space = vma.space;
        long page = va >>> PageTables.SHIFT;
        swap.drain();
        while (space.swapped.get(page) == slot) {
            Swap.Transit transit = swap.transit(slot);
            if (transit == null) {
                if (!read(space, page, slot)) {
                    return Vm.FAULT_OOM;
                }
            } else if (transit.out) {
                return copy(vma, va, slot);
            } else if (transit.done) {
                int done = claim(vma, va, transit);
                if (done != AGAIN) {
                    return done;
                }
            } else if (waiter != null) {
                waiter.waitOn(transit.wanted);
                return Vm.FAULT_WAIT;
            } else if (!swap.await()) {
                return Vm.FAULT_BUS;
            }
        }
        return Vm.FAULT_DONE;
    }

    /** Begins to read, unless making room has changed things. @return false without memory */
    private boolean read(AddressSpace space, long page, int slot) {
        int frame = supply.frameOrKill(FrameTable.SWAP, space);
        if (frame == Frames.NONE) {
            return false;
        }
        if (swap.transit(slot) != null || space.swapped.get(page) != slot) {
            frames.release(frame);
        } else {
            swap.read(slot, frame);
            swap.drain(); // in virtual time it is there already
        }
        return true;
    }

    private int claim(Vma vma, long va, Swap.Transit transit) {
        if (transit.failure != null) {
            swap.forget(transit);
            return Vm.FAULT_BUS;
        }
        if (tables.make(vma.space, va) < 0) {
            return Vm.FAULT_OOM;
        }
        boolean still =
                swap.transit(transit.slot) == transit && vma.space.swapped.get(va >>> PageTables.SHIFT) == transit.slot;
        return still ? put(vma, va, transit.slot, swap.claim(transit)) : AGAIN;
    }

    /** It is being written, or cannot be: what is in memory is as good. */
    private int copy(Vma vma, long va, int slot) {
        int frame = supply.frameOrKill(FrameTable.ANONYMOUS, vma.space);
        if (frame == Frames.NONE) {
            return Vm.FAULT_OOM;
        }
        Swap.Transit transit = swap.transit(slot);
        if (transit == null || vma.space.swapped.get(va >>> PageTables.SHIFT) != slot) {
            frames.release(frame);
            return Vm.FAULT_DONE;
        }
        ram.copy(PageTables.address(transit.frame), PageTables.address(frame), PageTables.PAGE);
        return put(vma, va, slot, frame);
    }

    /** Puts a page that was swapped into the tables. Its frame is the caller's own. */
    private int put(Vma vma, long va, int slot, int frame) {
        long page = va >>> PageTables.SHIFT;
        AddressSpace space = vma.space;
        int done = writes.install(vma, va, Vpte.of(frame, Writes.USED | Writes.writable(vma)));
        if (done == Vm.FAULT_DONE && space.swapped.get(page) == slot) {
            space.swapped.remove(page);
            swap.release(slot);
        }
        return done;
    }
}
