package vkernel.guest.linux.futex;

import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ENOSYS;
import static vkernel.kern.Errno.ETIMEDOUT;
import static vkernel.kern.Kernel.BLOCKED;

import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Restart;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.FutexKey;

/** futex(2). */
public final class FutexCalls implements CallGroup {
    private static final int WAIT = 0;
    private static final int WAKE = 1;
    private static final int REQUEUE = 3;
    private static final int CMP_REQUEUE = 4;
    private static final int WAKE_OP = 5;
    private static final int WAKE_BITSET = 10;
    private static final int PRIVATE = 128;
    private static final int CLOCK_REALTIME = 256;

    private final Kernel kernel;
    private final Times times;
    private final Futexes privately;
    private final Futexes shared;

    public FutexCalls(Kernel kernel, User user, Futexes privately, Futexes shared) {
        this.kernel = kernel;
        this.privately = privately;
        this.shared = shared;
        times = new Times(user);
    }

    @Override
    public void table(Table table) {
        table.partial(this, Nr.FUTEX, "no priority inheritance");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.FUTEX -> futex(task, a0, a1, a2, a3, a4, a5);
            default -> throw Table.unclaimed(call);
        };
    }

    private long futex(Task task, long va, long op, long value, long timeout, long va2, long value3) {
        int command = (int) op & Futexes.COMMAND;
        boolean realtime = (op & CLOCK_REALTIME) != 0;
        if (realtime && command != WAIT && command != Futexes.WAIT_BITSET) {
            return -ENOSYS;
        }
        return switch (command) {
            case WAIT -> wait(task, va, op, (int) value, timeout, Futexes.ANY);
            case Futexes.WAIT_BITSET -> wait(task, va, op, (int) value, timeout, (int) value3);
            case WAKE -> wake(task, va, op, (int) value, Futexes.ANY);
            case WAKE_BITSET -> wake(task, va, op, (int) value, (int) value3);
            case REQUEUE -> requeue(task, va, op, (int) value, (int) timeout, va2, null);
            case CMP_REQUEUE -> requeue(task, va, op, (int) value, (int) timeout, va2, (int) value3);
            case WAKE_OP -> wakeOp(task, va, op, (int) value, (int) timeout, va2, (int) value3);
            default -> -ENOSYS;
        };
    }

    private @Nullable FutexKey key(Task task, long va, long op) {
        return kernel.vm().futexKey(task.memory(), va, (op & PRIVATE) != 0);
    }

    private Futexes futexes(long op) {
        return (op & PRIVATE) != 0 ? privately : shared;
    }

    private static boolean misplaced(long va) {
        return (va & 3) != 0;
    }

    private long wait(Task task, long va, long op, int value, long timeout, int bits) {
        Restart restart = task.restart;
        if (restart.done != 0) {
            return 0;
        }
        if (bits == 0 || misplaced(va)) {
            return -EINVAL;
        }
        if (!restart.active) {
            long bad = deadline(task, op, timeout);
            if (bad != 0) {
                return bad;
            }
        }
        long now = kernel.vm().loadInt(task.memory(), va);
        if (now < 0) {
            return now;
        }
        if ((int) now != value) {
            return -EAGAIN;
        }
        if (kernel.now() >= restart.deadline) {
            return -ETIMEDOUT;
        }
        @Nullable FutexKey key = key(task, va, op);
        if (key == null) {
            return -EFAULT;
        }
        task.waitOn(futexes(op).queue(key));
        return BLOCKED;
    }

    /** FUTEX_WAIT's timeout is relative, FUTEX_WAIT_BITSET's absolute. */
    private long deadline(Task task, long op, long timeout) {
        if (timeout == 0) {
            return 0;
        }
        long nanos = times.timespec(task, timeout);
        if (nanos < 0) {
            return nanos;
        }
        boolean relative = ((int) op & Futexes.COMMAND) == WAIT;
        boolean realtime = (op & CLOCK_REALTIME) != 0;
        task.restart.onSignal = Restart.OnSignal.EINTR;
        task.restart.deadline = relative
                ? Times.deadline(kernel.now(), nanos)
                : realtime ? Times.deadline(kernel.now(), nanos - kernel.realtime()) : nanos;
        return 0;
    }

    private long wake(Task task, long va, long op, int count, int bits) {
        if (bits == 0 || misplaced(va)) {
            return -EINVAL;
        }
        @Nullable FutexKey key = key(task, va, op);
        return key == null ? -EFAULT : futexes(op).wake(key, count, bits);
    }

    /** FUTEX_REQUEUE, or FUTEX_CMP_REQUEUE when a value is expected. @param op its flags */
    long requeue(Task task, long va, long op, int wake, int move, long va2, @Nullable Integer expected) {
        if (wake < 0 || move < 0 || misplaced(va) || misplaced(va2)) {
            return -EINVAL;
        }
        @Nullable FutexKey from = key(task, va, op);
        @Nullable FutexKey to = key(task, va2, op);
        if (from == null || to == null) {
            return -EFAULT;
        }
        if (expected != null) {
            long now = kernel.vm().loadInt(task.memory(), va);
            if (now < 0) {
                return now;
            }
            if ((int) now != expected) {
                return -EAGAIN;
            }
        }
        int woken = wake == 0 ? 0 : futexes(op).wake(from, wake, Futexes.ANY);
        int moved = futexes(op).move(from, to, move);
        return woken + moved;
    }

    /** Changes the word at {@code va2}, wakes at {@code va}, and at {@code va2} too if what it held compares. */
    private long wakeOp(Task task, long va, long op, int wake, int wake2, long va2, int encoded) {
        if (misplaced(va) || misplaced(va2)) {
            return -EINVAL;
        }
        @Nullable FutexKey first = key(task, va, op);
        @Nullable FutexKey second = key(task, va2, op);
        if (first == null || second == null) {
            return -EFAULT;
        }
        FutexOp change = FutexOp.decode(encoded);
        if (!change.known()) {
            return -ENOSYS;
        }
        long old = exchange(task.memory(), va2, change);
        if (old < 0) {
            return old;
        }
        int woken = futexes(op).wake(first, wake, Futexes.ANY);
        return change.compares((int) old) ? woken + futexes(op).wake(second, wake2, Futexes.ANY) : woken;
    }

    private long exchange(AddressSpace memory, long va, FutexOp change) {
        while (true) {
            long old = kernel.vm().loadInt(memory, va);
            if (old < 0) {
                return old;
            }
            long seen = kernel.vm().compareAndExchangeInt(memory, va, (int) old, change.apply((int) old));
            if (seen < 0 || seen == old) {
                return seen;
            }
        }
    }
}
