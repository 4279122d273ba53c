package vkernel.guest.vm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.BlockFile;
import vkernel.host.HostException;
import vkernel.kern.Irq;
import vkernel.kern.Kernel;
import vkernel.task.WaitQueue;
import vkernel.vm.SwapArea;
import vkernel.vm.VmCounters;

/**
 * Pages on their way to swap space and back (Linux: mm/swapfile.c, page_io.c). Here: slots, requests and their ends. Not
 * here: which pages go (Reclaim), how they come back into tables (SwapIn). Requests end on a host thread, which only notes
 * that; what follows is done by {@link #drain}, with the kernel lock held.
 */
final class Swap {
    /** No slot, no frame. */
    static final int NONE = -1;

    private static final Logger LOG = LoggerFactory.getLogger(Swap.class);
    /** How long a host may take for a request before the kernel waits for it no more. */
    private static final long PATIENCE_SECONDS = 20;

    /** A page between memory and swap space, in a frame of kind SWAP. */
    static final class Transit {
        final int slot;
        final int frame;
        final boolean out;
        /** Tasks that want it. */
        final WaitQueue wanted = new WaitQueue();

        boolean done;

        @Nullable
        HostException failure;

        Transit(int slot, int frame, boolean out) {
            this.slot = slot;
            this.frame = frame;
            this.out = out;
        }
    }

    private final Kernel kernel;
    private final Frames frames;
    private final List<SwapArea> areas;
    private final VmCounters counters;
    /** By slot. Soft: release() waits until nothing is under way, and what was read can be read again. */
    private final Map<Integer, Transit> transits = new HashMap<>();
    /** Ended, and not yet seen. */
    private final LinkedBlockingQueue<Transit> ended = new LinkedBlockingQueue<>();
    /** Tasks that wait for memory. */
    final WaitQueue room = new WaitQueue();

    private @Nullable Irq irq;
    private int writing;
    private int reading;

    Swap(Kernel kernel, Frames frames, List<SwapArea> areas, VmCounters counters) {
        this.kernel = kernel;
        this.frames = frames;
        this.areas = areas;
        this.counters = counters;
    }

    // --- slots ------------------------------------------------------------------------------------------------------

    /** Whether a page can go there now. */
    boolean hasRoom() {
        return roomy() != null;
    }

    /** The area that is filled next: of those with the highest priority and room, the one that is used least. */
    private @Nullable SwapArea roomy() {
        SwapArea best = null;
        for (SwapArea area : areas) {
            if (area.used < area.size()
                    && !area.closing
                    && (best == null || area.priority == best.priority && area.used < best.used)) {
                best = area;
            }
        }
        return best;
    }

    /** Bytes that a process can have at most. @param ram those of memory */
    long bytes(long ram) {
        long slots = 0;
        for (int i = 0; i < areas.size(); i++) { // every mmap(2) asks: no iterator
            slots += areas.get(i).size();
        }
        return ram + (slots << PageTables.SHIFT);
    }

    private SwapArea area(int slot) {
        for (SwapArea area : areas) {
            if (area.has(slot)) {
                return area;
            }
        }
        throw new IllegalStateException("slot " + slot + " is in no swap space");
    }

    /** A slot with one user, or NONE. */
    int take() {
        SwapArea area = roomy();
        for (int i = 0; area != null && i < area.size(); i++) {
            int at = area.next;
            area.next = at + 1 == area.size() ? 0 : at + 1;
            if (area.users[at] == 0 && !transits.containsKey(area.base + at)) {
                area.users[at] = 1;
                area.used++;
                return area.base + at;
            }
        }
        return NONE; // what is free is still being written
    }

    /** One user more. */
    void share(int slot) {
        SwapArea area = area(slot);
        area.users[slot - area.base]++;
    }

    /** One user less; with the last one what is there is forgotten. */
    void release(int slot) {
        SwapArea area = area(slot);
        if (--area.users[slot - area.base] > 0) {
            return;
        }
        area.used--;
        Transit transit = transits.get(slot);
        if (transit != null && transit.done) {
            forget(transit);
        }
    }

    /** Drops a page that is between memory and swap space, with its frame. */
    void forget(Transit transit) {
        transits.remove(transit.slot);
        frames.release(transit.frame);
    }

    // --- requests ---------------------------------------------------------------------------------------------------

    private Irq irq() {
        Irq now = irq;
        if (now == null) {
            now = irq = kernel.irq("swap", this::drain);
        }
        return now;
    }

    /** Writes a page that no hart can reach; its frame, of kind SWAP, is free afterwards. */
    void write(int slot, int frame) {
        counters.swapOuts++;
        writing++;
        begin(new Transit(slot, frame, true));
    }

    /** The page of a slot between memory and swap space; null when it is there alone. */
    @Nullable
    Transit transit(int slot) {
        return transits.get(slot);
    }

    /** Begins to read a page into a frame of kind SWAP. */
    Transit read(int slot, int frame) {
        counters.swapIns++;
        counters.majorFaults++;
        reading++;
        return begin(new Transit(slot, frame, false));
    }

    private Transit begin(Transit transit) {
        transits.put(transit.slot, transit);
        Irq told = irq();
        BlockFile.Completion end = failure -> {
            transit.failure = failure;
            ended.add(transit);
            told.raise();
        };
        long address = PageTables.address(transit.frame);
        SwapArea area = area(transit.slot);
        BlockFile file = (BlockFile) area.file;
        long position = area.position(transit.slot);
        try {
            if (transit.out) {
                file.write(position, address, PageTables.PAGE, end);
            } else {
                file.read(position, address, PageTables.PAGE, end);
            }
        } catch (HostException refused) {
            transit.failure = refused;
            ended.add(transit);
        }
        return transit;
    }

    /** Takes a page that was read: its frame belongs to the caller now. */
    int claim(Transit transit, int kind) {
        transits.remove(transit.slot);
        frames.rekind(transit.frame, kind);
        return transit.frame;
    }

    /** Does what follows from requests that have ended. @return frames that are free now */
    int drain() {
        int freed = 0;
        for (Transit each = ended.poll(); each != null; each = ended.poll()) {
            freed += end(each);
        }
        if (freed > 0 && !room.isEmpty()) {
            kernel.wake(room);
        }
        return freed;
    }

    private int end(Transit transit) {
        transit.done = true;
        HostException failure = transit.failure;
        SwapArea area = area(transit.slot);
        boolean wanted = area.users[transit.slot - area.base] > 0;
        int freed = 0;
        if (transit.out) {
            writing--;
            if (failure == null || !wanted) {
                forget(transit);
                freed = 1;
            } else {
                // it stays in memory, as if it had been read, until somebody wants it
                LOG.warn("swap: page {} cannot be written: {}", transit.slot, failure.getMessage());
            }
        } else {
            reading--;
            if (failure != null) {
                LOG.warn("swap: page {} cannot be read: {}", transit.slot, failure.getMessage());
            }
            if (!wanted) {
                forget(transit);
                freed = 1;
            }
        }
        kernel.wake(transit.wanted);
        return freed;
    }

    /** Whether requests are under way. */
    boolean busy() {
        return writing + reading > 0;
    }

    int writing() {
        return writing;
    }

    /** Waits on this thread for the end of a request. @return false when the host takes too long */
    boolean await() {
        counters.swapWaits++;
        try {
            Transit next = ended.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                LOG.error("swap: the host has not answered for {} s", PATIENCE_SECONDS);
                return false;
            }
            ended.add(next);
            drain();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Drops pages that were read and that nobody has taken: they are in swap space still. @return frames freed */
    int dropRead() {
        List<Transit> idle = new ArrayList<>();
        for (Transit each : transits.values()) {
            if (each.done && !each.out) {
                idle.add(each);
            }
        }
        idle.forEach(this::forget);
        return idle.size();
    }

    /** Waits until nothing is under way. @return whether swap space holds all that it should */
    boolean settle() {
        while (busy() && await()) {
            drain();
        }
        dropRead();
        return transits.isEmpty();
    }

    /** Frames of pages that are between memory and swap space. */
    int[] frames() {
        return transits.values().stream().mapToInt(transit -> transit.frame).toArray();
    }
}
