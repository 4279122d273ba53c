package vkernel.guest.kern;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import vkernel.sched.SchedPolicy;
import vkernel.task.Task;

/**
 * A scheduler policy whose bugs stay its own: what it throws, and what it says that cannot be, is told to the dispatcher,
 * which takes another policy; whoever called it goes on. Handlers wake tasks in the middle of their work, and must not
 * be torn out of it by a policy.
 */
final class Supervised implements SchedPolicy {
    private static final long SHORTEST = 10_000;
    private static final long LONGEST = 1_000_000_000;

    private final SchedPolicy policy;
    /** Told who has failed, and how. */
    private final BiConsumer<Supervised, Throwable> failed;

    Supervised(SchedPolicy policy, BiConsumer<Supervised, Throwable> failed) {
        this.policy = policy;
        this.failed = failed;
    }

    /** The policy itself. */
    SchedPolicy policy() {
        return policy;
    }

    @Override
    public String name() {
        return policy.name();
    }

    @Override
    public void enqueue(Task task, boolean woken) {
        try {
            policy.enqueue(task, woken);
        } catch (RuntimeException | Error e) {
            failed.accept(this, e);
        }
    }

    @Override
    public boolean remove(Task task) {
        try {
            return policy.remove(task);
        } catch (RuntimeException | Error e) {
            failed.accept(this, e);
            return false;
        }
    }

    @Override
    public @Nullable Task next(int hart) {
        try {
            Task task = policy.next(hart);
            if (task == null || task.state == Task.State.RUNNABLE) {
                return task;
            }
            throw new IllegalStateException("it gave " + task + ", which is " + task.state);
        } catch (RuntimeException | Error e) {
            failed.accept(this, e);
            return null;
        }
    }

    @Override
    public int runnable() {
        try {
            return policy.runnable();
        } catch (RuntimeException | Error e) {
            failed.accept(this, e);
            return 0;
        }
    }

    @Override
    public long quantum(Task task) {
        try {
            return Math.clamp(policy.quantum(task), SHORTEST, LONGEST);
        } catch (RuntimeException | Error e) {
            failed.accept(this, e);
            return LONGEST;
        }
    }

    @Override
    public void ran(Task task, long nanos) {
        try {
            policy.ran(task, nanos);
        } catch (RuntimeException | Error e) {
            failed.accept(this, e);
        }
    }

    @Override
    public boolean preempts(Task woken, Task running) {
        try {
            return policy.preempts(woken, running);
        } catch (RuntimeException | Error e) {
            failed.accept(this, e);
            return false;
        }
    }
}
