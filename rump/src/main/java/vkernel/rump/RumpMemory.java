package vkernel.rump;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import vkernel.fs.IoBuffer;
import vkernel.host.Rom;
import vkernel.kern.Errno;
import vkernel.vm.MemoryStats;
import vkernel.vm.PageCache;
import vkernel.vm.PageSource;

/** Pages of files on the Java heap: the part of {@link vkernel.vm.Vm} that file systems use. */
public class RumpMemory {
    public static final int PAGE = 4096;

    /** ROMs that page sources name. */
    public final Map<String, Rom> roms = new HashMap<>();

    private final int total;
    private final Map<Integer, byte[]> frames = new HashMap<>();
    private final Map<Integer, Integer> held = new HashMap<>();
    private final Set<Integer> dirty = new HashSet<>();
    private int next = 1;

    /** @param totalPages most that there may be at a time */
    public RumpMemory(int totalPages) {
        total = totalPages;
    }

    byte[] frame(long address) {
        byte[] frame = frames.get((int) (address / PAGE));
        if (frame == null) {
            throw new IllegalStateException("no frame at " + address);
        }
        return frame;
    }

    /** Frames in use. */
    public int used() {
        return frames.size();
    }

    public MemoryStats stats() {
        return new MemoryStats((long) total * PAGE, (long) (total - used()) * PAGE, 0, 0, 0, 0, 0, 0, 0);
    }

    public IoBuffer buffer(byte[] array, int offset, int length) {
        return new ArrayBuffer(this, array, offset, length, length);
    }

    /** A buffer of which only the first bytes can be reached. */
    public IoBuffer faulting(byte[] array, int faultAt) {
        return new ArrayBuffer(this, array, 0, array.length, faultAt);
    }

    public long page(PageCache cache, long index, boolean create) {
        int frame = cache.frame(index);
        if (frame >= 0) {
            return (long) frame * PAGE;
        }
        PageSource source = cache.source;
        boolean stored = cache.store != null && index * PAGE < cache.size;
        boolean inSource = source != null
                && index * PAGE < source.length()
                && (cache.holes == null || !cache.holes.get((int) index));
        if (!inSource && !stored && !create) {
            return -Errno.ENOENT;
        }
        if (frames.size() >= total) {
            return -Errno.ENOMEM;
        }
        byte[] bytes = new byte[PAGE];
        if (inSource && source != null) {
            int length = (int) Math.min(PAGE, source.length() - index * PAGE);
            roms.get(source.rom()).read(source.offset() + index * PAGE, bytes, 0, length);
        }
        frames.put(next, bytes);
        long address = (long) next * PAGE;
        int made = next++;
        if (stored && cache.store.get().fill(cache, index, address) != 0) {
            frames.remove(made);
            return -Errno.EIO;
        }
        cache.put(index, made);
        return address;
    }

    // --- pages of files on disks ------------------------------------------------------------------------------------

    public long take() {
        if (frames.size() >= total) {
            return -Errno.ENOMEM;
        }
        frames.put(next, new byte[PAGE]);
        return (long) next++ * PAGE;
    }

    public void give(long address) {
        int frame = (int) (address / PAGE);
        if (held.merge(frame, -1, Integer::sum) < 0) {
            held.remove(frame);
            frames.remove(frame);
        }
    }

    public boolean insert(PageCache cache, long index, long address) {
        if (cache.frame(index) >= 0) {
            return false;
        }
        cache.put(index, (int) (address / PAGE));
        return true;
    }

    public long hold(PageCache cache, long index) {
        int frame = cache.frame(index);
        if (frame < 0) {
            return -Errno.ENOENT;
        }
        held.merge(frame, 1, Integer::sum);
        return (long) frame * PAGE;
    }

    public void clean(PageCache cache, long index) {
        dirty.remove(cache.frame(index));
    }

    public void dirty(PageCache cache, long index) {
        if (cache.frame(index) >= 0 && dirty.add(cache.frame(index)) && cache.store != null) {
            cache.store.get().modified(cache);
        }
    }

    public long[] dirtyPages(PageCache cache) {
        return Arrays.stream(cache.indices())
                .filter(index -> dirty.contains(cache.frame(index)))
                .sorted()
                .toArray();
    }

    /** Lets go of pages of a file that hold nothing that is not on its disk too. */
    public void forget(PageCache cache) {
        for (long index : cache.indices()) {
            int frame = cache.frame(index);
            if (!dirty.contains(frame) && !held.containsKey(frame)) {
                drop(cache.remove(index));
            }
        }
    }

    /** The memory of a frame, for a device. */
    public byte[] memory(long address) {
        return frame(address);
    }

    private void drop(int frame) {
        dirty.remove(frame);
        give((long) frame * PAGE);
    }

    public long readPages(PageCache cache, long position, IoBuffer to) {
        long at = position;
        while (at < cache.size && to.remaining() > 0) {
            int inPage = (int) (at % PAGE);
            int n = (int) Math.min(Math.min(to.remaining(), cache.size - at), PAGE - inPage);
            long page = page(cache, at / PAGE, false);
            int moved = page < 0 ? to.putZeros(n) : to.put(frame(page), inPage, n);
            at += moved;
            if (moved < n) {
                return at > position ? at - position : -Errno.EFAULT;
            }
        }
        return at - position;
    }

    public long writePages(PageCache cache, long position, IoBuffer from) {
        long at = position;
        while (from.remaining() > 0) {
            int inPage = (int) (at % PAGE);
            int n = (int) Math.min(from.remaining(), PAGE - inPage);
            long page = page(cache, at / PAGE, true);
            int moved = page < 0 ? 0 : from.get(frame(page), inPage, n);
            if (moved > 0) {
                dirty(cache, at / PAGE);
            }
            at += moved;
            cache.size = Math.max(cache.size, at);
            if (moved < n) {
                return at > position ? at - position : page < 0 ? -Errno.ENOSPC : -Errno.EFAULT;
            }
        }
        return at - position;
    }

    public void truncatePages(PageCache cache, long size) {
        if (size < cache.size) {
            punchPages(cache, size, Long.MAX_VALUE - size);
            PageSource source = cache.source;
            if (source != null && size < source.length()) {
                cache.source = size == 0 ? null : new PageSource(source.rom(), source.offset(), size);
            }
        }
        cache.size = size;
    }

    public void punchPages(PageCache cache, long position, long length) {
        long end = position + length;
        for (long index : cache.indices()) {
            if (index * PAGE >= position && (index + 1) * PAGE <= end) {
                drop(cache.remove(index));
            }
        }
        long first = (position + PAGE - 1) / PAGE;
        long pages = cache.source == null ? 0 : (cache.source.length() + PAGE - 1) / PAGE;
        for (long index = first; index < pages && (index + 1) * PAGE <= end; index++) {
            cache.holes = cache.holes == null ? new BitSet() : cache.holes;
            cache.holes.set((int) index);
        }
        zero(cache, position, Math.min(end, first * PAGE));
        zero(cache, Math.max(end / PAGE * PAGE, first * PAGE), end);
    }

    private void zero(PageCache cache, long from, long to) {
        long page = from < to ? page(cache, from / PAGE, false) : -1;
        if (page >= 0) {
            dirty(cache, from / PAGE);
            Arrays.fill(frame(page), (int) (from % PAGE), (int) (from % PAGE + to - from), (byte) 0);
        }
    }
}
