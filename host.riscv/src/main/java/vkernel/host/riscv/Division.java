package vkernel.host.riscv;

/**
 * Division as the M extension defines it where Java does not (The RISC-V Instruction Set Manual, volume I, "Semantics
 * for division by zero and division overflow"). Overflow is Java's own rule.
 */
final class Division {
    private Division() {}

    /** Executes a division; never traps. */
    static boolean execute(int op, long in, long[] regs) {
        long a = regs[Packed.rs1(in)];
        long b = regs[Packed.rs2(in)];
        regs[Packed.rd(in)] = switch (op) {
            case Op.DIV -> b == 0 ? -1 : a / b;
            case Op.DIVU -> b == 0 ? -1 : Long.divideUnsigned(a, b);
            case Op.REM -> b == 0 ? a : a % b;
            case Op.REMU -> b == 0 ? a : Long.remainderUnsigned(a, b);
            case Op.DIVW -> (int) b == 0 ? -1 : (int) a / (int) b;
            case Op.DIVUW -> (int) b == 0 ? -1 : Integer.divideUnsigned((int) a, (int) b);
            case Op.REMW -> (int) b == 0 ? (int) a : (int) a % (int) b;
            default -> (int) b == 0 ? (int) a : Integer.remainderUnsigned((int) a, (int) b);
        };
        return true;
    }
}
