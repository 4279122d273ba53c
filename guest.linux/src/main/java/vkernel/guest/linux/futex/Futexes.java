package vkernel.guest.linux.futex;

import static vkernel.task.Registers.A1;
import static vkernel.task.Registers.A2;
import static vkernel.task.Registers.A5;
import static vkernel.task.Registers.A7;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.table.Nr;
import vkernel.kern.Kernel;
import vkernel.task.Task;
import vkernel.task.WaitQueue;
import vkernel.vm.FutexKey;

/**
 * Who waits at which word. There are two of these, for a private wait and a shared wake do not meet, even at the same
 * word. A task that is woken is told so in its restart record ({@code done} is 1): when its call is
 * made again it returns 0 whatever the word holds by then.
 */
public final class Futexes {
    static final int WAIT_BITSET = 9;
    static final int COMMAND = 0x7f;
    /** FUTEX_BITSET_MATCH_ANY. */
    static final int ANY = -1;

    private static final int SWEEP_AT_LEAST = 64;

    private final Kernel kernel;
    private final Map<FutexKey, WaitQueue> queues = new HashMap<>();
    private int sweepAt = SWEEP_AT_LEAST;

    public Futexes(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Gives up who waits at which word, for a successor. */
    public Map<FutexKey, WaitQueue> release() {
        Map<FutexKey, WaitQueue> all = new HashMap<>(queues);
        queues.clear();
        return all;
    }

    /** Takes waiters over. */
    public void adopt(Map<FutexKey, WaitQueue> old) {
        queues.putAll(old);
    }

    /** The queue of a word, made if there is none. */
    WaitQueue queue(FutexKey key) {
        WaitQueue there = queues.get(key);
        if (there != null) {
            return there;
        }
        if (queues.size() >= sweepAt) {
            queues.values().removeIf(WaitQueue::isEmpty);
            sweepAt = Math.max(SWEEP_AT_LEAST, 2 * queues.size());
        }
        WaitQueue made = new WaitQueue();
        queues.put(key, made);
        return made;
    }

    /** Puts a task on the queue of a word; it may wait at others too. */
    void join(Task task, FutexKey key) {
        task.waitOn(queue(key));
    }

    /** What a woken task has in its restart record's ticket: which of its words it was. */
    static long ticket(FutexKey key) {
        return 1L << Integer.SIZE | key.hashCode() & 0xffff_ffffL;
    }

    /** Wakes up to {@code count} tasks, at least one if any waits, whose bits meet {@code bits}. @return how many */
    int wake(FutexKey key, int count, int bits) {
        @Nullable WaitQueue queue = queues.get(key);
        int woken = 0;
        Task task = queue == null ? null : queue.first();
        while (queue != null && task != null) {
            Task next = bits == ANY ? null : queue.after(task);
            if ((bits & bitsOf(task)) != 0) {
                task.restart.done = 1;
                task.restart.ticket = ticket(key);
                kernel.wake(task);
                if (++woken >= count) {
                    break;
                }
                next = bits == ANY ? queue.first() : next;
            }
            task = next;
        }
        forgetIfEmpty(key, queue);
        return woken;
    }

    /** Moves up to {@code count} tasks to another word's queue. @return how many */
    int move(FutexKey from, FutexKey to, int count) {
        @Nullable WaitQueue queue = queues.get(from);
        if (queue == null || from.equals(to)) {
            return queue == null ? 0 : Math.min(count, queue.size());
        }
        int moved = 0;
        for (Task task = queue.first(); task != null && moved < count; task = queue.first()) {
            task.stopWaiting();
            task.waitOn(queue(to));
            moved++;
        }
        forgetIfEmpty(from, queue);
        return moved;
    }

    private void forgetIfEmpty(FutexKey key, @Nullable WaitQueue queue) {
        if (queue != null && queue.isEmpty()) {
            queues.remove(key);
        }
    }

    /** What a waiter waits for lies in its registers: its pc is still at the call. */
    private static int bitsOf(Task waiter) {
        long[] regs = waiter.regs;
        return switch ((int) regs[A7]) {
            case Nr.FUTEX_WAIT -> (int) regs[A2];
            case Nr.FUTEX_WAITV -> ANY;
            default -> ((int) regs[A1] & COMMAND) == WAIT_BITSET ? (int) regs[A5] : ANY;
        };
    }
}
