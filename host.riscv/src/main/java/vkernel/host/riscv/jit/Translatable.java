package vkernel.host.riscv.jit;

import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;
import vkernel.host.riscv.Rounding;

/** Which instructions the interpreter must execute: those that trap or are not worth the code. */
final class Translatable {
    /** The rounding mode "as frm says". */
    static final int DYNAMIC = 7;

    private Translatable() {}

    static boolean no(Insn insn) {
        int op = insn.op();
        if (insn.floating()) return !floating(insn);
        if (CsrCode.is(insn)) return false;
        return op == Op.FENCE_I || op >= Op.ECALL && op < Op.LR_W;
    }

    private static boolean floating(Insn insn) {
        int op = insn.plainFloat();
        if (op == Op.FCLASS) return false;
        if (op >= Op.FSGNJ && op <= Op.FLE || op == Op.FMV_W_X) return true;
        if (op == Op.FCVT_FLOAT && !insn.wide()) return true;
        if (op == Op.FCVT_FROM_W && insn.wide() || op == Op.FCVT_FROM_WU && insn.wide()) return true;
        if (op >= Op.FCVT_W && op <= Op.FCVT_LU) return insn.mode() == Rounding.RTZ;
        return insn.mode() == Rounding.RNE || insn.mode() == DYNAMIC;
    }
}
