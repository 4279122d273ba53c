package vkernel.guest.linux.ipc;

import static vkernel.kern.Errno.EACCES;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ERANGE;

import java.util.Arrays;
import java.util.function.Supplier;
import vkernel.abi.Bounds;
import vkernel.guest.linux.user.User;
import vkernel.ipc.SemaphoreSet;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/** semctl(2): what a set of semaphores is told and asked beside operations. */
final class SemControl {
    private static final int GETPID = 11, GETVAL = 12, GETALL = 13, GETNCNT = 14, GETZCNT = 15, SETVAL = 16;
    private static final int SETALL = 17, SEM_STAT = 18, SEM_INFO = 19, SEM_STAT_ANY = 20;
    /** struct semid64_ds. */
    private static final int SIZE = 88;

    private final Kernel kernel;
    private final User user;
    private final Ids<SemaphoreSet> ids;
    private final Supplier<Bounds> bounds;

    SemControl(Kernel kernel, User user, Ids<SemaphoreSet> ids, Supplier<Bounds> bounds) {
        this.kernel = kernel;
        this.user = user;
        this.ids = ids;
        this.bounds = bounds;
    }

    /** semctl(2). */
    long control(Task task, long id, long number, long command, long argument) {
        return switch ((int) command) {
            case Ids.INFO, SEM_INFO -> limits(task, argument, (int) command == SEM_INFO);
            case SEM_STAT, SEM_STAT_ANY -> {
                SemaphoreSet there = ids.all().get((int) id);
                yield there == null ? -EINVAL : stat(task, there, argument, (int) command == SEM_STAT_ANY, there.id);
            }
            default -> {
                SemaphoreSet there = ids.find((int) id);
                yield there == null ? -EINVAL : control(task, there, (int) number, (int) command, argument);
            }
        };
    }

    private long control(Task task, SemaphoreSet set, int number, int command, long argument) {
        return switch (command) {
            case Ids.STAT -> stat(task, set, argument, false, 0);
            case Ids.SET, Ids.RMID -> change(task, set, command, argument);
            case GETALL -> {
                if (!ids.mayRead(task, set)) {
                    yield -EACCES;
                }
                for (int i = 0; i < set.values.length; i++) {
                    user.put16(2 * i, set.values[i]);
                }
                yield user.give(task, argument, 2 * set.values.length);
            }
            case SETALL -> setAll(task, set, argument);
            case SETVAL, GETVAL, GETPID, GETNCNT, GETZCNT -> {
                if (number < 0 || number >= set.values.length) {
                    yield -EINVAL;
                }
                if (!ids.may(task, set, command == SETVAL ? 0222 : 0444)) {
                    yield -EACCES;
                }
                yield one(task, set, number, command, (int) argument);
            }
            default -> -EINVAL;
        };
    }

    private long one(Task task, SemaphoreSet set, int number, int command, int argument) {
        return switch (command) {
            case GETVAL -> set.values[number];
            case GETPID -> set.pids[number];
            case GETNCNT -> set.forMore[number].size();
            case GETZCNT -> set.forZero[number].size();
            default -> {
                if (argument < 0 || argument > SemCalls.SEMVMX) {
                    yield -ERANGE;
                }
                int[] values = set.values.clone();
                values[number] = argument;
                set.undo.values().forEach(undo -> undo[number] = 0);
                set.pids[number] = task.process.pid;
                set.changed = ids.seconds();
                SemCalls.assign(kernel, set, values);
                yield 0;
            }
        };
    }

    private long setAll(Task task, SemaphoreSet set, long va) {
        if (!ids.may(task, set, 0222)) {
            return -EACCES;
        }
        if (!user.read(task, va, 2 * set.values.length)) {
            return -EFAULT;
        }
        int[] values = new int[set.values.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = user.u16(2 * i);
            if (values[i] > SemCalls.SEMVMX) {
                return -ERANGE;
            }
        }
        Arrays.fill(set.pids, task.process.pid);
        set.undo.clear();
        set.changed = ids.seconds();
        SemCalls.assign(kernel, set, values);
        return 0;
    }

    private long change(Task task, SemaphoreSet set, int command, long va) {
        if (command == Ids.SET && !user.read(task, va, SIZE)) {
            return -EFAULT;
        }
        long bad = ids.owns(task, set);
        if (bad != 0) {
            return bad;
        }
        if (command == Ids.SET) {
            ids.set(set);
            return 0;
        }
        ids.remove(set);
        for (int i = 0; i < set.values.length; i++) {
            kernel.wake(set.forMore[i]);
            kernel.wake(set.forZero[i]);
        }
        return 0;
    }

    private long stat(Task task, SemaphoreSet set, long va, boolean any, long result) {
        if (!any && !ids.mayRead(task, set)) {
            return -EACCES;
        }
        ids.put(set, SIZE);
        user.put64(48, set.used);
        user.put64(56, set.changed);
        user.put64(64, set.values.length);
        return user.write(task, va, SIZE) ? result : -EFAULT;
    }

    /** struct seminfo; SEM_INFO tells what is in use in semusz and semaem. */
    private long limits(Task task, long va, boolean usage) {
        int semaphores =
                ids.all().values().stream().mapToInt(set -> set.values.length).sum();
        int[] info = {
            bounds.get().semaphores,
            bounds.get().semaphoreSets,
            bounds.get().semaphores,
            bounds.get().semaphores,
            bounds.get().semaphoresInSet,
            bounds.get().semaphoreOperations,
            bounds.get().semaphoreOperations,
            usage ? ids.all().size() : 20,
            SemCalls.SEMVMX,
            usage ? semaphores : SemCalls.SEMVMX,
        };
        for (int i = 0; i < info.length; i++) {
            user.put32(4 * i, info[i]);
        }
        return user.write(task, va, 4 * info.length) ? ids.last() : -EFAULT;
    }
}
