package vkernel.guest.vm;

import org.jspecify.annotations.Nullable;
import vkernel.host.Host;
import vkernel.kern.Kernel;
import vkernel.vm.AddressSpace;
import vkernel.vm.VmState;

/** The parts of virtual memory, put together around one state. */
final class Paging implements Supply.Pressure {
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
    final Mapping mapping;
    final Protection protection;
    final Remap remap;
    final Advice advice;
    final UserMemory user;
    final ForcedMemory forced;
    final UserWords words;
    /** Soft: of each hart. */
    private final @Nullable Stock[] stocks = new @Nullable Stock[Long.SIZE];

    private final Reclaim reclaim;
    private final OutOfMemory outOfMemory;

    Paging(Host host, Kernel kernel, VmState state) {
        this.state = state;
        var ram = host.ram();
        frames = new Frames(state.frames(), state.counters());
        Supply supply = new Supply(frames, this);
        tables = new PageTables(ram, frames, supply);
        zap = new Zap(ram, host.vmspaces(), frames, tables);
        files = new FilePages(host, frames, supply, state.caches(), state.counters());
        fileCalls = new FileCalls(kernel, ram, frames, supply, files);
        pageEnd = new PageEnd(ram, frames, zap, files);
        Writes writes = new Writes(kernel, host, frames, supply, tables, state.counters());
        faults = new Faults(ram, frames, supply, tables, files, writes, state.counters());
        ownFaults = new OwnFaults(ram, host.vmspaces(), frames, state.frames(), tables, writes);
        Ranges ranges = new Ranges(kernel, zap, pageEnd);
        spaces = new Spaces(host, frames, tables, zap, ranges, state.spaces(), state.counters());
        mapping = new Mapping(kernel, ranges, faults, ram.size());
        protection = new Protection(kernel, host, frames, tables);
        remap = new Remap(kernel, host, tables, ranges);
        advice = new Advice(zap, pageEnd, tables, faults);
        user = new UserMemory(kernel, ram, tables, faults);
        forced = new ForcedMemory(ram, frames, tables, faults);
        words = new UserWords(ram, user);
        reclaim = new Reclaim(frames, zap, state.caches());
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

    @Override
    public int reclaim() {
        int drained = drain();
        return drained > 0 ? drained : reclaim.some();
    }

    @Override
    public boolean kill(@Nullable AddressSpace working) {
        return outOfMemory.kill(working);
    }
}
