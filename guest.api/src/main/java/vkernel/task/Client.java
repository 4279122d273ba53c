package vkernel.task;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import vkernel.kern.Errno;

/**
 * What a task has that is no program: its system calls are made from outside the machine (NetBSD: a client of a rump
 * kernel). Plain data; kernel lock held.
 *
 * <p>Between calls the task is BLOCKED. Whoever is outside {@linkplain #ask asks} for one and wakes the task; a hart
 * makes the call, with the task's rights and whatever waiting there is, as it would for a program's {@code ecall}.
 */
public final class Client {
    /** The pc of a call that is still to be made; a call that is done leaves another. */
    private static final long CALL = 0;

    private @Nullable CompletableFuture<Long> answer;

    /**
     * Has a call made; the caller then wakes the task. The last one must have been answered.
     *
     * @param arguments at most six
     * @return completed with what the call gives in a0; with -ESRCH when the task ends before
     */
    public static CompletableFuture<Long> ask(Task task, int number, long... arguments) {
        CompletableFuture<Long> asked = new CompletableFuture<>();
        if (task.client == null || task.state == Task.State.DEAD) {
            asked.complete((long) -Errno.ESRCH);
            return asked;
        }
        if (task.client.answer != null) {
            throw new IllegalStateException(task + " is at a call already");
        }
        task.client.answer = asked;
        task.regs[Registers.PC] = CALL;
        task.regs[Registers.A7] = number;
        for (int i = 0; i < 6; i++) {
            task.regs[Registers.A0 + i] = i < arguments.length ? arguments[i] : 0;
        }
        return asked;
    }

    /** Whether the call that the registers ask for is still to be made. */
    public boolean asked(Task task) {
        return answer != null && task.regs[Registers.PC] == CALL;
    }

    /** Tells what came of the call, if anybody waits for that. */
    public void answer(long result) {
        CompletableFuture<Long> asked = answer;
        answer = null;
        if (asked != null) {
            asked.complete(result);
        }
    }
}
