package vkernel.guest.linux.signal;

import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Kernel.BLOCKED;
import static vkernel.kern.Kernel.NO_RESULT;

import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.time.Timers;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Restart;
import vkernel.task.SigAction;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/** Masks, actions and waiting for signals. */
public final class SignalCalls implements CallGroup {
    private static final int SET_SIZE = 8;
    private static final int SIG_BLOCK = 0;
    private static final int SIG_UNBLOCK = 1;
    private static final int SIG_SETMASK = 2;
    /** Flags that are kept; programs find out about others by reading them back (UAPI_SA_FLAGS). */
    private static final long SA_KNOWN = SigAction.SA_NOCLDSTOP
            | SigAction.SA_NOCLDWAIT
            | SigAction.SA_SIGINFO
            | SigAction.SA_ONSTACK
            | SigAction.SA_RESTART
            | SigAction.SA_NODEFER
            | SigAction.SA_RESETHAND
            | 0x800;

    private final Kernel kernel;
    private final User user;
    private final Times times;
    private final Frame frame;
    private final Timers timers;

    public SignalCalls(Kernel kernel, User user, Frame frame, Timers timers) {
        this.kernel = kernel;
        this.user = user;
        this.frame = frame;
        this.timers = timers;
        times = new Times(user);
    }

    @Override
    public void table(Table table) {
        table.full(
                this,
                Nr.RT_SIGACTION,
                Nr.RT_SIGPROCMASK,
                Nr.RT_SIGPENDING,
                Nr.RT_SIGSUSPEND,
                Nr.RT_SIGTIMEDWAIT,
                Nr.RT_SIGRETURN,
                Nr.SIGALTSTACK);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.RT_SIGACTION -> action(task, a0, a1, a2, a3);
            case Nr.RT_SIGPROCMASK -> mask(task, a0, a1, a2, a3);
            case Nr.RT_SIGPENDING -> pending(task, a0, a1);
            case Nr.RT_SIGSUSPEND -> suspend(task, a0, a1);
            case Nr.RT_SIGTIMEDWAIT -> timedWait(task, a0, a1, a2, a3);
            case Nr.RT_SIGRETURN -> sigreturn(task);
            case Nr.SIGALTSTACK -> AltStack.call(task, user, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    /** struct sigaction of riscv: handler at 0, flags at 8, mask at 16; no restorer. */
    private long action(Task task, long number, long newVa, long oldVa, long size) {
        int signal = (int) number;
        if (size != SET_SIZE || signal < 1 || signal > Signal.MAX) {
            return -EINVAL;
        }
        if (newVa != 0 && (Signal.bit(signal) & Signal.UNBLOCKABLE) != 0) {
            return -EINVAL;
        }
        SigAction old = task.handlers.get(signal);
        if (newVa != 0) {
            if (!user.read(task, newVa, 24)) {
                return -EFAULT;
            }
            set(task, signal, new SigAction(user.i64(0), user.i64(8) & SA_KNOWN, user.i64(16) & ~Signal.UNBLOCKABLE));
        }
        if (oldVa == 0) {
            return 0;
        }
        user.put64(0, old.handler());
        user.put64(8, old.flags());
        user.put64(16, old.mask());
        return user.give(task, oldVa, 24);
    }

    private void set(Task task, int signal, SigAction action) {
        task.handlers.set(signal, action);
        boolean ignored = action.handler() == SigAction.IGNORE
                || action.handler() == SigAction.DEFAULT && Signal.defaultAction(signal) == Signal.Default.IGNORE;
        if (ignored) {
            task.process.pending.remove(Signal.bit(signal));
            for (Task thread : task.process.threads) {
                thread.pending.remove(Signal.bit(signal));
                kernel.recheckSignals(thread);
            }
        }
    }

    private long mask(Task task, long how, long newVa, long oldVa, long size) {
        if (size != SET_SIZE) {
            return -EINVAL;
        }
        long old = task.sigMask;
        if (newVa != 0) {
            if (!user.read(task, newVa, SET_SIZE)) {
                return -EFAULT;
            }
            long set = user.i64(0) & ~Signal.UNBLOCKABLE;
            switch ((int) how) {
                case SIG_BLOCK -> task.sigMask |= set;
                case SIG_UNBLOCK -> task.sigMask &= ~set;
                case SIG_SETMASK -> task.sigMask = set;
                default -> {
                    return -EINVAL;
                }
            }
            kernel.recheckSignals(task);
        }
        return oldVa == 0 ? 0 : user.giveLong(task, oldVa, old);
    }

    private long pending(Task task, long va, long size) {
        if (Long.compareUnsigned(size, SET_SIZE) > 0) {
            return -EINVAL;
        }
        user.put64(0, (task.pending.set() | task.process.pending.set()) & task.sigMask);
        return user.give(task, va, (int) size);
    }

    /** Sleeps until a handler runs; the call itself never completes. */
    private long suspend(Task task, long va, long size) {
        Restart restart = task.restart;
        if (!restart.active) {
            if (size != SET_SIZE) {
                return -EINVAL;
            }
            if (!user.read(task, va, SET_SIZE)) {
                return -EFAULT;
            }
            restart.savedMask = task.sigMask;
            restart.restoreMask = true;
            task.sigMask = user.i64(0) & ~Signal.UNBLOCKABLE;
            kernel.recheckSignals(task);
        }
        restart.onSignal = Restart.OnSignal.EINTR;
        return BLOCKED;
    }

    private long timedWait(Task task, long setVa, long infoVa, long timeoutVa, long size) {
        if (size != SET_SIZE) {
            return -EINVAL;
        }
        if (!task.restart.active && timeoutVa != 0) {
            long nanos = times.timespec(task, timeoutVa);
            if (nanos < 0) {
                return nanos;
            }
            task.restart.deadline = Times.deadline(kernel.now(), nanos);
        }
        if (!user.read(task, setVa, SET_SIZE)) {
            return -EFAULT;
        }
        long others = ~user.i64(0) | Signal.UNBLOCKABLE;
        @Nullable SigInfo info = task.pending.take(others);
        if (info == null) {
            info = task.process.pending.take(others);
        }
        if (info != null) {
            kernel.recheckSignals(task);
            Siginfo.encode(timers.taken(task.process, info), user.bytes, 0);
            return infoVa != 0 && !user.write(task, infoVa, Siginfo.SIZE) ? -EFAULT : info.signal();
        }
        if (kernel.now() >= task.restart.deadline) {
            return -EAGAIN;
        }
        task.restart.onSignal = Restart.OnSignal.EINTR;
        task.waitOn(task.handlers.news);
        return BLOCKED;
    }

    private long sigreturn(Task task) {
        if (!frame.pop(task)) {
            kernel.forceSignal(task, SigInfo.kernel(Signal.SIGSEGV));
        }
        return NO_RESULT;
    }
}
