package vkernel.guest.linux.ipc;

import static vkernel.kern.Errno.EACCES;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EIDRM;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ENOMEM;
import static vkernel.kern.Errno.EPERM;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.ipc.IpcState;
import vkernel.ipc.Segment;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Task;
import vkernel.vm.PageCache;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** System V shared memory (shmget(2), shmop(2), shmctl(2); Linux: ipc/shm.c). */
public final class ShmCalls implements CallGroup {
    private static final int SHM_RDONLY = 010000, SHM_RND = 020000, SHM_REMAP = 040000, SHM_EXEC = 0100000;
    private static final int SHM_LOCK = 11, SHM_UNLOCK = 12, SHM_STAT = 13, SHM_INFO = 14, SHM_STAT_ANY = 15;
    /** Bits of the mode: to be removed, locked. */
    private static final int SHM_DEST = 01000, SHM_LOCKED = 02000;

    /** The huge pages of a segment, and where their size stands (shmget(2)). */
    private static final int SHM_HUGETLB = 04000, HUGE_SHIFT = 26, HUGE_2MB = 21;

    private static final int SHMMNI = 4096;
    private static final long SHMMAX = -1L - (1 << 24);
    private static final int PAGE = 4096;
    private static final int SIZE = 112;

    private final Kernel kernel;
    private final User user;
    private final Ids<Segment> ids;

    public ShmCalls(Kernel kernel, User user, IpcState state) {
        this.kernel = kernel;
        this.user = user;
        ids = new Ids<>(kernel, user, 0, () -> SHMMNI, state.segments(), state.sequence());
    }

    public void adopt(IpcState state) {
        ids.adopt(state.segments(), state.sequence());
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.SHMGET, Nr.SHMAT, Nr.SHMDT, Nr.SHMCTL);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.SHMGET -> get(task, a0, a1, a2);
            case Nr.SHMAT -> attach(task, a0, a1, a2);
            case Nr.SHMDT -> detach(task, a0);
            case Nr.SHMCTL -> control(task, a0, a1, a2);
            default -> throw Table.unclaimed(call);
        };
    }

    private long get(Task task, long key, long size, long flags) {
        prune();
        long bad = size == 0 || Long.compareUnsigned(size, SHMMAX) > 0
                ? -EINVAL
                : size < 0 || size > kernel.vm().stats().total() * 2 ? -ENOMEM : huge(task, (int) flags);
        return ids.get(
                task, (int) key, (int) flags, bad, there -> size <= there.size, id -> make(task, key, id, size, flags));
    }

    /** There are no huge pages to be had (SHM_HUGETLB), of 2 MB as of any size. */
    private static long huge(Task task, int flags) {
        if ((flags & SHM_HUGETLB) == 0) {
            return 0;
        }
        int size = flags >>> HUGE_SHIFT;
        if (size != 0 && size != HUGE_2MB) {
            return -EINVAL;
        }
        return task.credentials.can(Credentials.CAP_IPC_LOCK) ? -ENOMEM : -EPERM;
    }

    private static Segment make(Task task, long key, int id, long size, long flags) {
        PageCache pages = new PageCache();
        pages.size = size + PAGE - 1 & -PAGE;
        pages.ino = id;
        var who = task.credentials;
        int mode = (int) flags & 0777;
        return new Segment((int) key, id, who.euid(), who.egid(), mode, pages, size, task.process.pid);
    }

    /** Takes segments out of the table that were to be removed and are no longer mapped. */
    private void prune() {
        for (Segment segment : List.copyOf(ids.all().values())) {
            if ((segment.mode & SHM_DEST) != 0 && segment.pages.mappings.isEmpty()) {
                ids.remove(segment);
            }
        }
    }

    private long attach(Task task, long id, long address, long flags) {
        prune();
        Segment segment = ids.find((int) id);
        if (segment == null) {
            return -EINVAL;
        }
        boolean readOnly = ((int) flags & SHM_RDONLY) != 0;
        boolean executes = ((int) flags & SHM_EXEC) != 0;
        if (!ids.may(task, segment, (readOnly ? 0444 : 0666) | (executes ? 0111 : 0))) {
            return -EACCES;
        }
        boolean remap = ((int) flags & SHM_REMAP) != 0;
        long at = ((int) flags & SHM_RND) != 0 ? address & -PAGE : address;
        if ((at & PAGE - 1) != 0 || remap && at == 0) {
            return -EINVAL;
        }
        int how = Vm.MAP_SHARED | (at == 0 ? 0 : remap ? Vm.MAP_FIXED : Vm.MAP_FIXED_NOREPLACE);
        int rights = Vma.READ | (readOnly ? 0 : Vma.WRITE) | (executes ? Vma.EXECUTE : 0);
        String name = String.format("/SYSV%08x (deleted)", segment.key);
        long mapped = kernel.vm().mapPages(task.memory(), at, segment.pages.size, rights, how, segment.pages, name);
        if (mapped < 0) {
            return mapped == -vkernel.kern.Errno.EEXIST ? -EINVAL : mapped;
        }
        segment.attached = ids.seconds();
        segment.last = task.process.pid;
        return mapped;
    }

    private long detach(Task task, long address) {
        Vma first = (address & PAGE - 1) != 0 ? null : task.memory().find(address);
        if (first == null || first.start != address || first.pageOffset != 0) {
            return -EINVAL;
        }
        PageCache pages = first.pages;
        Segment segment = ofPages(pages);
        if (pages == null || segment == null) {
            return -EINVAL;
        }
        // what munmap or mprotect has left of it
        for (Vma vma : List.copyOf(pages.mappings)) {
            long start = address + vma.pageOffset * PAGE;
            if (vma.space == task.memory() && vma.start == start) {
                kernel.vm().unmap(task.memory(), vma.start, vma.end - vma.start);
            }
        }
        segment.detached = ids.seconds();
        segment.last = task.process.pid;
        prune();
        return 0;
    }

    private @Nullable Segment ofPages(@Nullable PageCache pages) {
        for (Segment segment : ids.all().values()) {
            if (segment.pages == pages) {
                return segment;
            }
        }
        return null;
    }

    private long control(Task task, long id, long command, long va) {
        prune();
        return switch ((int) command) {
            case Ids.INFO -> limits(task, va);
            case SHM_INFO -> usage(task, va);
            case SHM_STAT, SHM_STAT_ANY -> {
                Segment there = ids.all().get((int) id);
                yield there == null ? -EINVAL : stat(task, there, va, (int) command == SHM_STAT_ANY, there.id);
            }
            default -> {
                Segment there = ids.find((int) id);
                yield there == null ? -EINVAL : control(task, there, (int) command, va);
            }
        };
    }

    private long control(Task task, Segment segment, int command, long va) {
        switch (command) {
            case Ids.STAT -> {
                return stat(task, segment, va, false, 0);
            }
            case Ids.SET, Ids.RMID, SHM_LOCK, SHM_UNLOCK -> {
                if (command == Ids.SET && !user.read(task, va, SIZE)) {
                    return -EFAULT;
                }
                long bad = ids.owns(task, segment);
                if (bad != 0) {
                    return bad;
                }
            }
            default -> {
                return -EINVAL;
            }
        }
        switch (command) {
            case Ids.SET -> ids.set(segment);
            case SHM_LOCK -> segment.mode |= SHM_LOCKED;
            case SHM_UNLOCK -> segment.mode &= ~SHM_LOCKED;
            default -> remove(segment);
        }
        return 0;
    }

    /** The pages go with the last mapping, and nobody finds the segment by its key any more. */
    private void remove(Segment segment) {
        segment.key = 0;
        segment.mode |= SHM_DEST;
        if (segment.pages.mappings.isEmpty()) {
            ids.remove(segment);
            kernel.vm().truncatePages(segment.pages, 0);
        } else {
            segment.pages.ownedByMappings = true;
        }
    }

    private long stat(Task task, Segment segment, long va, boolean any, long result) {
        if (!any && !ids.mayRead(task, segment)) {
            return -EACCES;
        }
        if (segment.removed) {
            return -EIDRM;
        }
        ids.put(segment, SIZE);
        user.put64(48, segment.size);
        user.put64(56, segment.attached);
        user.put64(64, segment.detached);
        user.put64(72, segment.changed);
        user.put32(80, segment.creator);
        user.put32(84, segment.last);
        user.put64(88, segment.pages.mappings.size());
        return user.write(task, va, SIZE) ? result : -EFAULT;
    }

    private long limits(Task task, long va) {
        user.zero(72);
        user.put64(0, SHMMAX);
        user.put64(8, 1);
        user.put64(16, SHMMNI);
        user.put64(24, SHMMNI);
        user.put64(32, SHMMAX);
        return user.write(task, va, 72) ? ids.last() : -EFAULT;
    }

    private long usage(Task task, long va) {
        user.zero(48);
        user.put32(0, ids.all().size());
        user.put64(
                8,
                ids.all().values().stream().mapToLong(s -> s.pages.size / PAGE).sum());
        user.put64(
                16, ids.all().values().stream().mapToLong(s -> s.pages.count()).sum());
        user.put64(
                24,
                ids.all().values().stream()
                        .mapToLong(s -> s.pages.swapped.count())
                        .sum());
        return user.write(task, va, 48) ? ids.last() : -EFAULT;
    }
}
