package vkernel.drivers.console;

import vkernel.fs.IoBuffer;
import vkernel.fs.OpenFile;
import vkernel.host.Channel;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Task;
import vkernel.task.WaitQueue;

/** What ties a terminal or a stream to its host channel (Linux: struct tty_port). Soft: made anew after a swap. */
abstract sealed class Port permits TtyPort, StreamPort {
    final Kernel kernel;
    final Channel channel;
    private boolean detached;

    Port(Kernel kernel, Channel channel) {
        this.kernel = kernel;
        this.channel = channel;
    }

    /** From now on the channel's news are interrupts. */
    final void listen(String name) {
        channel.listener(kernel.irq(name, this::service)::raise);
    }

    /** The interrupt handler: takes input, sends output, wakes who waits for either. */
    final void service() {
        if (!detached) {
            transmit();
            receive();
        }
    }

    /** Takes what has come in, as far as there is room. */
    abstract void receive();

    /** Sends what the channel will take. */
    abstract void transmit();

    /** Whether everything written has left the kernel and the host. */
    abstract boolean drained();

    /** Whether nobody has it open. */
    abstract boolean idle();

    /** What a write returns that has moved nothing. */
    static long nothingWritten(Task task, OpenFile file, IoBuffer from, WaitQueue room) {
        if (from.faulted()) {
            return -Errno.EFAULT;
        }
        if (from.remaining() == 0) {
            return 0;
        }
        if (file.nonblocking()) {
            return -Errno.EAGAIN;
        }
        task.waitOn(room);
        return Kernel.BLOCKED;
    }

    /** No more interrupts are served: a successor is, or will be, the channel's listener. */
    final void detach() {
        detached = true;
    }

    /** The same, and the host tells nobody until there is a successor. */
    final void disconnect() {
        detach();
        channel.listener(Channel.NOBODY);
    }
}
