package vkernel.guest.fs.contract;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.fs.IoBuffer;
import vkernel.host.Rom;
import vkernel.kern.Errno;
import vkernel.vm.AddressSpace;
import vkernel.vm.MemoryStats;
import vkernel.vm.PageCache;
import vkernel.vm.PageSource;

/** Pages of files on the Java heap: the part of {@link vkernel.vm.Vm} that file systems use. */
public final class HeapVm {
    public static final int PAGE = 4096;

    /** ROMs that page sources name. */
    public final Map<String, Rom> roms = new HashMap<>();
    /** The user memory of every task. */
    public final byte[] user = new byte[1 << 16];

    private final int total;
    private final Map<Integer, byte[]> frames = new HashMap<>();
    private int next = 1;

    HeapVm(int totalPages) {
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
        return new HeapBuffer(this, array, offset, length, length);
    }

    /** A buffer of which only the first bytes can be reached. */
    public IoBuffer faulting(byte[] array, int faultAt) {
        return new HeapBuffer(this, array, 0, array.length, faultAt);
    }

    public boolean write(@Nullable AddressSpace space, long va, byte[] from, int offset, int length) {
        if (va < 0 || va + length > user.length) {
            return false;
        }
        System.arraycopy(from, offset, user, (int) va, length);
        return true;
    }

    public long page(PageCache cache, long index, boolean create) {
        int frame = cache.frame(index);
        if (frame >= 0) {
            return (long) frame * PAGE;
        }
        PageSource source = cache.source;
        boolean inSource = source != null
                && index * PAGE < source.length()
                && (cache.holes == null || !cache.holes.get((int) index));
        if (!inSource && !create) {
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
        cache.put(index, next);
        return (long) next++ * PAGE;
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
                frames.remove(cache.remove(index));
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
            Arrays.fill(frame(page), (int) (from % PAGE), (int) (from % PAGE + to - from), (byte) 0);
        }
    }
}
