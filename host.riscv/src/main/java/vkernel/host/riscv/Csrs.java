package vkernel.host.riscv;

import vkernel.host.engine.Hart;
import vkernel.host.engine.Registers;

/**
 * The control and status registers that user code may touch: fflags, frm, fcsr and time. Counters of cycles and
 * instructions are not given to it, as on Linux.
 */
public final class Csrs {
    public static final int FFLAGS = 0x001;
    private static final int FRM = 0x002;
    private static final int FCSR = 0x003;
    private static final int TIME = 0xC01;

    private static final int FLAGS_MASK = 0x1F;
    private static final int FRM_SHIFT = 5;
    private static final int FRM_MASK = 7;

    private Csrs() {}

    /** Executes an instruction of Zicsr. @return false when it is illegal, with nothing done */
    static boolean execute(Hart hart, int op, long in) {
        long[] regs = hart.regs;
        int csr = Packed.imm(in);
        int source = Packed.rs1(in);
        long operand = op >= Op.CSRRWI ? source : regs[source];
        if (readsTime(op, csr, source)) {
            hart.reportRetired();
            regs[Packed.rd(in)] = hart.clock.monotonic();
            return true;
        }
        if (!ofFloats(csr)) return false;
        regs[Packed.rd(in)] = access(regs, op, csr, operand, source);
        return true;
    }

    /** Whether it only reads the time, which is all that may be done with it. */
    public static boolean readsTime(int op, int csr, int source) {
        return csr == TIME && source == 0 && !replaces(op);
    }

    /** Whether it is fflags, frm or fcsr. */
    public static boolean ofFloats(int csr) {
        return csr >= FFLAGS && csr <= FCSR;
    }

    /** Executes an instruction on fflags, frm or fcsr. @param source 0 if it only reads @return the old value */
    public static long access(long[] regs, int op, int csr, long operand, int source) {
        int fcsr = (int) regs[Registers.FCSR] & 0xFF;
        int old = read(csr, fcsr);
        if (replaces(op) || source != 0) {
            boolean sets = op == Op.CSRRS || op == Op.CSRRSI;
            int value = replaces(op) ? (int) operand : sets ? old | (int) operand : old & (int) ~operand;
            regs[Registers.FCSR] = written(csr, fcsr, value);
        }
        return old;
    }

    private static boolean replaces(int op) {
        return op == Op.CSRRW || op == Op.CSRRWI;
    }

    private static int read(int csr, int fcsr) {
        return switch (csr) {
            case FFLAGS -> fcsr & FLAGS_MASK;
            case FRM -> fcsr >>> FRM_SHIFT;
            default -> fcsr;
        };
    }

    private static int written(int csr, int fcsr, int value) {
        return switch (csr) {
            case FFLAGS -> fcsr & ~FLAGS_MASK | value & FLAGS_MASK;
            case FRM -> fcsr & FLAGS_MASK | (value & FRM_MASK) << FRM_SHIFT;
            default -> value & 0xFF;
        };
    }
}
