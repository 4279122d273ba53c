package vkernel.host.riscv;

import java.util.Set;

/**
 * What regions and blocks leave out, to measure what it costs: {@code -Dvkernel.engine.without=attention,budget,traps,fp}. For
 * benchmarks alone, see {@code bench/run costs}: without any of them a kernel is wrong. Empty otherwise, and constant.
 */
public final class Without {
    private static final Set<String> PARTS =
            Set.of(System.getProperty("vkernel.engine.without", "").split(","));

    /** Looking whether somebody wants the hart's attention: preemption, signals, shootdowns. */
    public static final boolean ATTENTION = PARTS.contains("attention");
    /** Counting instructions and looking whether the budget is used up. */
    public static final boolean BUDGET = PARTS.contains("budget");
    /** Registers that look dead, where a region may be left for the interpreter or a trap; blocks have none. */
    public static final boolean TRAPS = PARTS.contains("traps");
    /** Whether the result of the host's arithmetic is the guest's, flags included. */
    public static final boolean FLOATS = PARTS.contains("fp");

    private Without() {}
}
