package vkernel.guest.vm;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.host.Ram;
import vkernel.host.Rom;
import vkernel.kern.Slot;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.FrameTable;
import vkernel.vm.PageCache;
import vkernel.vm.PageSource;
import vkernel.vm.PageStore;
import vkernel.vm.VmCounters;

/** The pages of files in memory, read from their source when they are wanted (Linux: mm/filemap.c). */
final class FilePages {
    /** Instead of a frame: no memory. */
    static final int NO_MEMORY = -1;
    /** Instead of a frame: the source cannot be read. */
    static final int UNREADABLE = -2;
    /** Instead of a frame: the task whose fault it is waits for swap space. */
    static final int WAITS = -3;

    private static final Logger LOG = LoggerFactory.getLogger(FilePages.class);

    private final Host host;
    private final Ram ram;
    private final Frames frames;
    private final Supply supply;
    private final Caches caches;
    private final Swap swap;
    private final SwapIn swapIn;
    private final VmCounters counters;
    /** Soft: the ROMs that sources name. */
    private final Map<String, Rom> roms = new HashMap<>();
    /** On the way from a ROM to RAM. */
    private final byte[] page = new byte[PageTables.PAGE];

    FilePages(Host host, Frames frames, Supply supply, Caches caches, Swap swap, SwapIn swapIn, VmCounters counters) {
        this.host = host;
        this.ram = host.ram();
        this.frames = frames;
        this.supply = supply;
        this.caches = caches;
        this.swap = swap;
        this.swapIn = swapIn;
        this.counters = counters;
    }

    /** Whether a page that is not in memory can be read. */
    static boolean inSource(PageCache cache, long index) {
        if (cache.store != null) {
            return index >= 0 && index < pages(cache.size);
        }
        PageSource source = cache.source;
        return source != null
                && index >= 0
                && index < pages(source.length())
                && (cache.holes == null || !cache.holes.get((int) index));
    }

    /** Number of pages that hold so many bytes. */
    static long pages(long bytes) {
        return (bytes >>> PageTables.SHIFT) + ((bytes & PageTables.PAGE - 1) == 0 ? 0 : 1);
    }

    /**
     * The frame of a page, brought from where it is or zeroed if it was not in memory, with a reference for the caller.
     *
     * @param kill whether a process may be killed to make room
     * @param working the address space being worked on
     * @return a frame, or NO_MEMORY, UNREADABLE; WAITS only while a fault of user code is repaired
     */
    int frame(PageCache cache, long index, boolean kill, @Nullable AddressSpace working) {
        int frame = cache.frame(index);
        if (frame < 0) {
            frame = bring(cache, index, kill, working);
        }
        if (frame >= 0) {
            frames.share(frame);
            frames.markUsed(frame);
        }
        return frame;
    }

    /** Has the store bring a page for an access of user code, if it can. @return as {@link PageStore#bring} */
    long begin(Task task, PageCache cache, long index) {
        Slot<? extends PageStore> store = cache.store;
        if (store == null || cache.frame(index) >= 0 || !inSource(cache, index)) {
            return 0;
        }
        long done = store.get().bring(task, cache, index);
        if (done == 0 && cache.frame(index) >= 0) {
            counters.majorFaults++;
        }
        return done;
    }

    private int bring(PageCache cache, long index, boolean kill, @Nullable AddressSpace working) {
        int back = SwapIn.GONE;
        while (back == SwapIn.GONE && cache.swapped.get(index) >= 0) {
            back = swapIn.bring(cache.swapped, index, kill, working);
        }
        if (back >= 0) {
            add(cache, index, back);
            if (cache.source != null) {
                frames.markDirty(back); // for it went there because it is not what the source has
            }
        }
        return back == SwapIn.GONE ? read(cache, index, kill, working) : back;
    }

    private int read(PageCache cache, long index, boolean kill, @Nullable AddressSpace working) {
        int frame = kill ? supply.frameOrKill(FrameTable.CACHE, working) : supply.frame(FrameTable.CACHE);
        if (frame == Frames.NONE) {
            return NO_MEMORY;
        }
        if (!fill(cache, index, frame)) {
            frames.release(frame);
            return UNREADABLE;
        }
        add(cache, index, frame);
        return frame;
    }

    /** A page of a cache is not what its source or its store has. */
    void modified(PageCache cache, int frame) {
        modified(frames, cache, frame);
    }

    static void modified(Frames frames, PageCache cache, int frame) {
        Slot<? extends PageStore> store = cache.store;
        if (store != null && !frames.dirty(frame)) {
            store.get().modified(cache);
        }
        frames.markDirty(frame);
    }

    /** Puts a frame of kind CACHE into a cache; its reference becomes the cache's. */
    void add(PageCache cache, long index, int frame) {
        if (cache.count() == 0) {
            caches.add(cache);
        }
        cache.put(index, frame);
        frames.note(frame, cache, index);
    }

    /** Drops a page that nobody maps, wherever it is. */
    void drop(PageCache cache, long index) {
        forgetSwapped(cache, index);
        int frame = cache.remove(index);
        if (frame >= 0) {
            frames.release(frame);
        }
        caches.settle(cache);
    }

    /** Drops what swap space has of a page, which is about to be written as a whole. */
    void forgetSwapped(PageCache cache, long index) {
        int slot = cache.swapped.remove(index);
        if (slot >= 0) {
            swap.release(slot);
        }
    }

    /** Whether a page that is in memory is in its source or with its store as it is. */
    boolean elsewhere(PageCache cache, long index) {
        return !frames.dirty(cache.frame(index)) && inSource(cache, index);
    }

    /** Has a page that nobody maps, and that lies nowhere else, leave for a slot. @return its frame, of kind SWAP */
    int leave(PageCache cache, long index, int slot) {
        int frame = cache.remove(index);
        cache.swapped.put(index, slot);
        frames.rekind(frame, FrameTable.SWAP);
        return frame;
    }

    private boolean fill(PageCache cache, long index, int frame) {
        long address = PageTables.address(frame);
        Slot<? extends PageStore> store = cache.store;
        if (store != null && inSource(cache, index)) {
            counters.majorFaults++;
            return store.get().fill(cache, index, address) == 0;
        }
        PageSource source = cache.source;
        if (source == null || !inSource(cache, index)) {
            ram.zero(address, PageTables.PAGE);
            return true;
        }
        counters.majorFaults++;
        long position = index << PageTables.SHIFT;
        int length = (int) Math.min(PageTables.PAGE, source.length() - position);
        if (!read(source, position, length)) {
            return false;
        }
        ram.write(address, page, 0, length);
        if (length < PageTables.PAGE) {
            ram.zero(address + length, PageTables.PAGE - length);
        }
        return true;
    }

    private boolean read(PageSource source, long position, int length) {
        try {
            Rom rom = roms.computeIfAbsent(source.rom(), host::rom);
            int done = 0;
            while (done < length) {
                int n = rom.read(source.offset() + position + done, page, done, length - done);
                if (n <= 0) {
                    LOG.warn("ROM {} ends at {} within a file", source.rom(), source.offset() + position + done);
                    return false;
                }
                done += n;
            }
            return true;
        } catch (HostException e) {
            LOG.warn("ROM {} cannot be read at {}", source.rom(), source.offset() + position, e);
            return false;
        }
    }
}
