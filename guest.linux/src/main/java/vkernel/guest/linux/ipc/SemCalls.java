package vkernel.guest.linux.ipc;

import static vkernel.kern.Errno.E2BIG;
import static vkernel.kern.Errno.EACCES;
import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EFBIG;
import static vkernel.kern.Errno.EIDRM;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ENOSPC;
import static vkernel.kern.Errno.ERANGE;
import static vkernel.kern.Kernel.BLOCKED;

import java.util.Arrays;
import java.util.function.Supplier;
import vkernel.abi.Bounds;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.ipc.IpcState;
import vkernel.ipc.SemaphoreSet;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.Restart;
import vkernel.task.Task;

/** System V semaphores (semget(2), semop(2); Linux: ipc/sem.c); semctl(2) is {@link SemControl}'s. */
public final class SemCalls implements CallGroup {
    private static final int SEM_UNDO = 010000;
    /** Highest value. */
    static final int SEMVMX = 32767;
    /** Values to take back for processes of one set: they lie in the kernel's memory. */
    private static final int MOST_UNDO = 1 << 20;

    private final Kernel kernel;
    private final User user;
    private final Times times;
    private final Ids<SemaphoreSet> ids;
    private final SemControl control;
    private final Supplier<Bounds> bounds;

    public SemCalls(Kernel kernel, User user, IpcState state, Supplier<Bounds> bounds) {
        this.kernel = kernel;
        this.bounds = bounds;
        this.user = user;
        times = new Times(user);
        ids = new Ids<>(kernel, user, 1, () -> bounds.get().semaphoreSets, state.semaphores(), state.sequence());
        control = new SemControl(kernel, user, ids, bounds);
    }

    public void adopt(IpcState state) {
        ids.adopt(state.semaphores(), state.sequence());
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.SEMGET, Nr.SEMOP, Nr.SEMTIMEDOP, Nr.SEMCTL);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.SEMGET -> get(task, a0, a1, a2);
            case Nr.SEMOP -> semop(task, a0, a1, a2, 0);
            case Nr.SEMTIMEDOP -> semop(task, a0, a1, a2, a3);
            case Nr.SEMCTL -> control.control(task, a0, a1, a2, a3);
            default -> throw Table.unclaimed(call);
        };
    }

    private long get(Task task, long key, long count, long flags) {
        int n = (int) count;
        if (n < 0 || n > bounds.get().semaphoresInSet) {
            return -EINVAL;
        }
        int all = ids.all().values().stream().mapToInt(set -> set.values.length).sum();
        long bad = n == 0 ? -EINVAL : all + n > bounds.get().semaphores ? -ENOSPC : 0;
        return ids.get(task, (int) key, (int) flags, bad, there -> n <= there.values.length, id -> {
            var who = task.credentials;
            return new SemaphoreSet((int) key, id, who.euid(), who.egid(), (int) flags & 0777, n);
        });
    }

    // --- operations -------------------------------------------------------------------------------------------------

    private long semop(Task task, long id, long va, long count, long timeoutVa) {
        if (count < 1 || (int) id < 0) {
            return -EINVAL;
        }
        if (count > bounds.get().semaphoreOperations) {
            return -E2BIG;
        }
        Restart restart = task.restart;
        if (timeoutVa != 0 && !restart.active) {
            long nanos = times.timespec(task, timeoutVa);
            if (nanos < 0) {
                return nanos;
            }
            restart.deadline = Times.deadline(kernel.now(), nanos);
        }
        if (!user.read(task, va, (int) count * 6)) {
            return -EFAULT;
        }
        SemaphoreSet set = ids.find((int) id);
        if (set == null) {
            return restart.active ? -EIDRM : -EINVAL;
        }
        boolean alters = false;
        for (int i = 0; i < count; i++) {
            if (user.u16(i * 6) >= set.values.length) {
                return -EFBIG;
            }
            alters |= (short) user.u16(i * 6 + 2) != 0;
        }
        if (!ids.may(task, set, alters ? 0222 : 0444)) {
            return -EACCES;
        }
        return operate(task, set, (int) count);
    }

    /** All operations, or none: the first that cannot be done is waited for. */
    private long operate(Task task, SemaphoreSet set, int count) {
        int[] values = set.values.clone();
        int[] undo = set.undo.getOrDefault(task.process, new int[0]);
        undo = Arrays.copyOf(undo, values.length);
        boolean undoes = false;
        for (int i = 0; i < count; i++) {
            int number = user.u16(i * 6);
            int change = (short) user.u16(i * 6 + 2);
            int flags = user.u16(i * 6 + 4);
            if (change == 0 && values[number] != 0 || values[number] + change < 0) {
                return cannot(task, set, number, change, flags);
            }
            values[number] += change;
            if (values[number] > SEMVMX) {
                return -ERANGE;
            }
            if ((flags & SEM_UNDO) != 0 && change != 0) {
                undo[number] -= change;
                undoes = true;
            }
        }
        if (undoes && (set.undo.size() + 1) * (long) values.length > MOST_UNDO) {
            return -ENOSPC;
        }
        for (int i = 0; i < count; i++) {
            set.pids[user.u16(i * 6)] = task.process.pid;
        }
        if (undoes) {
            set.undo.put(task.process, undo);
        }
        set.used = ids.seconds();
        assign(kernel, set, values);
        return 0;
    }

    private long cannot(Task task, SemaphoreSet set, int number, int change, int flags) {
        Restart restart = task.restart;
        if ((flags & Ids.NOWAIT) != 0 || kernel.now() >= restart.deadline) {
            return -EAGAIN;
        }
        restart.onSignal = Restart.OnSignal.EINTR;
        task.waitOn(change == 0 ? set.forZero[number] : set.forMore[number]);
        return BLOCKED;
    }

    /** Sets values, and wakes whoever has waited for one of them to be so. */
    static void assign(Kernel kernel, SemaphoreSet set, int[] values) {
        for (int i = 0; i < values.length; i++) {
            int before = set.values[i];
            set.values[i] = values[i];
            if (values[i] > before) {
                kernel.wake(set.forMore[i]);
            }
            if (values[i] == 0 && before != 0) {
                kernel.wake(set.forZero[i]);
            }
        }
    }

    /** Whether a process has SEM_UNDO operations. */
    boolean undoes(Process process) {
        return ids.all().values().stream().anyMatch(set -> set.undo.containsKey(process));
    }

    /** A process has ended: its SEM_UNDO operations are taken back as far as values stay possible. */
    public void ended(Process process) {
        for (SemaphoreSet set : ids.all().values()) {
            int[] undo = set.undo.remove(process);
            if (undo != null) {
                int[] values = set.values.clone();
                for (int i = 0; i < values.length; i++) {
                    values[i] = Math.clamp(values[i] + undo[i], 0, SEMVMX);
                }
                assign(kernel, set, values);
            }
        }
    }
}
