package vkernel.guest.fs.vfs;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Inode;
import vkernel.fs.OpenFile;
import vkernel.fs.Pipe;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/**
 * Who has which end of a pipe open (Linux: fifo_open, pipe_release). The open of a FIFO that waits for the other end
 * counts as an end already; since it is made again from the start when it is woken, it is remembered by a ticket of
 * the task's restart record, and forgotten when the task has given it up.
 */
final class PipeEnds {
    /**
     * When the buffers of all pipes have grown to this, pipes stay as small as they are (pipe(7),
     * pipe-user-pages-soft): whoever has more pipes than that cannot take the kernel's memory with them.
     */
    private static final long BUDGET = 32 << 20;

    private static final long NONE = -1;

    private final Tree tree;
    private final Kernel kernel;

    PipeEnds(Tree tree) {
        this.tree = tree;
        kernel = tree.kernel;
    }

    Pipe make() {
        Pipe pipe = new Pipe();
        limit(pipe);
        return pipe;
    }

    /** Lets no pipe grow beyond what it has when all together have enough. */
    void limit(Pipe pipe) {
        if (tree.pipeBytes > BUDGET) {
            pipe.capacity = Math.min(pipe.capacity, Math.max(Pipe.ATOMIC, pipe.buffer.length));
        }
    }

    /** Readers, opens under way included. */
    int readers(Pipe pipe) {
        prune(pipe);
        return pipe.readers;
    }

    int writers(Pipe pipe) {
        prune(pipe);
        return pipe.writers;
    }

    /** Takes back what opens have added that were given up for a signal. */
    private void prune(Pipe pipe) {
        for (int i = pipe.opening.size() - 1; i >= 0; i--) {
            Pipe.Opening opening = pipe.opening.get(i);
            if (!alive(opening)) {
                pipe.opening.remove(i);
                leave(pipe, !opening.write(), opening.write());
            }
        }
    }

    private static boolean alive(Pipe.Opening opening) {
        Task task = opening.task();
        return task.restart.ticket == opening.ticket() && task.state != Task.State.DEAD && !task.killed;
    }

    /** Opens an end of a FIFO. @return 0, BLOCKED or -ENXIO */
    long open(Task task, OpenFile file) {
        Inode inode = file.inode();
        Pipe pipe = inode.pipe;
        if (pipe == null) {
            pipe = inode.pipe = make();
        }
        prune(pipe);
        Pipe.Opening waiting = waiting(pipe, task);
        if (waiting != null) {
            return again(task, file, pipe, waiting);
        }
        boolean reads = file.readable();
        boolean writes = file.writable();
        // a pipe opened again (/proc/PID/fd/N, /dev/fd/N) waits for nobody
        boolean fifo = file.path.mount() != tree.anonymous;
        if (fifo && writes && !reads && file.nonblocking() && pipe.readers == 0) {
            if (pipe.writers == 0) {
                inode.pipe = null;
            }
            return -Errno.ENXIO;
        }
        enter(file, pipe);
        boolean alone = reads ? pipe.writers == 0 : pipe.readers == 0;
        if (!fifo || reads && writes || !alone || file.nonblocking()) {
            return 0;
        }
        task.restart.ticket = tree.newTicket();
        long seen = writes ? pipe.readerOpens : pipe.writerOpens;
        return block(task, pipe, new Pipe.Opening(task, task.restart.ticket, writes, seen));
    }

    private static Pipe.@Nullable Opening waiting(Pipe pipe, Task task) {
        for (Pipe.Opening opening : pipe.opening) {
            if (opening.task() == task) {
                return opening;
            }
        }
        return null;
    }

    private static long block(Task task, Pipe pipe, Pipe.Opening opening) {
        pipe.opening.add(opening);
        task.waitOn(pipe.forPeer);
        return Kernel.BLOCKED;
    }

    /** The open is made again: the other end has come, though it may have gone since, or it has not. */
    private static long again(Task task, OpenFile file, Pipe pipe, Pipe.Opening waiting) {
        pipe.opening.remove(waiting);
        long now = waiting.write() ? pipe.readerOpens : pipe.writerOpens;
        if (now == waiting.seen()) {
            return block(task, pipe, waiting);
        }
        file.data = NONE;
        return 0;
    }

    /** One more has the end that a file opens. */
    void enter(OpenFile file, Pipe pipe) {
        // for poll: a reader that came first is not hung up on before a writer has come
        file.data = pipe.writers == 0 ? pipe.writerOpens : NONE;
        if (file.readable()) {
            pipe.readers++;
            pipe.readerOpens++;
        }
        if (file.writable()) {
            pipe.writers++;
            pipe.writerOpens++;
        }
        kernel.wake(pipe.forPeer);
    }

    void release(OpenFile file) {
        Inode inode = file.inode();
        Pipe pipe = inode.pipe;
        if (pipe == null) {
            return;
        }
        leave(pipe, file.readable(), file.writable());
        if (readers(pipe) == 0 && writers(pipe) == 0) {
            tree.pipeBytes -= pipe.buffer.length;
            inode.pipe = null;
        }
    }

    private void leave(Pipe pipe, boolean read, boolean write) {
        pipe.readers -= read ? 1 : 0;
        pipe.writers -= write ? 1 : 0;
        if (pipe.writers == 0) {
            kernel.wake(pipe.forData);
        }
        if (pipe.readers == 0) {
            kernel.wake(pipe.forRoom);
        }
    }
}
