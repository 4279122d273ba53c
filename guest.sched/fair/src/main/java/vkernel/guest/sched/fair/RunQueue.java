package vkernel.guest.sched.fair;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import vkernel.task.Task;

/** Runnable tasks, the one with the least virtual run time first: a binary heap. Nothing is allocated but to grow. */
final class RunQueue {
    private @Nullable Task[] heap = new @Nullable Task[64];
    private int size;

    int size() {
        return size;
    }

    void add(Task task) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        up(size++, task);
    }

    /** @return whether it was here */
    boolean remove(Task task) {
        for (int i = 0; i < size; i++) {
            if (heap[i] == task) {
                removeAt(i);
                return true;
            }
        }
        return false;
    }

    /** Takes the first task that may run on a hart. */
    @Nullable
    Task take(int hart) {
        int first = -1;
        for (int i = 0; i < size; i++) {
            Task task = at(i);
            boolean allowed = (task.affinity >>> hart & 1) != 0;
            if (allowed && i == 0) {
                return removeAt(0);
            }
            if (allowed && (first < 0 || before(task, at(first)))) {
                first = i;
            }
        }
        return first < 0 ? null : removeAt(first);
    }

    private Task removeAt(int i) {
        Task gone = at(i);
        Task last = at(--size);
        heap[size] = null;
        if (i < size) {
            up(i, last);
            if (heap[i] == last) {
                down(i, last);
            }
        }
        return gone;
    }

    /** Puts a task at a place or above. */
    private void up(int from, Task task) {
        int i = from;
        while (i > 0 && before(task, at((i - 1) / 2))) {
            heap[i] = heap[(i - 1) / 2];
            i = (i - 1) / 2;
        }
        heap[i] = task;
    }

    /** Puts a task at a place or below. */
    private void down(int from, Task task) {
        int i = from;
        while (2 * i + 1 < size) {
            int child = 2 * i + 1;
            if (child + 1 < size && before(at(child + 1), at(child))) {
                child++;
            }
            if (!before(at(child), task)) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = task;
    }

    private Task at(int i) {
        Task task = heap[i];
        if (task == null) {
            throw new IllegalStateException("no task at " + i + " of " + size);
        }
        return task;
    }

    private static boolean before(Task a, Task b) {
        return a.vruntime != b.vruntime ? a.vruntime < b.vruntime : a.tid < b.tid;
    }
}
