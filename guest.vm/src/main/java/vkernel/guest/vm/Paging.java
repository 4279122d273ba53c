package vkernel.guest.vm;

import org.jspecify.annotations.Nullable;
import vkernel.host.Host;
import vkernel.kern.Kernel;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.FrameTable;
import vkernel.vm.Replacement;
import vkernel.vm.Vm;
import vkernel.vm.VmState;

/** The parts of virtual memory, put together around one state. */
final class Paging implements Supply.Pressure {
    /** Pages taken away at a time. */
    private static final int BATCH = 32;
    /** Frames made free at a time below which files are written back: else the few clean pages go round and round. */
    private static final int FEW = BATCH / 2;
    /** Most pages being written beforehand. */
    private static final int MOST_WRITING = 256;

    private static final int REST = 256;

    final VmState state;
    final Frames frames;
    final PageTables tables;
    final Zap zap;
    final FilePages files;
    final FileCalls fileCalls;
    final PageEnd pageEnd;
    final Faults faults;
    final OwnFaults ownFaults;
    final Spaces spaces;
    final StoredPages stored;
    final Mapping mapping;
    final MemoryLocks locks;
    final Protection protection;
    final Remap remap;
    final Advice advice;
    final UserMemory user;
    final ForcedMemory forced;
    final UserWords words;
    /** Soft: of each hart. */
    private final @Nullable Stock[] stocks = new @Nullable Stock[Long.SIZE];

    final Swap swap;
    private final SwapIn swapIn;
    private final Victims victims;
    private final Kernel kernel;
    private final Replacement sweep = new Sweep();
    private final Reclaim reclaim;
    private final OutOfMemory outOfMemory;
    /** Free frames below which pages are written beforehand. */
    private final int low;
    /** Whether the fault being repaired ends with its task waiting for memory. */
    private boolean waits;
    /** Frames to be taken before it is tried again to make some free beforehand. */
    private int resting;

    Paging(Host host, Kernel kernel, VmState state) {
        this.state = state;
        var ram = host.ram();
        this.kernel = kernel;
        frames = new Frames(state.frames(), state.counters());
        Supply supply = new Supply(frames, this);
        tables = new PageTables(ram, frames, supply);
        swap = new Swap(kernel, frames, state.swap(), state.counters());
        zap = new Zap(ram, host.vmspaces(), frames, tables, swap);
        Writes writes = new Writes(kernel, host, frames, supply, tables, state.counters());
        swapIn = new SwapIn(ram, tables, frames, supply, swap, writes);
        Caches caches = new Caches(state.caches(), frames);
        files = new FilePages(host, frames, supply, caches, swap, swapIn, state.counters());
        fileCalls = new FileCalls(kernel, ram, frames, supply, files);
        pageEnd = new PageEnd(ram, frames, zap, files);
        stored = new StoredPages(frames, supply, zap, files);
        faults = new Faults(ram, frames, supply, tables, files, writes, swapIn, state.counters());
        ownFaults = new OwnFaults(ram, host.vmspaces(), frames, state.frames(), tables, writes, faults);
        Ranges ranges = new Ranges(kernel, zap, pageEnd);
        spaces = new Spaces(host, frames, tables, zap, ranges, swap, state.spaces(), state.counters());
        mapping = new Mapping(kernel, ranges, faults, () -> swap.bytes(ram.size()));
        locks = new MemoryLocks(kernel, mapping);
        protection = new Protection(kernel, host, frames, tables, swap);
        remap = new Remap(kernel, host, frames, tables, ranges, swap);
        advice = new Advice(zap, pageEnd, tables, faults);
        user = new UserMemory(kernel, ram, tables, faults);
        forced = new ForcedMemory(ram, frames, tables, faults);
        words = new UserWords(ram, user);
        victims = new Victims(
                ram, host.vmspaces(), frames, tables, zap, swap, caches, files, state.spaces(), state.counters());
        reclaim = new Reclaim(frames, zap, caches, state.counters());
        low = Math.clamp(frames.size() / 64, 64, 1024);
        outOfMemory = new OutOfMemory(kernel, spaces::reap, state.counters(), ram.frames());
    }

    /** What a hart has at hand. */
    Stock stock(int hart) {
        Stock stock = stocks[hart];
        return stock != null ? stock : (stocks[hart] = new Stock());
    }

    /** Takes back what harts have at hand. @return how many frames */
    int drain() {
        int all = 0;
        for (Stock stock : stocks) {
            all += stock == null ? 0 : stock.drain(frames, state.counters());
        }
        return all;
    }

    /** Nothing is under way any more, and everything is in the state. */
    void settle() {
        drain();
        if (!swap.settle()) {
            throw new IllegalStateException("pages are in memory that swap space does not take");
        }
    }

    /** Repairs a fault of user code; see {@link Vm#fault}. */
    int fault(Task task, AddressSpace space, long va, int access) {
        waits = false;
        swapIn.waiter = task;
        int done;
        try {
            done = faults.repair(space, task.process, va, access);
        } finally {
            swapIn.waiter = null;
        }
        if (!waits || done != Vm.FAULT_OOM || space.doomed) {
            return done;
        }
        if (swap.writing() == 0) {
            return Vm.FAULT_DONE; // there is memory by now
        }
        state.counters().swapWaits++;
        task.waitOn(swap.room);
        return Vm.FAULT_WAIT;
    }

    private Replacement policy() {
        Replacement now = kernel.replacement().orNull();
        return now == null ? sweep : now;
    }

    @Override
    public int reclaim() {
        int freed = drain() + swap.drain();
        if (freed > 0) {
            return freed;
        }
        freed = reclaim.unmapped();
        if (freed == 0) {
            freed = victims.evict(policy(), BATCH) + swap.drain();
        }
        if (freed < FEW && swap.writing() == 0 && reclaim.writeBack()) {
            freed += reclaim.unmapped();
        }
        if (freed == 0 && swap.writing() == 0) {
            freed = reclaim.all();
        }
        return freed == 0 && !swap.busy() ? swap.dropRead() : freed;
    }

    @Override
    public boolean await() {
        if (swap.writing() == 0) {
            return false;
        }
        waits = swapIn.waiter != null;
        return !waits && swap.await();
    }

    @Override
    public boolean waits() {
        return waits;
    }

    /** Pages are written before memory is short, so that hardly anybody waits for it (Linux: kswapd). */
    @Override
    public void taken() {
        if (frames.count(FrameTable.FREE) >= low || !swap.hasRoom() || swap.writing() > MOST_WRITING) {
            return;
        }
        if (resting-- > 0) {
            return;
        }
        int freed = swap.drain() + reclaim.unmapped();
        if (freed == 0) {
            freed = victims.evict(policy(), BATCH) + swap.drain();
        }
        resting = freed > 0 || swap.writing() > 0 ? 0 : REST;
    }

    @Override
    public boolean kill(@Nullable AddressSpace working) {
        return outOfMemory.kill(working);
    }
}
