package vkernel.guest.linux.ipc;

import static vkernel.kern.Errno.EACCES;
import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EBUSY;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EMSGSIZE;
import static vkernel.kern.Errno.ENAMETOOLONG;
import static vkernel.kern.Errno.ENOENT;
import static vkernel.kern.Errno.ENOSYS;
import static vkernel.kern.Errno.ETIMEDOUT;
import static vkernel.kern.Kernel.BLOCKED;

import java.util.Arrays;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.poll.EventFiles;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.ipc.IpcState;
import vkernel.ipc.PosixQueue;
import vkernel.ipc.PosixQueue.Message;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Process;
import vkernel.task.Restart;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;
import vkernel.task.WaitQueue;

/**
 * POSIX message queues (mq_overview(7); Linux: ipc/mqueue.c): their calls. {@link PosixNames} has the queues, and what
 * read(2) and poll(2) do is in {@link MqFiles}.
 */
public final class MqCalls implements CallGroup {
    private static final String KIND = "mqueue";
    private static final int NAME_MAX = 255;
    private static final int SIGEV_SIGNAL = 0, SIGEV_NONE = 1, SIGEV_THREAD = 2;
    private static final int SI_MESGQ = -3;
    private static final int ATTR = 64;
    private static final int PRIO_MAX = 32768;

    private final Kernel kernel;
    private final User user;
    private final Times times;
    private final EventFiles files;
    private final PosixNames names;

    public MqCalls(Kernel kernel, User user, EventFiles files, IpcState state) {
        this.kernel = kernel;
        this.user = user;
        this.files = files;
        times = new Times(user);
        names = new PosixNames(state);
        files.serve(KIND, new MqFiles(names));
    }

    public void adopt(IpcState state) {
        names.adopt(state);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.MQ_UNLINK, Nr.MQ_TIMEDSEND, Nr.MQ_TIMEDRECEIVE, Nr.MQ_GETSETATTR);
        table.partial(this, Nr.MQ_OPEN, "queues are not files of a mqueue file system");
        table.partial(this, Nr.MQ_NOTIFY, "no SIGEV_THREAD");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.MQ_OPEN -> openQueue(task, a0, a1, a2, a3);
            case Nr.MQ_UNLINK -> unlink(task, a0);
            case Nr.MQ_TIMEDSEND -> send(task, a0, a1, a2, a3, a4);
            case Nr.MQ_TIMEDRECEIVE -> receive(task, a0, a1, a2, a3, a4);
            case Nr.MQ_NOTIFY -> tell(task, a0, a1);
            case Nr.MQ_GETSETATTR -> attributes(task, a0, a1, a2);
            default -> throw Table.unclaimed(call);
        };
    }

    private long openQueue(Task task, long nameVa, long flags, long mode, long attrVa) {
        Result<String> name = name(task, nameVa);
        if (!name.ok()) {
            return name.error();
        }
        long most = PosixNames.MSG_MAX;
        long size = PosixNames.MSGSIZE_MAX;
        if (attrVa != 0) {
            if (!user.read(task, attrVa, ATTR)) {
                return -EFAULT;
            }
            most = user.i64(8);
            size = user.i64(16);
        }
        int how = (int) flags;
        Result<PosixQueue> queue = names.find(task, name.value(), how, (int) mode, most, size);
        if (!queue.ok()) {
            return queue.error();
        }
        if ((how & Mode.O_ACCMODE) == Mode.O_ACCMODE) {
            return -EINVAL;
        }
        long fd = files.open(task, KIND, queue.value(), how & (Mode.O_NONBLOCK | Mode.O_CLOEXEC));
        OpenFile file = fd < 0 ? null : task.files.get((int) fd);
        if (file != null) {
            file.flags = file.flags & ~Mode.O_ACCMODE | how & Mode.O_ACCMODE;
            names.opened(queue.value());
        }
        return fd;
    }

    private long unlink(Task task, long nameVa) {
        Result<String> name = name(task, nameVa);
        return name.ok() ? names.unlink(task, name.value()) : name.error();
    }

    private Result<String> name(Task task, long va) {
        Result<String> name = user.string(task, va, NAME_MAX, ENAMETOOLONG);
        if (!name.ok()) {
            return name;
        }
        if (name.value().isEmpty()) {
            return Result.error(-ENOENT);
        }
        boolean folder = name.value().equals(".") || name.value().equals("..");
        return folder || name.value().indexOf('/') >= 0 ? Result.error(-EACCES) : name;
    }

    /** Takes the time that a wait is to end at. @return 0, -EINVAL or -EFAULT */
    private long begin(Task task, long va) {
        if (va == 0 || task.restart.active) {
            return 0;
        }
        long nanos = times.timespec(task, va);
        if (nanos < 0) {
            return nanos;
        }
        task.restart.deadline = Times.deadline(kernel.now(), Math.max(0, nanos - kernel.realtime()));
        return 0;
    }

    private long wait(Task task, OpenFile file, WaitQueue on) {
        if (file.nonblocking()) {
            return -EAGAIN;
        }
        if (kernel.now() >= task.restart.deadline) {
            return -ETIMEDOUT;
        }
        task.restart.onSignal = Restart.OnSignal.RESTART;
        task.waitOn(on);
        return BLOCKED;
    }

    private long send(Task task, long fd, long va, long length, long priority, long timeVa) {
        if (Long.compareUnsigned(priority, PRIO_MAX) >= 0) {
            return -EINVAL;
        }
        long bad = begin(task, timeVa);
        if (bad != 0) {
            return bad;
        }
        OpenFile file = task.files.get((int) fd);
        PosixQueue queue = MqFiles.queue(file);
        if (file == null || queue == null || !file.writable()) {
            return -EBADF;
        }
        if (length < 0 || length > queue.maxSize) {
            return -EMSGSIZE;
        }
        if (!user.read(task, va, (int) length)) {
            return -EFAULT;
        }
        if (queue.messages.size() >= queue.maxMessages) {
            return wait(task, file, queue.forRoom);
        }
        int at = queue.messages.size();
        while (at > 0 && queue.messages.get(at - 1).priority() < priority) {
            at--;
        }
        boolean first = queue.messages.isEmpty() && queue.forMessage.isEmpty();
        queue.messages.add(at, new Message((int) priority, Arrays.copyOf(user.bytes, (int) length)));
        kernel.wake(queue.forMessage);
        if (first && queue.notified != null) {
            notify(task, queue, queue.notified);
        }
        return 0;
    }

    private void notify(Task task, PosixQueue queue, Process wants) {
        queue.notified = null;
        if (queue.signal != 0 && !wants.zombie) {
            int uid = task.credentials.uid();
            kernel.signal(wants, new SigInfo(queue.signal, SI_MESGQ, task.process.pid, uid, queue.value, 0));
        }
    }

    private long receive(Task task, long fd, long va, long length, long priorityVa, long timeVa) {
        long bad = begin(task, timeVa);
        if (bad != 0) {
            return bad;
        }
        OpenFile file = task.files.get((int) fd);
        PosixQueue queue = MqFiles.queue(file);
        if (file == null || queue == null || !file.readable()) {
            return -EBADF;
        }
        if (Long.compareUnsigned(length, queue.maxSize) < 0) {
            return -EMSGSIZE;
        }
        if (queue.messages.isEmpty()) {
            return wait(task, file, queue.forMessage);
        }
        Message message = queue.messages.removeFirst();
        kernel.wake(queue.forRoom);
        if (priorityVa != 0 && user.giveInt(task, priorityVa, message.priority()) != 0) {
            return -EFAULT;
        }
        int size = message.text().length;
        return kernel.vm().write(task.memory(), va, message.text(), 0, size) ? size : -EFAULT;
    }

    /** mq_notify(2). */
    private long tell(Task task, long fd, long va) {
        int how = SIGEV_NONE;
        int signal = 0;
        long value = 0;
        if (va != 0) {
            if (!user.read(task, va, 64)) {
                return -EFAULT;
            }
            value = user.i64(0);
            signal = user.i32(8);
            how = user.i32(12);
            if (how == SIGEV_THREAD) {
                return -ENOSYS;
            }
            if (how != SIGEV_NONE && (how != SIGEV_SIGNAL || signal < 1 || !Signal.valid(signal))) {
                return -EINVAL;
            }
        }
        PosixQueue queue = MqFiles.queue(task.files.get((int) fd));
        if (queue == null) {
            return -EBADF;
        }
        if (va == 0) {
            queue.notified = queue.notified == task.process ? null : queue.notified;
            return 0;
        }
        if (queue.notified != null && !queue.notified.zombie) {
            return -EBUSY;
        }
        queue.notified = task.process;
        queue.signal = how == SIGEV_SIGNAL ? signal : 0;
        queue.value = value;
        return 0;
    }

    /** mq_getattr(3), mq_setattr(3): of what is set only O_NONBLOCK counts. */
    private long attributes(Task task, long fd, long newVa, long oldVa) {
        if (newVa != 0 && !user.read(task, newVa, ATTR)) {
            return -EFAULT;
        }
        long flags = user.i64(0);
        if (newVa != 0 && (flags & ~Mode.O_NONBLOCK) != 0) {
            return -EINVAL;
        }
        OpenFile file = task.files.get((int) fd);
        PosixQueue queue = MqFiles.queue(file);
        if (file == null || queue == null) {
            return -EBADF;
        }
        int old = file.flags & Mode.O_NONBLOCK;
        if (newVa != 0) {
            file.flags = file.flags & ~Mode.O_NONBLOCK | (int) flags & Mode.O_NONBLOCK;
        }
        if (oldVa == 0) {
            return 0;
        }
        user.zero(ATTR);
        user.put64(0, old);
        user.put64(8, queue.maxMessages);
        user.put64(16, queue.maxSize);
        user.put64(24, queue.messages.size());
        return user.give(task, oldVa, ATTR);
    }
}
