package vkernel.it.swap;

import vkernel.sched.SchedPolicy;
import vkernel.task.Task;

/** A policy whose constructor throws. */
public final class Unmakeable implements SchedPolicy {
    public Unmakeable() {
        throw new IllegalStateException("never made");
    }

    @Override
    public String name() {
        return "unmakeable";
    }

    @Override
    public void enqueue(Task task, boolean woken) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean remove(Task task) {
        return false;
    }

    @Override
    public Task next(int hart) {
        return null;
    }

    @Override
    public int runnable() {
        return 0;
    }

    @Override
    public long quantum(Task task) {
        return 1;
    }

    @Override
    public void ran(Task task, long nanos) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean preempts(Task woken, Task running) {
        return false;
    }
}
