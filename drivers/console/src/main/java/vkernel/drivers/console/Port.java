package vkernel.drivers.console;

import vkernel.host.Channel;
import vkernel.kern.Kernel;

/** What ties a terminal or a stream to its host channel (Linux: struct tty_port). Soft: made anew after a swap. */
abstract sealed class Port permits TtyPort, StreamPort {
    final Kernel kernel;
    final Channel channel;

    Port(Kernel kernel, Channel channel, String name) {
        this.kernel = kernel;
        this.channel = channel;
        channel.listener(kernel.irq(name, this::service)::raise);
    }

    /** The interrupt handler: takes input, sends output, wakes who waits for either. */
    final void service() {
        transmit();
        receive();
    }

    /** Takes what has come in, as far as there is room. */
    abstract void receive();

    /** Sends what the channel will take. */
    abstract void transmit();

    /** Whether everything written has left the kernel and the host. */
    abstract boolean drained();

    /** Whether nobody has it open. */
    abstract boolean idle();

    /** The host is to tell nobody any more. */
    final void detach() {
        channel.listener(() -> {});
    }
}
