package vkernel.abi;

/** What uname(2), /proc/version and /proc/sys/kernel call this system. */
public final class Uts {
    public static final String SYSNAME = "Linux";
    public static final String RELEASE = "6.12.0-vkernel";
    public static final String VERSION = "#1 SMP vkernel";
    public static final String MACHINE = "riscv64";
    /** NIS domain at boot. */
    public static final String DOMAIN = "(none)";

    private Uts() {}
}
