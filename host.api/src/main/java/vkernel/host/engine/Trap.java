package vkernel.host.engine;

/** Why user code stopped. A trap is a code and fields of the {@link Hart}: nothing is allocated. */
public final class Trap {
    /** {@code ecall}. */
    public static final int SYSCALL = 0;
    /** The page is missing; {@code hart.trapAddress}, {@code hart.trapAccess}. */
    public static final int PAGE_MISSING = 1;
    /** The page does not allow the access; {@code hart.trapAddress}, {@code hart.trapAccess}. */
    public static final int PAGE_PROTECTED = 2;
    /** An instruction that is not there or not allowed; {@code hart.trapAddress} holds its bits. */
    public static final int ILLEGAL = 3;
    /** {@code ebreak}. */
    public static final int BREAKPOINT = 4;
    /** A misaligned atomic or jump; {@code hart.trapAddress}, {@code hart.trapAccess}. */
    public static final int MISALIGNED = 5;
    /** The budget is used up. */
    public static final int BUDGET = 6;
    /** Somebody called {@link Hart#interrupt}. */
    public static final int INTERRUPT = 7;

    private static final String[] NAMES = {
        "syscall",
        "page missing",
        "page protected",
        "illegal instruction",
        "breakpoint",
        "misaligned",
        "budget",
        "interrupt"
    };

    /** The name of a code, for people. */
    public static String name(int code) {
        return NAMES[code];
    }

    private Trap() {}
}
