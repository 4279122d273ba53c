package vkernel.guest.linux.ipc;

import static vkernel.kern.Errno.EACCES;
import static vkernel.kern.Errno.EEXIST;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EMFILE;
import static vkernel.kern.Errno.ENOENT;
import static vkernel.kern.Errno.ENOSPC;
import static vkernel.kern.Errno.EPERM;

import java.util.Map;
import vkernel.fs.Mode;
import vkernel.ipc.IpcState;
import vkernel.ipc.PosixQueue;
import vkernel.kern.Result;
import vkernel.task.Credentials;
import vkernel.task.Limits;
import vkernel.task.Task;

/** The message queues by name: who may open, make and unlink one, and how much they may hold (mq_overview(7)). */
final class PosixNames {
    /** What a queue has by default, and the most of whoever is not root: messages, and bytes of a message. */
    static final int MSG_MAX = 10, MSGSIZE_MAX = 8192;

    private static final int QUEUES_MAX = 256;
    private static final int HARD_MSG_MAX = 1024;
    private static final int HARD_MSGSIZE_MAX = 65536 - 64;
    /** What a message is reckoned beside its bytes (RLIMIT_MSGQUEUE of getrlimit(2)). */
    private static final int PER_MESSAGE = 48;
    /** Most bytes of all queues. */
    private static final long MOST_BYTES = 64 << 20;

    private Map<String, PosixQueue> queues;

    PosixNames(IpcState state) {
        queues = state.posix();
    }

    void adopt(IpcState state) {
        queues = state.posix();
    }

    /**
     * Finds a queue, or makes one that has no name until it is {@link #opened}.
     *
     * @param how flags of mq_open(2)
     * @param most messages
     * @param size bytes of a message
     * @return the queue, or -ENOENT, -EEXIST, -EACCES, -EINVAL, -ENOSPC, -EMFILE
     */
    Result<PosixQueue> find(Task task, String name, int how, int mode, long most, long size) {
        PosixQueue queue = queues.get(name);
        if (queue == null) {
            return (how & Mode.O_CREAT) == 0 ? Result.error(-ENOENT) : create(task, name, mode, most, size);
        }
        if ((how & Mode.O_CREAT) != 0 && (how & Mode.O_EXCL) != 0) {
            return Result.error(-EEXIST);
        }
        return may(task, queue, how & Mode.O_ACCMODE) ? Result.of(queue) : Result.error(-EACCES);
    }

    private Result<PosixQueue> create(Task task, String name, int mode, long most, long size) {
        Credentials who = task.credentials;
        boolean more = who.can(Credentials.CAP_SYS_RESOURCE);
        if (most <= 0
                || size <= 0
                || most > (more ? HARD_MSG_MAX : MSG_MAX)
                || size > (more ? HARD_MSGSIZE_MAX : MSGSIZE_MAX)) {
            return Result.error(-EINVAL);
        }
        if (queues.size() >= QUEUES_MAX) {
            return Result.error(-ENOSPC);
        }
        long bytes = most * (size + PER_MESSAGE);
        if (ofUser(who.fsuid()) + bytes > limit(task) || all() + bytes > MOST_BYTES) {
            return Result.error(-EMFILE);
        }
        int bits = mode & 0777 & ~task.fs.umask;
        return Result.of(new PosixQueue(name, who.fsuid(), who.fsgid(), bits, most, size));
    }

    private static boolean may(Task task, PosixQueue queue, int access) {
        Credentials who = task.credentials;
        int wanted = access == Mode.O_RDONLY ? 4 : access == Mode.O_WRONLY ? 2 : 6;
        int granted =
                who.fsuid() == queue.uid ? queue.mode >> 6 : who.inGroup(queue.gid) ? queue.mode >> 3 : queue.mode;
        boolean reads = wanted == 4 && who.can(Credentials.CAP_DAC_READ_SEARCH);
        return (wanted & ~granted) == 0 || reads || who.can(Credentials.CAP_DAC_OVERRIDE);
    }

    private static long limit(Task task) {
        long limit = task.process.softLimits[Limits.MSGQUEUE];
        return limit == Limits.INFINITY || limit < 0 ? MOST_BYTES : limit;
    }

    private long ofUser(int uid) {
        return queues.values().stream()
                .filter(queue -> queue.uid == uid)
                .mapToLong(PosixNames::bytes)
                .sum();
    }

    private long all() {
        return queues.values().stream().mapToLong(PosixNames::bytes).sum();
    }

    private static long bytes(PosixQueue queue) {
        return queue.maxMessages * (queue.maxSize + PER_MESSAGE);
    }

    /** One more open file has the queue; a new one has its name from now on. */
    void opened(PosixQueue queue) {
        queue.opens++;
        queues.putIfAbsent(queue.name, queue);
    }

    /** One open file less; a queue that was unlinked goes with the last. */
    void closed(PosixQueue queue) {
        if (--queue.opens == 0 && queue.unlinked) {
            queues.values().remove(queue);
        }
    }

    /** @return 0, -ENOENT, or -EPERM as of a folder with the sticky bit */
    long unlink(Task task, String name) {
        PosixQueue queue = queues.get(name);
        if (queue == null) {
            return -ENOENT;
        }
        if (task.credentials.fsuid() != queue.uid && !task.credentials.can(Credentials.CAP_FOWNER)) {
            return -EPERM;
        }
        queues.remove(name);
        queue.unlinked = true;
        if (queue.opens > 0) {
            // it still counts, under a name that nobody can say
            int n = 0;
            while (queues.containsKey("/" + n)) {
                n++;
            }
            queues.put("/" + n, queue);
        }
        return 0;
    }
}
