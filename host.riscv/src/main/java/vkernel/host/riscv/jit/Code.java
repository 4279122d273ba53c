package vkernel.host.riscv.jit;

/** The compiled code of a region: what the generated classes extend. Any hart's thread, and several at once. */
abstract class Code {
    /**
     * Runs guest code from the region's entry.
     *
     * @param core the hart's dispatcher
     * @param regs the hart's register file
     * @param depth calls that may still be nested on the Java stack
     * @return the address at which the guest goes on, with {@link Dispatcher#PAST} if the instruction there is one for
     *     the interpreter; or {@link Dispatcher#UNWIND} after a trap
     */
    abstract long run(Dispatcher core, long[] regs, int depth);
}
