package vkernel.guest.linux.futex;

import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Task;
import vkernel.vm.FutexKey;

/**
 * What a thread owes in user memory when it lets go of it: robust mutexes that it holds are marked as its legacy
 * (get_robust_list(2)), and clear_child_tid is zeroed and woken (set_tid_address(2)).
 */
public final class ThreadEnd {
    /** Longest robust list that is walked (ROBUST_LIST_LIMIT); it may be a ring. */
    private static final int LIMIT = 2048;

    private static final int WAITERS = 0x8000_0000;
    private static final int OWNER_DIED = 0x4000_0000;
    private static final int TID = 0x3fff_ffff;

    private final Kernel kernel;
    private final User user;
    private final Futexes futexes;

    public ThreadEnd(Kernel kernel, User user, Futexes futexes) {
        this.kernel = kernel;
        this.user = user;
        this.futexes = futexes;
    }

    /** Pays it; afterwards nothing is owed. */
    public void pay(Task task) {
        if (task.robustList != 0) {
            robust(task, task.robustList);
            task.robustList = 0;
        }
        if (task.clearChildTid != 0) {
            if (task.memory().users > 1) {
                user.giveInt(task, task.clearChildTid, 0);
                wake(task, task.clearChildTid);
            }
            task.clearChildTid = 0;
        }
    }

    /** struct robust_list_head: first entry, offset of the word from an entry, entry being locked or unlocked. */
    private void robust(Task task, long head) {
        if (!user.read(task, head, 24)) {
            return;
        }
        long offset = user.i64(8);
        long pending = user.i64(16);
        long entry = user.i64(0);
        for (int i = 0; i < LIMIT && (entry & ~1L) != head; i++) {
            boolean more = user.read(task, entry & ~1L, 8);
            long next = more ? user.i64(0) : head;
            if ((entry & ~1L) != (pending & ~1L) && !release(task, (entry & ~1L) + offset)) {
                return;
            }
            entry = next;
        }
        if (pending != 0) {
            release(task, (pending & ~1L) + offset);
        }
    }

    private boolean release(Task task, long va) {
        if ((va & 3) != 0) {
            return false;
        }
        while (true) {
            long old = kernel.vm().loadInt(task.memory(), va);
            if (old < 0) {
                return false;
            }
            if (((int) old & TID) != task.tid) {
                return true;
            }
            int update = (int) old & WAITERS | OWNER_DIED;
            long seen = kernel.vm().compareAndExchangeInt(task.memory(), va, (int) old, update);
            if (seen < 0) {
                return false;
            }
            if (seen == old) {
                if (((int) old & WAITERS) != 0) {
                    wake(task, va);
                }
                return true;
            }
        }
    }

    private void wake(Task task, long va) {
        @Nullable FutexKey key = kernel.vm().futexKey(task.memory(), va, false);
        if (key != null) {
            futexes.wake(key, 1, Futexes.ANY);
        }
    }
}
