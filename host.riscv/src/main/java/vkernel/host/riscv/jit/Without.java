package vkernel.host.riscv.jit;

import java.util.Set;

/**
 * What regions leave out, to measure what it costs: {@code -Dvkernel.translator.without=attention,budget,traps,fp}. For
 * benchmarks alone, see {@code bench/run costs}: without any of them a kernel is wrong. Empty otherwise, and constant.
 */
final class Without {
    private static final Set<String> PARTS =
            Set.of(System.getProperty("vkernel.translator.without", "").split(","));

    /** Looking whether somebody wants the hart's attention: preemption, signals, shootdowns. */
    static final boolean ATTENTION = PARTS.contains("attention");
    /** Counting instructions and looking whether the budget is used up. */
    static final boolean BUDGET = PARTS.contains("budget");
    /** Registers that look dead, where a region may be left for the interpreter or a trap. */
    static final boolean TRAPS = PARTS.contains("traps");
    /** Whether the result of the host's arithmetic is the guest's, flags included. */
    static final boolean FLOATS = PARTS.contains("fp");

    private Without() {}
}
