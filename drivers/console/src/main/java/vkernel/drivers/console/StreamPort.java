package vkernel.drivers.console;

import org.jspecify.annotations.Nullable;
import vkernel.dev.ByteRing;
import vkernel.dev.ByteStream;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.host.Channel;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/** A channel that is no terminal: reads and writes as on the ends of a pipe (pipe(7)). */
final class StreamPort extends Port implements End {
    final ByteStream stream;
    private final byte[] chunk = new byte[8192];

    StreamPort(Kernel kernel, Channel channel, ByteStream stream) {
        super(kernel, channel);
        this.stream = stream;
    }

    @Override
    void receive() {
        boolean news = false;
        while (!stream.ended && stream.input.room() > 0) {
            int n = channel.read(chunk, 0, Math.min(chunk.length, stream.input.room()));
            if (n == 0) {
                break;
            }
            news = true;
            if (n < 0) {
                stream.ended = true;
            } else {
                stream.input.add(chunk, 0, n);
            }
        }
        if (news) {
            kernel.wake(stream.forInput);
        }
    }

    @Override
    void transmit() {
        boolean sent = false;
        while (!stream.output.isEmpty() && !stream.broken) {
            int want = stream.output.peek(chunk, 0, chunk.length);
            int n = channel.write(chunk, 0, want);
            if (n < 0) {
                stream.broken = true;
                stream.output.clear();
            } else {
                stream.output.drop(n);
            }
            sent |= n != 0;
            if (n < want) {
                break;
            }
        }
        if (sent) {
            kernel.wake(stream.forOutput);
        }
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to) {
        receive();
        ByteRing input = stream.input;
        if (input.isEmpty() && !stream.ended) {
            if (file.nonblocking()) {
                return -Errno.EAGAIN;
            }
            task.waitOn(stream.forInput);
            return Kernel.BLOCKED;
        }
        int total = 0;
        while (!input.isEmpty() && to.remaining() > 0) {
            int n = input.peek(chunk, 0, (int) Math.min(chunk.length, to.remaining()));
            int moved = to.put(chunk, 0, n);
            input.drop(moved);
            total += moved;
            if (moved < n) {
                break;
            }
        }
        receive();
        return total == 0 && to.faulted() ? -Errno.EFAULT : total;
    }

    @Override
    public long write(Task task, OpenFile file, IoBuffer from) {
        long done = 0;
        ByteRing output = stream.output;
        while (from.remaining() > 0 && !stream.broken) {
            if (output.room() == 0) {
                transmit();
            }
            int n = from.get(chunk, 0, (int) Math.min(Math.min(chunk.length, output.room()), from.remaining()));
            if (n == 0) {
                break;
            }
            output.add(chunk, 0, n);
            done += n;
        }
        transmit();
        if (stream.broken) {
            kernel.signal(task, SigInfo.user(Signal.SIGPIPE, task.process.pid, task.credentials.uid()));
            return -Errno.EPIPE;
        }
        return done > 0 ? done : nothingWritten(task, file, from, stream.forOutput);
    }

    @Override
    public int poll(OpenFile file, @Nullable Task waiter) {
        receive();
        int events = 0;
        if (file.readable()) {
            events |= stream.input.isEmpty() ? 0 : Mode.POLLIN | Mode.POLLRDNORM;
            events |= stream.ended ? Mode.POLLHUP : 0;
        }
        if (file.writable()) {
            events |= stream.output.room() > 0 ? Mode.POLLOUT | Mode.POLLWRNORM : 0;
            events |= stream.broken ? Mode.POLLERR : 0;
        }
        if (waiter != null) {
            waiter.waitOn(stream.forInput);
            waiter.waitOn(stream.forOutput);
        }
        return events;
    }

    /** A line from the kernel; loses what there is no room for. */
    void print(byte[] line) {
        stream.output.add(line, 0, line.length);
        stream.output.add((byte) '\n');
        transmit();
    }

    @Override
    boolean drained() {
        transmit();
        return stream.broken || stream.output.isEmpty() && channel.drained();
    }

    @Override
    boolean idle() {
        return stream.opens == 0 && stream.output.isEmpty();
    }
}
