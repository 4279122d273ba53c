package vkernel.host.riscv.amd64;

/** The exception flags of the host's control and status word of floats (MXCSR), and what they are to the guest. */
final class HostFlags {
    /** All of them. */
    static final int MASK = 63;

    private HostFlags() {}

    /** The bits of fflags for those of the host; that an operand was subnormal is nothing to the guest. */
    static int guest(int host) {
        return host >>> 5 & 1 | host >>> 3 & 2 | host >>> 1 & 4 | host << 1 & 8 | host << 4 & 16;
    }
}
