package vkernel.guest.linux.futex;

import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ETIMEDOUT;
import static vkernel.kern.Kernel.BLOCKED;

import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Task;
import vkernel.vm.FutexKey;

/** The futex calls with sizes: futex_waitv(2), futex_wait, futex_wake, futex_requeue (Linux: kernel/futex/syscalls.c). */
public final class Futex2Calls implements CallGroup {
    private static final int SIZE_U32 = 2, SIZE_MASK = 3, PRIVATE = 128;
    private static final int CLOCK_REALTIME = 0, CLOCK_MONOTONIC = 1;
    private static final int MOST = 128;
    /** Size of struct futex_waitv: value at 0, address at 8, flags at 16, nothing at 20. */
    private static final int WAITER = 24;

    private static final long WORD = 0xffff_ffffL;

    /** A word to wait at, and what it has to hold. */
    private record Waiter(long va, int value, boolean shared) {}

    private final Kernel kernel;
    private final User user;
    private final Times times;
    private final FutexCalls old;
    private final Futexes privately;
    private final Futexes shared;

    public Futex2Calls(Kernel kernel, User user, FutexCalls old, Futexes privately, Futexes shared) {
        this.kernel = kernel;
        this.user = user;
        this.old = old;
        this.privately = privately;
        this.shared = shared;
        times = new Times(user);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.FUTEX_WAITV, Nr.FUTEX_WAIT, Nr.FUTEX_WAKE, Nr.FUTEX_REQUEUE);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.FUTEX_WAITV -> waitAny(task, a0, a1, a2, a3, a4);
            case Nr.FUTEX_WAIT -> waitOne(task, a0, a1, a2, a3, a4, a5);
            case Nr.FUTEX_WAKE -> wake(task, a0, a1, a2, a3);
            case Nr.FUTEX_REQUEUE -> requeue(task, a0, a1, a2, a3);
            default -> throw Table.unclaimed(call);
        };
    }

    private static boolean known(long flags) {
        return (flags & ~(SIZE_MASK | PRIVATE)) == 0 && (flags & SIZE_MASK) == SIZE_U32;
    }

    private long waitAny(Task task, long va, long count, long flags, long timeout, long clock) {
        int n = (int) count;
        if ((int) flags != 0 || n <= 0 || n > MOST || va == 0) {
            return -EINVAL;
        }
        long bad = begin(task, timeout, clock);
        if (bad != 0) {
            return bad;
        }
        if (!user.read(task, va, n * WAITER)) {
            return -EFAULT;
        }
        Waiter[] waiters = new Waiter[n];
        for (int i = 0; i < n; i++) {
            Waiter waiter = waiter(i * WAITER);
            if (waiter == null) {
                return -EINVAL;
            }
            waiters[i] = waiter;
        }
        return wait(task, waiters);
    }

    /** A waiter of those that were read, or null when it is none. */
    private @Nullable Waiter waiter(int at) {
        long value = user.i64(at);
        long flags = user.i32(at + 16) & WORD;
        return known(flags) && user.i32(at + 20) == 0 && (value & ~WORD) == 0
                ? new Waiter(user.i64(at + 8), (int) value, (flags & PRIVATE) == 0)
                : null;
    }

    private long waitOne(Task task, long va, long value, long mask, long flags, long timeout, long clock) {
        if (!known(flags & WORD) || (mask & ~WORD) != 0 || (value & ~WORD) != 0 || mask == 0) {
            return -EINVAL;
        }
        long bad = begin(task, timeout, clock);
        return bad != 0 ? bad : wait(task, new Waiter(va, (int) value, (flags & PRIVATE) == 0));
    }

    /** Takes the time that a wait is to end at, which is absolute. @return 0, -EINVAL, -EFAULT */
    private long begin(Task task, long timeout, long clock) {
        if (timeout == 0 || task.restart.active) {
            return 0;
        }
        if ((int) clock != CLOCK_REALTIME && (int) clock != CLOCK_MONOTONIC) {
            return -EINVAL;
        }
        long nanos = times.timespec(task, timeout);
        if (nanos < 0) {
            return nanos;
        }
        task.restart.deadline = (int) clock == CLOCK_REALTIME
                ? Times.deadline(kernel.now(), Math.max(0, nanos - kernel.realtime()))
                : nanos;
        return 0;
    }

    /** @return the index of the word that was woken, BLOCKED, -EAGAIN, -EINVAL, -EFAULT, -ETIMEDOUT */
    private long wait(Task task, Waiter... waiters) {
        boolean woken = task.restart.done != 0;
        for (int i = 0; i < waiters.length; i++) {
            Waiter waiter = waiters[i];
            if ((waiter.va() & 3) != 0) {
                return -EINVAL;
            }
            FutexKey key = kernel.vm().futexKey(task.memory(), waiter.va(), !waiter.shared());
            if (woken && (key == null || task.restart.ticket == Futexes.ticket(key))) {
                return i;
            }
            long now = woken ? waiter.value() & WORD : kernel.vm().loadInt(task.memory(), waiter.va());
            if (now < 0 || key == null) {
                task.stopWaiting();
                return -EFAULT;
            }
            if ((int) now != waiter.value()) {
                task.stopWaiting();
                return -EAGAIN;
            }
            if (!woken) {
                (waiter.shared() ? shared : privately).join(task, key);
            }
        }
        if (woken) {
            return 0; // what was waited for has been written over meanwhile
        }
        if (kernel.now() >= task.restart.deadline) {
            task.stopWaiting();
            return -ETIMEDOUT;
        }
        return BLOCKED;
    }

    private long wake(Task task, long va, long mask, long count, long flags) {
        if (!known(flags & WORD) || (mask & ~WORD) != 0 || mask == 0 || (va & 3) != 0) {
            return -EINVAL;
        }
        FutexKey key = kernel.vm().futexKey(task.memory(), va, (flags & PRIVATE) != 0);
        if (key == null) {
            return -EFAULT;
        }
        Futexes futexes = (flags & PRIVATE) != 0 ? privately : shared;
        return (int) count == 0 ? 0 : futexes.wake(key, (int) count, (int) mask);
    }

    private long requeue(Task task, long va, long flags, long wake, long move) {
        if ((int) flags != 0 || va == 0) {
            return -EINVAL;
        }
        if (!user.read(task, va, 2 * WAITER)) {
            return -EFAULT;
        }
        Waiter from = waiter(0);
        Waiter to = waiter(WAITER);
        if (from == null || to == null || from.shared() != to.shared()) {
            return -EINVAL;
        }
        return old.requeue(task, from.va(), from.shared() ? 0 : PRIVATE, (int) wake, (int) move, to.va(), from.value());
    }
}
