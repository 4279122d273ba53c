package vkernel.kern;

import java.util.Arrays;
import java.util.function.Consumer;

/** Timers by deadline: a binary heap in which each timer knows its place. Guarded by the kernel lock. */
public final class TimerHeap {
    private static final int UNARMED = -1;

    private Node[] heap = new Node[64];
    private int size;

    /** A timer that is not armed. */
    public Timer timer(Runnable action) {
        return new Node(action);
    }

    /** The earliest deadline; {@code Long.MAX_VALUE} when no timer is armed. */
    public long next() {
        return size == 0 ? Long.MAX_VALUE : heap[0].deadline;
    }

    /** Runs the actions that are due. @param failed told what one of them has thrown */
    public void expire(long now, Consumer<Throwable> failed) {
        while (size > 0 && heap[0].deadline <= now) {
            Node due = heap[0];
            due.disarm();
            try {
                due.action.run();
            } catch (RuntimeException | Error e) {
                failed.accept(e);
            }
        }
    }

    private final class Node implements Timer {
        private final Runnable action;
        private long deadline = Long.MAX_VALUE;
        private int at = UNARMED;

        Node(Runnable action) {
            this.action = action;
        }

        @Override
        public long deadline() {
            return deadline;
        }

        @Override
        public void arm(long when) {
            disarm();
            if (when == Long.MAX_VALUE) {
                return;
            }
            deadline = when;
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, size * 2);
            }
            at = size++;
            heap[at] = this;
            up();
        }

        void disarm() {
            deadline = Long.MAX_VALUE;
            if (at == UNARMED) {
                return;
            }
            Node last = heap[--size];
            heap[size] = null;
            int place = at;
            at = UNARMED;
            if (last != this) {
                last.put(place);
                last.up();
                last.down();
            }
        }

        private void put(int place) {
            heap[place] = this;
            at = place;
        }

        private void up() {
            while (at > 0 && heap[(at - 1) / 2].deadline > deadline) {
                swap(heap[(at - 1) / 2]);
            }
        }

        private void down() {
            while (true) {
                int child = 2 * at + 1;
                if (child + 1 < size && heap[child + 1].deadline < heap[child].deadline) {
                    child++;
                }
                if (child >= size || heap[child].deadline >= deadline) {
                    return;
                }
                swap(heap[child]);
            }
        }

        private void swap(Node other) {
            int mine = at;
            put(other.at);
            other.put(mine);
        }
    }
}
