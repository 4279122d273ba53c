package vkernel.guest.vm;

import java.util.Set;
import vkernel.kern.Errno;
import vkernel.vm.AddressSpace;
import vkernel.vm.PageCache;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** madvise(2), msync(2), mincore(2) (Linux: mm/madvise.c, msync.c, mincore.c). */
final class Advice {
    private static final int DONTNEED = 4;
    private static final int FREE = 8;
    private static final int REMOVE = 9;
    private static final int DONTFORK = 10;
    private static final int DOFORK = 11;
    private static final int WIPEONFORK = 18;
    private static final int KEEPONFORK = 19;
    private static final int POPULATE_READ = 22;
    private static final int POPULATE_WRITE = 23;
    private static final int DONTNEED_LOCKED = 24;
    /** Hints without effect here: NORMAL to WILLNEED, MERGEABLE to DODUMP, COLD, PAGEOUT, COLLAPSE. */
    private static final long HINTS = 0b1111L | 0b111111L << 12 | 0b11L << 20 | 1L << 25;

    private static final int COLD = 20;
    private static final int PAGEOUT = 21;
    private static final Set<Integer> NOT_OF_LOCKED = Set.of(DONTNEED, FREE, REMOVE, COLD, PAGEOUT);

    private static final int MS_ASYNC = 1;
    private static final int MS_INVALIDATE = 2;
    private static final int MS_SYNC = 4;

    private final Zap zap;
    private final PageEnd pageEnd;
    private final PageTables tables;
    private final Faults faults;

    Advice(Zap zap, PageEnd pageEnd, PageTables tables, Faults faults) {
        this.zap = zap;
        this.pageEnd = pageEnd;
        this.tables = tables;
        this.faults = faults;
    }

    long advise(AddressSpace space, long start, long length, int advice) {
        long bytes = Mapping.roundUp(length);
        if (!known(advice) || bad(start) || length != 0 && bytes == 0 || start + bytes < start) {
            return -Errno.EINVAL;
        }
        if (!Placement.inside(start, bytes)) {
            return -Errno.ENOMEM;
        }
        long end = start + bytes;
        long result = Ranges.covered(space, start, end) ? 0 : -Errno.ENOMEM;
        long at = start;
        while (at < end) {
            int i = space.indexOf(at);
            if (i == space.count() || space.vma(i).start >= end) {
                break;
            }
            Vma vma = space.vma(i);
            long stop = Math.min(vma.end, end);
            long bad = advise(vma, Math.max(vma.start, at), stop, advice);
            if (bad != 0) {
                return bad;
            }
            at = stop;
        }
        Ranges.merge(space, start, end);
        return result;
    }

    private static boolean known(int advice) {
        return advice >= 0
                && advice < Long.SIZE
                && (HINTS >>> advice & 1
                                | (advice >= FREE && advice <= DOFORK ? 1 : 0)
                                | (advice >= WIPEONFORK && advice <= KEEPONFORK ? 1 : 0)
                                | (advice >= POPULATE_READ && advice <= DONTNEED_LOCKED ? 1 : 0)
                                | (advice == DONTNEED ? 1 : 0))
                        != 0;
    }

    private static boolean bad(long start) {
        return (start & PageTables.PAGE - 1) != 0;
    }

    private long advise(Vma vma, long start, long end, int advice) {
        boolean anonymous = vma.pages == null;
        if (vma.locked && NOT_OF_LOCKED.contains(advice)) {
            return -Errno.EINVAL;
        }
        return switch (advice) {
            case DONTNEED, DONTNEED_LOCKED -> discard(vma, start, end);
            case FREE -> anonymous ? discard(vma, start, end) : -Errno.EINVAL;
            case REMOVE -> punch(vma, start, end);
            case DONTFORK, DOFORK -> {
                Ranges.part(vma, start, end).dontFork = advice == DONTFORK;
                yield 0;
            }
            case WIPEONFORK, KEEPONFORK -> {
                if (!anonymous && advice == WIPEONFORK) {
                    yield -Errno.EINVAL;
                }
                Ranges.part(vma, start, end).wipeOnFork = advice == WIPEONFORK;
                yield 0;
            }
            case POPULATE_READ -> populate(vma, start, end, Vma.READ);
            case POPULATE_WRITE -> populate(vma, start, end, Vma.WRITE);
            default -> 0;
        };
    }

    private long discard(Vma vma, long start, long end) {
        zap.drop(vma.space, start, end, false);
        return 0;
    }

    private long punch(Vma vma, long start, long end) {
        PageCache cache = vma.pages;
        if (cache == null) {
            return -Errno.EINVAL;
        }
        if (!vma.shared || (vma.protection & Vma.WRITE) == 0) {
            return -Errno.EACCES;
        }
        long position = vma.pageIndex(start) << PageTables.SHIFT;
        return pageEnd.punch(cache, position, end - start) ? 0 : -Errno.ENOMEM;
    }

    private long populate(Vma vma, long start, long end, int access) {
        for (long va = start; va < end; va += PageTables.PAGE) {
            int done = faults.repair(vma.space, null, va, access);
            if (done != Vm.FAULT_DONE) {
                return done == Vm.FAULT_DENIED ? -Errno.EINVAL : done == Vm.FAULT_OOM ? -Errno.ENOMEM : -Errno.EFAULT;
            }
        }
        return 0;
    }

    /** Whether msync(2) makes sense: the page cache is the file, and who writes that out is its file system. */
    long sync(AddressSpace space, long start, long length, int flags) {
        long bytes = Mapping.roundUp(length);
        boolean both = (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC);
        if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) != 0 || both || bad(start)) {
            return -Errno.EINVAL;
        }
        if (length != 0 && bytes == 0 || !Placement.inside(start, bytes)) {
            return -Errno.ENOMEM;
        }
        if ((flags & MS_INVALIDATE) != 0 && space.locked(start, start + bytes) != 0) {
            return -Errno.EBUSY;
        }
        return Ranges.covered(space, start, start + bytes) ? 0 : -Errno.ENOMEM;
    }

    long resident(AddressSpace space, long start, byte[] pages) {
        if (bad(start)) {
            return -Errno.EINVAL;
        }
        long bytes = (long) pages.length << PageTables.SHIFT;
        if (!Placement.inside(start, bytes) || !Ranges.covered(space, start, start + bytes)) {
            return -Errno.ENOMEM;
        }
        for (int i = 0; i < pages.length; i++) {
            long va = start + ((long) i << PageTables.SHIFT);
            Vma vma = space.find(va);
            boolean cached = vma != null && vma.pages != null && vma.pages.frame(vma.pageIndex(va)) >= 0;
            pages[i] = (byte) (cached || tables.entry(space.root, va) != 0 ? 1 : 0);
        }
        return 0;
    }
}
