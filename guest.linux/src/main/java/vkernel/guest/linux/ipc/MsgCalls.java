package vkernel.guest.linux.ipc;

import static vkernel.kern.Errno.E2BIG;
import static vkernel.kern.Errno.EACCES;
import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EIDRM;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ENOMSG;
import static vkernel.kern.Errno.ENOSYS;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Kernel.BLOCKED;

import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import vkernel.abi.Bounds;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.ipc.IpcState;
import vkernel.ipc.MessageQueue;
import vkernel.ipc.MessageQueue.Message;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Restart;
import vkernel.task.Task;

/** System V message queues (msgget(2), msgop(2), msgctl(2); Linux: ipc/msg.c). */
public final class MsgCalls implements CallGroup {
    private static final int NOERROR = 010000, EXCEPT = 020000, COPY = 040000;
    private static final int MSG_STAT = 11, MSG_INFO = 12, MSG_STAT_ANY = 13;
    private static final int MSGMAX = 8192, MSGMNB = 16384;
    /** Bytes in all queues together, which lie in the kernel's memory. */
    private static final long MOST_BYTES = 8 << 20;

    private static final int SIZE = 120;

    private final Kernel kernel;
    private final User user;
    private final Ids<MessageQueue> ids;
    private final Supplier<Bounds> bounds;

    public MsgCalls(Kernel kernel, User user, IpcState state, Supplier<Bounds> bounds) {
        this.kernel = kernel;
        this.user = user;
        this.bounds = bounds;
        ids = new Ids<>(kernel, user, 2, () -> bounds.get().messageQueues, state.queues(), state.sequence());
    }

    public void adopt(IpcState state) {
        ids.adopt(state.queues(), state.sequence());
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.MSGGET, Nr.MSGSND, Nr.MSGCTL);
        table.partial(this, Nr.MSGRCV, "no MSG_COPY");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.MSGGET -> get(task, a0, a1);
            case Nr.MSGSND -> send(task, a0, a1, a2, a3);
            case Nr.MSGRCV -> receive(task, a0, a1, a2, a3, a4);
            case Nr.MSGCTL -> control(task, a0, a1, a2);
            default -> throw Table.unclaimed(call);
        };
    }

    private long get(Task task, long key, long flags) {
        return ids.get(task, (int) key, (int) flags, 0, there -> true, id -> {
            var who = task.credentials;
            return new MessageQueue((int) key, id, who.euid(), who.egid(), (int) flags & 0777, MSGMNB);
        });
    }

    private long send(Task task, long id, long va, long size, long flags) {
        if (size < 0 || size > MSGMAX || (int) id < 0) {
            return -EINVAL;
        }
        if (!user.read(task, va, (int) size + 8)) {
            return -EFAULT;
        }
        long type = user.i64(0);
        if (type < 1) {
            return -EINVAL;
        }
        MessageQueue queue = ids.find((int) id);
        if (queue == null) {
            return task.restart.active ? -EIDRM : -EINVAL;
        }
        if (!ids.may(task, queue, 0222)) {
            return -EACCES;
        }
        long all = ids.all().values().stream().mapToLong(other -> other.bytes).sum();
        boolean room = queue.bytes + size <= queue.maxBytes && queue.messages.size() + 1 <= queue.maxBytes;
        if (!room || all + size > MOST_BYTES) {
            return wait(task, queue.forRoom, flags, EAGAIN);
        }
        queue.messages.add(new Message(type, Arrays.copyOfRange(user.bytes, 8, 8 + (int) size)));
        queue.bytes += size;
        queue.sent = ids.seconds();
        queue.sender = task.process.pid;
        kernel.wake(queue.forMessage);
        return 0;
    }

    private static long wait(Task task, vkernel.task.WaitQueue on, long flags, int error) {
        if (((int) flags & Ids.NOWAIT) != 0) {
            return -error;
        }
        task.restart.onSignal = Restart.OnSignal.EINTR;
        task.waitOn(on);
        return BLOCKED;
    }

    private long receive(Task task, long id, long va, long size, long type, long flags) {
        if (size < 0 || (int) id < 0) {
            return -EINVAL;
        }
        if (((int) flags & COPY) != 0) {
            return ((int) flags & EXCEPT) != 0 || ((int) flags & Ids.NOWAIT) == 0 ? -EINVAL : -ENOSYS;
        }
        MessageQueue queue = ids.find((int) id);
        if (queue == null) {
            return task.restart.active ? -EIDRM : -EINVAL;
        }
        if (!ids.may(task, queue, 0444)) {
            return -EACCES;
        }
        Message message = pick(queue, type, ((int) flags & EXCEPT) != 0);
        if (message == null) {
            return wait(task, queue.forMessage, flags, ENOMSG);
        }
        int length = message.text().length;
        if (length > size && ((int) flags & NOERROR) == 0) {
            return -E2BIG;
        }
        int given = (int) Math.min(length, size);
        queue.messages.remove(message);
        queue.bytes -= length;
        queue.received = ids.seconds();
        queue.receiver = task.process.pid;
        kernel.wake(queue.forRoom);
        user.put64(0, message.type());
        System.arraycopy(message.text(), 0, user.bytes, 8, given);
        return user.write(task, va, 8 + given) ? given : -EFAULT;
    }

    /** @param type 0: any; above: of this type; below: of the lowest type up to its amount */
    private static @Nullable Message pick(MessageQueue queue, long type, boolean except) {
        Message best = null;
        for (Message message : queue.messages) {
            boolean fits = type == 0
                    || type > 0 && except != (message.type() == type)
                    || type < 0 && message.type() <= (type == Long.MIN_VALUE ? Long.MAX_VALUE : -type);
            if (fits && (best == null || type < 0 && message.type() < best.type())) {
                best = message;
                if (type >= 0) {
                    break;
                }
            }
        }
        return best;
    }

    private long control(Task task, long id, long command, long va) {
        return switch ((int) command) {
            case Ids.INFO, MSG_INFO -> limits(task, va, (int) command == MSG_INFO);
            case MSG_STAT, MSG_STAT_ANY -> {
                MessageQueue there = ids.all().get((int) id);
                yield there == null ? -EINVAL : stat(task, there, va, (int) command == MSG_STAT_ANY, there.id);
            }
            default -> {
                MessageQueue there = ids.find((int) id);
                yield there == null ? -EINVAL : control(task, there, (int) command, va);
            }
        };
    }

    private long control(Task task, MessageQueue queue, int command, long va) {
        if (command == Ids.STAT) {
            return stat(task, queue, va, false, 0);
        }
        if (command != Ids.SET && command != Ids.RMID) {
            return -EINVAL;
        }
        if (command == Ids.SET && !user.read(task, va, SIZE)) {
            return -EFAULT;
        }
        long bad = ids.owns(task, queue);
        if (bad != 0) {
            return bad;
        }
        if (command == Ids.SET) {
            long most = user.i64(88);
            if (most > MSGMNB && !task.credentials.can(Credentials.CAP_SYS_RESOURCE)) {
                return -EPERM;
            }
            ids.set(queue);
            queue.maxBytes = Math.clamp(most, 0, MOST_BYTES);
        } else {
            ids.remove(queue);
        }
        kernel.wake(queue.forRoom);
        kernel.wake(queue.forMessage);
        return 0;
    }

    private long stat(Task task, MessageQueue queue, long va, boolean any, long result) {
        if (!any && !ids.mayRead(task, queue)) {
            return -EACCES;
        }
        ids.put(queue, SIZE);
        user.put64(48, queue.sent);
        user.put64(56, queue.received);
        user.put64(64, queue.changed);
        user.put64(72, queue.bytes);
        user.put64(80, queue.messages.size());
        user.put64(88, queue.maxBytes);
        user.put32(96, queue.sender);
        user.put32(100, queue.receiver);
        return user.write(task, va, SIZE) ? result : -EFAULT;
    }

    /** struct msginfo; MSG_INFO tells what is in use in msgpool, msgmap and msgtql. */
    private long limits(Task task, long va, boolean usage) {
        var queues = ids.all().values();
        int messages = queues.stream().mapToInt(queue -> queue.messages.size()).sum();
        int bytes = (int) queues.stream().mapToLong(queue -> queue.bytes).sum();
        user.zero(32);
        user.put32(0, usage ? queues.size() : bounds.get().messageQueues * MSGMNB / 1024);
        user.put32(4, usage ? messages : MSGMNB);
        user.put32(8, MSGMAX);
        user.put32(12, MSGMNB);
        user.put32(16, bounds.get().messageQueues);
        user.put32(20, 16);
        user.put32(24, usage ? bytes : MSGMNB);
        user.put16(28, 0xffff);
        return user.write(task, va, 32) ? ids.last() : -EFAULT;
    }
}
