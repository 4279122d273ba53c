package vkernel.guest.fs.vfs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.FileLock;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/** Locks on files: flock(2), and record locks of fcntl(2) (Linux: fs/locks.c). They are kept in the inode. */
final class Locks {
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int LOCK_UN = 8;
    private static final int F_WRLCK = 1;
    private static final int F_UNLCK = 2;
    /** Most locks on one file, and on all. */
    private static final int MAX_LOCKS = 4096;

    private static final int MAX_OF_ALL = 100_000;
    /** How far a circle of waiting owners is followed, as in Linux. */
    private static final int MAX_CIRCLE = 10;

    private record Wait(Task task, long ticket, Object owner, FileLock lock) {}

    private final Tree tree;
    private final Kernel kernel;
    /** Soft: record locks waited for, to find deadlocks. */
    private final List<Wait> waits = new ArrayList<>();

    Locks(Tree tree) {
        this.tree = tree;
        kernel = tree.kernel;
    }

    long flock(Task task, OpenFile file, int operation) {
        int what = operation & ~LOCK_NB;
        if (what != LOCK_UN && what != LOCK_EX && what != 1) {
            return -Errno.EINVAL;
        }
        if ((file.flags & Mode.O_PATH) != 0) {
            return -Errno.EBADF;
        }
        Inode inode = file.inode();
        FileLock own = flock(inode, file);
        boolean exclusive = what == LOCK_EX;
        if (own != null) {
            if (what != LOCK_UN && own.exclusive == exclusive) {
                return 0;
            }
            remove(inode, own);
            wake(own);
        }
        if (what == LOCK_UN) {
            return 0;
        }
        FileLock against = against(inode, file, exclusive, false, 0, Long.MAX_VALUE);
        if (against != null) {
            return (operation & LOCK_NB) != 0 ? -Errno.EAGAIN : block(task, against);
        }
        if (full(inode)) {
            return -Errno.ENOLCK;
        }
        add(inode, new FileLock(file, task.process.pid, exclusive, false, 0, Long.MAX_VALUE));
        return 0;
    }

    private boolean full(Inode inode) {
        return inode.locks.size() >= MAX_LOCKS || tree.locks >= MAX_OF_ALL;
    }

    private void add(Inode inode, FileLock lock) {
        inode.locks.add(lock);
        tree.locks++;
    }

    private void remove(Inode inode, FileLock lock) {
        inode.locks.remove(lock);
        tree.locks--;
    }

    private static @Nullable FileLock flock(Inode inode, OpenFile file) {
        for (FileLock lock : inode.locks) {
            if (!lock.record && lock.owner == file) {
                return lock;
            }
        }
        return null;
    }

    private static @Nullable FileLock against(
            Inode inode, Object owner, boolean exclusive, boolean record, long start, long end) {
        for (FileLock lock : inode.locks) {
            if (lock.conflicts(owner, exclusive, record, start, end)) {
                return lock;
            }
        }
        return null;
    }

    private static long block(Task task, FileLock lock) {
        task.waitOn(lock.waiters);
        return Kernel.BLOCKED;
    }

    private void wake(FileLock lock) {
        waits.removeIf(wait -> wait.lock == lock);
        kernel.wake(lock.waiters);
    }

    long record(Task task, OpenFile file, Object owner, int type, long start, long end, boolean wait) {
        if (type < 0 || type > F_UNLCK || start < 0 || end <= start) {
            return -Errno.EINVAL;
        }
        boolean exclusive = type == F_WRLCK;
        if ((file.flags & Mode.O_PATH) != 0 || type != F_UNLCK && !(exclusive ? file.writable() : file.readable())) {
            return -Errno.EBADF;
        }
        Inode inode = file.inode();
        if (type == F_UNLCK) {
            carve(inode, owner, start, end);
            return 0;
        }
        FileLock against = against(inode, owner, exclusive, true, start, end);
        if (against != null) {
            return wait ? await(task, owner, against) : -Errno.EAGAIN;
        }
        if (full(inode)) {
            return -Errno.ENOLCK;
        }
        carve(inode, owner, start, end);
        int pid = owner == file ? -1 : task.process.pid;
        join(inode, new FileLock(owner, pid, exclusive, true, start, end));
        return 0;
    }

    private long await(Task task, Object owner, FileLock lock) {
        waits.removeIf(wait -> !alive(wait) || wait.task == task);
        // Descriptions are shared at will: Linux looks for no deadlock between them either.
        if (!(owner instanceof OpenFile) && waitsFor(lock.owner, owner, 0)) {
            return -Errno.EDEADLK;
        }
        task.restart.ticket = tree.newTicket();
        waits.add(new Wait(task, task.restart.ticket, owner, lock));
        return block(task, lock);
    }

    private static boolean alive(Wait wait) {
        return wait.task.restart.ticket == wait.ticket && wait.task.state != Task.State.DEAD;
    }

    /** Whether an owner waits, by however many others, for a lock of {@code me}. */
    private boolean waitsFor(Object owner, Object me, int depth) {
        for (Wait wait : waits) {
            if (wait.owner == owner
                    && (wait.lock.owner == me || depth < MAX_CIRCLE && waitsFor(wait.lock.owner, me, depth + 1))) {
                return true;
            }
        }
        return false;
    }

    /** Takes a range out of the owner's record locks. */
    private void carve(Inode inode, Object owner, long start, long end) {
        for (FileLock lock : List.copyOf(inode.locks)) {
            if (!lock.record || lock.owner != owner || !lock.overlaps(start, end)) {
                continue;
            }
            if (lock.end > end) {
                add(inode, new FileLock(owner, lock.pid, lock.exclusive, true, end, lock.end));
            }
            if (lock.start < start) {
                lock.end = start;
            } else {
                remove(inode, lock);
            }
            wake(lock);
        }
    }

    /** Adds a record lock, as one with those of its kind beside it. */
    private void join(Inode inode, FileLock added) {
        for (FileLock lock : List.copyOf(inode.locks)) {
            boolean beside = lock.end == added.start || lock.start == added.end;
            if (lock.record && lock.owner == added.owner && lock.exclusive == added.exclusive && beside) {
                added.start = Math.min(added.start, lock.start);
                added.end = Math.max(added.end, lock.end);
                remove(inode, lock);
                wake(lock);
            }
        }
        add(inode, added);
    }

    /** The lock with the lowest start that stands against a record lock; null when none does. */
    static @Nullable FileLock blocking(OpenFile file, Object owner, int type, long start, long end) {
        FileLock first = null;
        for (FileLock lock : file.inode().locks) {
            boolean before = first == null || lock.start < first.start;
            if (before && lock.conflicts(owner, type == F_WRLCK, true, start, end)) {
                first = lock;
            }
        }
        return first;
    }

    /** Drops every lock of an owner on a file. */
    void dropAll(Inode inode, Object owner) {
        if (inode.locks.isEmpty()) {
            return;
        }
        for (FileLock lock : List.copyOf(inode.locks)) {
            if (lock.owner == owner) {
                remove(inode, lock);
                wake(lock);
            }
        }
    }
}
