package vkernel.host.riscv;

import static vkernel.host.riscv.FloatFormat.DOUBLE;
import static vkernel.host.riscv.FloatFormat.SINGLE;

import vkernel.host.engine.Registers;

/**
 * Executes the F and D instructions that are more than a move: NaN boxing, rounding mode, flags. Arithmetic goes to
 * {@link HostFloat} when that is exact, else to {@link SoftFloat}. One hart's thread.
 */
final class Fpu {
    private static final long BOX = -1L << 32;

    /** The value of a rounding mode field that means "as frm says". */
    private static final int DYNAMIC = 7;

    private final Rounding rounding = new Rounding();
    private final SoftFloat soft = new SoftFloat(rounding);
    private final Conversion conversion = new Conversion(rounding);

    /** Executes an instruction. @return false when its rounding mode is illegal, with nothing done */
    boolean execute(int op, long in, long[] regs) {
        boolean wide = (op & 1) != 0;
        int plain = op & ~1;
        if (plain >= Op.FSGNJ && plain <= Op.FCLASS || plain == Op.FMV_W_X) {
            regs[Packed.rd(in)] = unrounded(plain, wide, in, regs);
        } else {
            int fcsr = (int) regs[Registers.FCSR];
            int mode = Packed.imm(in) & 7;
            if (mode == DYNAMIC) mode = fcsr >>> 5 & 7;
            if (mode > Rounding.RMM) return false;
            regs[Packed.rd(in)] = rounded(plain, wide, in, regs, mode, (fcsr & Rounding.INEXACT) != 0);
        }
        regs[Registers.FCSR] |= rounding.takeFlags();
        return true;
    }

    private long rounded(int op, boolean wide, long in, long[] regs, int mode, boolean inexact) {
        if (op >= Op.FCVT_FROM_W) return fromInteger(op, wide, regs[Packed.rs1(in)], mode);
        if (op >= Op.FCVT_W) return toInteger(op, wide, operand(wide, regs[Packed.rs1(in)]), mode);
        if (op == Op.FCVT_FLOAT) return wide ? toSingle(regs[Packed.rs1(in)], mode) : toDouble(regs[Packed.rs1(in)]);
        if (mode == Rounding.RNE) {
            long fast = wide ? HostFloat.ofDoubles(op, in, regs, inexact) : HostFloat.ofSingles(op, in, regs, inexact);
            if (fast != HostFloat.UNSURE) return fast;
        }
        return arithmetic(op, wide, in, regs, mode);
    }

    private long arithmetic(int op, boolean wide, long in, long[] regs, int mode) {
        FloatFormat f = wide ? DOUBLE : SINGLE;
        long a = operand(wide, regs[Packed.rs1(in)]);
        long b = operand(wide, regs[Packed.rs2(in)]);
        long result = switch (op) {
            case Op.FADD -> soft.add(f, a, b, mode);
            case Op.FSUB -> soft.subtract(f, a, b, mode);
            case Op.FMUL -> soft.multiply(f, a, b, mode);
            case Op.FDIV -> soft.divide(f, a, b, mode);
            case Op.FSQRT -> soft.squareRoot(f, a, mode);
            default -> {
                long c = operand(wide, regs[Packed.imm(in) >>> 3]);
                boolean negated = op == Op.FNMSUB || op == Op.FNMADD;
                boolean subtracted = op == Op.FMSUB || op == Op.FNMADD;
                yield soft.multiplyAdd(f, negated ? a ^ f.signBit() : a, b, subtracted ? c ^ f.signBit() : c, mode);
            }
        };
        return wide ? result : BOX | result;
    }

    private long toSingle(long a, int mode) {
        return BOX | conversion.convert(DOUBLE, SINGLE, a, mode);
    }

    private long toDouble(long a) {
        return conversion.convert(SINGLE, DOUBLE, operand(false, a), Rounding.RNE);
    }

    private long fromInteger(int op, boolean wide, long a, int mode) {
        long value = op == Op.FCVT_FROM_W ? (int) a : op == Op.FCVT_FROM_WU ? a & ~BOX : a;
        boolean signed = op == Op.FCVT_FROM_W || op == Op.FCVT_FROM_L;
        if (wide && op <= Op.FCVT_FROM_WU) return Double.doubleToRawLongBits(value);
        long result = conversion.fromInteger(wide ? DOUBLE : SINGLE, value, signed, mode);
        return wide ? result : BOX | result;
    }

    private long toInteger(int op, boolean wide, long a, int mode) {
        boolean signed = op == Op.FCVT_W || op == Op.FCVT_L;
        int bits = op <= Op.FCVT_WU ? 32 : 64;
        return conversion.toInteger(wide ? DOUBLE : SINGLE, a, signed, bits, mode);
    }

    private long unrounded(int op, boolean wide, long in, long[] regs) {
        if (op == Op.FMV_W_X) return BOX | regs[Packed.rs1(in)];
        FloatFormat f = wide ? DOUBLE : SINGLE;
        long a = operand(wide, regs[Packed.rs1(in)]);
        long b = operand(wide, regs[Packed.rs2(in)]);
        long box = wide ? 0 : BOX;
        return switch (op) {
            case Op.FSGNJ -> box | f.magnitude(a) | b & f.signBit();
            case Op.FSGNJN -> box | f.magnitude(a) | ~b & f.signBit();
            case Op.FSGNJX -> box | a ^ b & f.signBit();
            case Op.FMIN -> box | minimum(f, a, b, false);
            case Op.FMAX -> box | minimum(f, a, b, true);
            case Op.FEQ -> compare(f, a, b, f.signallingNan(a) || f.signallingNan(b), false, true);
            case Op.FLT -> compare(f, a, b, true, true, false);
            case Op.FLE -> compare(f, a, b, true, true, true);
            default -> classify(f, a);
        };
    }

    private long compare(FloatFormat f, long a, long b, boolean nanIsInvalid, boolean less, boolean equal) {
        if (f.nan(a) || f.nan(b)) {
            if (nanIsInvalid) rounding.raise(Rounding.INVALID);
            return 0;
        }
        boolean same = a == b || f.zero(a) && f.zero(b);
        return same ? (equal ? 1 : 0) : less && order(f, a) < order(f, b) ? 1 : 0;
    }

    /** minimumNumber of IEEE 754-2019, or maximumNumber: a NaN loses against a number, -0 is below +0. */
    private long minimum(FloatFormat f, long a, long b, boolean maximum) {
        if (f.signallingNan(a) || f.signallingNan(b)) rounding.raise(Rounding.INVALID);
        if (f.nan(a)) return f.nan(b) ? f.canonicalNan() : b;
        if (f.nan(b)) return a;
        return order(f, a) < order(f, b) != maximum ? a : b;
    }

    /** A number that orders floats as their values, -0 below +0. */
    private static long order(FloatFormat f, long a) {
        return f.negative(a) ? ~f.magnitude(a) : a;
    }

    private static long classify(FloatFormat f, long a) {
        if (f.nan(a)) return f.signallingNan(a) ? 1 << 8 : 1 << 9;
        boolean subnormal = f.magnitude(a) >>> f.fraction() == 0;
        int kind = f.infinite(a) ? 0 : f.zero(a) ? 3 : subnormal ? 2 : 1;
        return f.negative(a) ? 1 << kind : 1 << 7 - kind;
    }

    /** The float in a register: a single that is not NaN-boxed counts as a NaN. */
    private static long operand(boolean wide, long register) {
        if (wide) return register;
        return register >>> 32 == 0xFFFF_FFFFL ? register & ~BOX : SINGLE.canonicalNan();
    }
}
