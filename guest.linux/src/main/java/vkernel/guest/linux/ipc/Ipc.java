package vkernel.guest.linux.ipc;

import java.util.function.Supplier;
import vkernel.abi.Bounds;
import vkernel.guest.linux.poll.EventFiles;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.ipc.IpcState;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.Task;

/** All calls of this area, on one state. */
public final class Ipc {
    private final ShmCalls memory;
    private final SemCalls semaphores;
    private final MsgCalls messages;
    private final MqCalls posix;
    private IpcState state = IpcState.empty();

    public Ipc(Kernel kernel, User user, EventFiles files, Supplier<Bounds> bounds) {
        memory = new ShmCalls(kernel, user, state);
        semaphores = new SemCalls(kernel, user, state, bounds);
        messages = new MsgCalls(kernel, user, state, bounds);
        posix = new MqCalls(kernel, user, files, state);
    }

    public void table(Table table) {
        memory.table(table);
        semaphores.table(table);
        messages.table(table);
        posix.table(table);
    }

    /** Gives up all there is, for a successor. */
    public IpcState release() {
        IpcState all = state;
        adopt(IpcState.empty());
        return all;
    }

    public void adopt(IpcState next) {
        state = next;
        memory.adopt(next);
        semaphores.adopt(next);
        messages.adopt(next);
        posix.adopt(next);
    }

    /** Whether something of semaphores is to be taken back when a process ends. */
    public boolean undoes(Process process) {
        return semaphores.undoes(process);
    }

    /** A thread ends; with the last one of its process what that has promised to take back is taken back. */
    public void exiting(Task task) {
        if (task.process.threads.size() <= 1) {
            semaphores.ended(task.process);
        }
    }
}
