package vkernel.guest.fs.vfs;

import org.jspecify.annotations.Nullable;
import vkernel.fs.FileOps;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.Pipe;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/** Pipes and FIFOs (pipe(7), fifo(7), Linux: fs/pipe.c). All state is in {@link Pipe}. */
final class PipeOps implements FileOps {
    private static final int FIONREAD = 0x541B;

    private final Tree tree;
    private final Kernel kernel;
    private final PipeEnds ends;

    PipeOps(Tree tree) {
        this.tree = tree;
        kernel = tree.kernel;
        ends = new PipeEnds(tree);
    }

    PipeEnds ends() {
        return ends;
    }

    @Override
    public long open(Task task, OpenFile file) {
        return ends.open(task, file);
    }

    @Override
    public void release(OpenFile file) {
        ends.release(file);
    }

    private static Pipe pipe(OpenFile file) {
        Pipe pipe = file.inode().pipe;
        if (pipe == null) {
            throw new IllegalStateException("an open pipe without a buffer");
        }
        return pipe;
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        Pipe pipe = pipe(file);
        if (to.remaining() == 0) {
            return 0;
        }
        if (pipe.count == 0) {
            if (ends.writers(pipe) == 0) {
                return 0;
            }
            return file.nonblocking() ? -Errno.EAGAIN : block(task, pipe.forData);
        }
        long n = take(pipe, to);
        if (n == 0) {
            return -Errno.EFAULT;
        }
        Times.accessed(kernel, file.path.mount(), file.inode());
        kernel.wake(pipe.forRoom);
        return n;
    }

    private static long block(Task task, vkernel.task.WaitQueue queue) {
        task.waitOn(queue);
        return Kernel.BLOCKED;
    }

    private static long take(Pipe pipe, IoBuffer to) {
        long n = 0;
        while (pipe.count > 0 && to.remaining() > 0) {
            int run = (int) Math.min(Math.min(pipe.count, pipe.buffer.length - pipe.head), to.remaining());
            int moved = to.put(pipe.buffer, pipe.head, run);
            pipe.head = pipe.head + moved & pipe.buffer.length - 1;
            pipe.count -= moved;
            n += moved;
            if (moved < run) {
                int begun = begun(pipe.head, n);
                pipe.head -= begun;
                pipe.count += begun;
                n -= begun;
                break;
            }
        }
        if (pipe.count == 0) {
            pipe.head = 0; // its pages are given up
        }
        return n;
    }

    @Override
    public long write(Task task, OpenFile file, IoBuffer from, long position) {
        Pipe pipe = pipe(file);
        long wanted = from.remaining();
        if (wanted == 0) {
            return 0;
        }
        if (ends.readers(pipe) == 0) {
            kernel.signal(task, SigInfo.user(Signal.SIGPIPE, task.process.pid, task.credentials.uid()));
            return -Errno.EPIPE;
        }
        ends.limit(pipe);
        int room = pipe.room();
        if (room < Math.min(wanted, Pipe.ATOMIC)) { // Linux too begins a large write with a whole page
            return file.nonblocking() ? -Errno.EAGAIN : block(task, pipe.forRoom);
        }
        int most = (int) Math.min(room, wanted);
        grow(pipe, pipe.used() + most);
        long n = add(pipe, from, most);
        if (n == 0) {
            return -Errno.EFAULT;
        }
        Times.modified(kernel, file.inode());
        kernel.wake(pipe.forData);
        return n;
    }

    /** Makes the ring large enough for {@code bytes}; what is in it stays where it is in its page. */
    private void grow(Pipe pipe, int bytes) {
        int size = Math.max(Pipe.ATOMIC, pipe.buffer.length);
        while (size < bytes) {
            size *= 2;
        }
        if (size == pipe.buffer.length) {
            return;
        }
        byte[] larger = new byte[size];
        int start = pipe.used() - pipe.count;
        int run = Math.min(pipe.count, pipe.buffer.length - pipe.head);
        System.arraycopy(pipe.buffer, pipe.head, larger, start, run);
        System.arraycopy(pipe.buffer, 0, larger, start + run, pipe.count - run);
        tree.pipeBytes += size - pipe.buffer.length;
        pipe.buffer = larger;
        pipe.head = start;
    }

    private static long add(Pipe pipe, IoBuffer from, int most) {
        int n = 0;
        while (n < most) {
            int tail = pipe.head + pipe.count & pipe.buffer.length - 1;
            int run = Math.min(most - n, pipe.buffer.length - tail);
            int moved = from.get(pipe.buffer, tail, run);
            pipe.count += moved;
            n += moved;
            if (moved < run) {
                int begun = begun(tail + moved, n);
                pipe.count -= begun;
                n -= begun;
                break;
            }
        }
        return n;
    }

    /**
     * User memory faulted: as in Linux a page of the pipe is moved whole or not at all.
     *
     * @param at where it faulted, an index of the ring
     * @param n bytes moved by the call
     * @return those of them in the page that was begun
     */
    private static int begun(int at, long n) {
        return (int) Math.min(n, at & Pipe.ATOMIC - 1);
    }

    @Override
    public boolean seekable(OpenFile file) {
        return false;
    }

    @Override
    public int poll(OpenFile file, @Nullable Task waiter) {
        Pipe pipe = pipe(file);
        int events = 0;
        if (file.readable()) {
            if (waiter != null) {
                waiter.waitOn(pipe.forData);
            }
            events |= pipe.count > 0 ? Mode.POLLIN | Mode.POLLRDNORM : 0;
            boolean hadWriter = !(file.data instanceof Long seen && seen == pipe.writerOpens);
            events |= ends.writers(pipe) == 0 && hadWriter ? Mode.POLLHUP : 0;
        }
        if (file.writable()) {
            if (waiter != null) {
                waiter.waitOn(pipe.forRoom);
            }
            events |= pipe.room() >= Pipe.ATOMIC ? Mode.POLLOUT | Mode.POLLWRNORM : 0;
            events |= ends.readers(pipe) == 0 ? Mode.POLLERR : 0;
        }
        return events;
    }

    @Override
    public long ioctl(Task task, OpenFile file, int command, long argument) {
        if (command != FIONREAD) {
            return -Errno.ENOTTY;
        }
        int count = pipe(file).count;
        byte[] bytes = {(byte) count, (byte) (count >> 8), (byte) (count >> 16), (byte) (count >> 24)};
        return kernel.vm().write(task.memory(), argument, bytes, 0, bytes.length) ? 0 : -Errno.EFAULT;
    }

    @Override
    public long sync(Task task, OpenFile file) {
        return -Errno.EINVAL;
    }
}
