package vkernel.task;

import org.jspecify.annotations.Nullable;

/**
 * Tasks that wait for one thing to happen, oldest first. A task may be on several queues (poll(2)); being woken takes
 * it off all of them. Nothing is allocated once a task has waited before.
 */
public final class WaitQueue {
    /** A task's place on one queue. */
    static final class Node {
        final Task task;

        @Nullable
        WaitQueue queue;

        @Nullable
        Node next;

        @Nullable
        Node previous;

        Node(Task task) {
            this.task = task;
        }
    }

    private @Nullable Node first;
    private @Nullable Node last;
    /** How often the queue has been woken, whether or not a task was on it (edge-triggered epoll(7)). */
    public long wakes;

    public boolean isEmpty() {
        return first == null;
    }

    /** The task that has waited longest; null when none waits. */
    public @Nullable Task first() {
        return first == null ? null : first.task;
    }

    /** The task behind one that is on this queue; null when it is the last. */
    public @Nullable Task after(Task task) {
        for (Node node = first; node != null; node = node.next) {
            if (node.task == task) {
                return node.next == null ? null : node.next.task;
            }
        }
        return null;
    }

    /** How many wait. */
    public int size() {
        int n = 0;
        for (Node node = first; node != null; node = node.next) {
            n++;
        }
        return n;
    }

    void add(Node node) {
        node.queue = this;
        node.next = null;
        node.previous = last;
        if (last == null) {
            first = node;
        } else {
            last.next = node;
        }
        last = node;
    }

    void remove(Node node) {
        if (node.previous == null) {
            first = node.next;
        } else {
            node.previous.next = node.next;
        }
        if (node.next == null) {
            last = node.previous;
        } else {
            node.next.previous = node.previous;
        }
        node.queue = null;
        node.next = null;
        node.previous = null;
    }
}
