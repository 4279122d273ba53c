package vkernel.task;

import java.util.Arrays;

/** The actions of a process for every signal (struct sighand_struct); shared by tasks cloned with CLONE_SIGHAND. */
public final class SigHandlers {
    /** Woken whenever a signal becomes pending for a task with these actions, blocked or not (signalfd(2)). */
    public final WaitQueue news = new WaitQueue();

    private final SigAction[] actions = new SigAction[Signal.MAX + 1];

    public SigHandlers() {
        Arrays.fill(actions, SigAction.NONE);
    }

    public SigAction get(int signal) {
        return actions[signal];
    }

    public void set(int signal, SigAction action) {
        actions[signal] = action;
    }

    /** For fork. */
    public SigHandlers copy() {
        SigHandlers copy = new SigHandlers();
        System.arraycopy(actions, 0, copy.actions, 0, actions.length);
        return copy;
    }

    /** For execve(2): what is caught becomes default, what is ignored stays ignored. */
    public void resetCaught() {
        for (int i = 1; i <= Signal.MAX; i++) {
            actions[i] =
                    actions[i].handler() == SigAction.IGNORE ? new SigAction(SigAction.IGNORE, 0, 0) : SigAction.NONE;
        }
    }
}
