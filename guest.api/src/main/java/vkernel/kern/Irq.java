package vkernel.kern;

/** An interrupt line: how a device driver hears from a host thread. */
@FunctionalInterface
public interface Irq {
    /**
     * Asks for the line's handler to be run soon on a hart, with the kernel lock held. Any thread; never waits;
     * allocates nothing. Several calls before the handler runs count as one.
     */
    void raise();
}
