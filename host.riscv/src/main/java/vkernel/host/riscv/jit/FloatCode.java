package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;
import vkernel.host.riscv.Without;

/**
 * Floating point by the host's own operations where {@link Fp} says that they are right; else the interpreter does the
 * instruction. What is done while "inexact" is not up stands behind the region's code.
 */
final class FloatCode {
    private static final ClassDesc MATH = Body.desc(Math.class);

    private final Body body;
    private final CodeBuilder b;
    /** Code for behind the region. */
    private final List<Runnable> aside = new ArrayList<>();

    FloatCode(Body body) {
        this.body = body;
        this.b = body.b;
    }

    /** Whether an instruction asks for {@link Body#MODE}. */
    static boolean asksMode(Insn i) {
        if (!i.floating()) return false;
        int op = i.plainFloat();
        return op < Op.FSGNJ || op >= Op.FCVT_FLOAT && op <= Op.FCVT_FROM_LU;
    }

    void writeAside() {
        aside.forEach(Runnable::run);
    }

    void write(Insn i) {
        int op = i.plainFloat();
        if (op < Op.FSGNJ) arithmetic(i);
        else if (op <= Op.FSGNJX) sign(i);
        else if (op <= Op.FMAX) extreme(i);
        else if (op <= Op.FLE) compare(i);
        else if (op == Op.FCVT_FLOAT) convert(i);
        else if (op <= Op.FCVT_LU) toInteger(i);
        else if (op <= Op.FCVT_FROM_LU) fromInteger(i);
        else moveToFloat(i);
    }

    private boolean wide(Insn i) {
        return i.wide();
    }

    private ClassDesc type(boolean wide) {
        return wide ? CD_double : CD_float;
    }

    private void push(boolean wide, int slot) {
        if (wide) body.pushDouble(slot);
        else body.pushSingle(slot);
    }

    private void pop(boolean wide, int slot) {
        if (wide) body.popDouble(slot);
        else body.popSingle(slot);
    }

    private static TypeKind kind(boolean wide) {
        return wide ? TypeKind.DOUBLE : TypeKind.FLOAT;
    }

    /** Leaves when a register of singles is not NaN-boxed. */
    private void unlessBoxed(Insn i, int... slots) {
        if (i.wide()) return;
        Label leave = body.leave(i.va());
        for (int n = 0; n < slots.length; n += 2) {
            body.push(slots[n]).push(slots[Math.min(n + 1, slots.length - 1)]);
            body.call(Body.FP, "boxed", CD_boolean, CD_long, CD_long);
            b.ifeq(leave);
        }
    }

    private static int[] operands(Insn i) {
        if (i.fused()) return new int[] {i.rs1(), i.rs2(), i.rs3()};
        if (i.plainFloat() == Op.FSQRT) return new int[] {i.rs1()};
        return new int[] {i.rs1(), i.rs2()};
    }

    private void arithmetic(Insn i) {
        boolean wide = wide(i);
        int[] from = operands(i);
        if (Without.FLOATS) {
            operands(i, wide, from);
            host(i, wide);
            pop(wide, i.rd());
            return;
        }
        unlessBoxed(i, from);
        Label leave = body.leave(i.va());
        Label exact = b.newLabel();
        Label check = b.newLabel();
        b.iload(Body.MODE).iconst_1().if_icmpne(exact);
        operands(i, wide, from);
        host(i, wide);
        b.storeLocal(kind(wide), Body.T);
        b.labelBinding(check);
        test(i, wide, from);
        b.ifeq(leave);
        b.loadLocal(kind(wide), Body.T);
        pop(wide, i.rd());
        aside.add(() -> {
            b.labelBinding(exact);
            b.iload(Body.MODE).iflt(leave);
            operands(i, wide, from);
            ClassDesc t = type(wide);
            ClassDesc[] types = from.length == 3
                    ? new ClassDesc[] {t, t, t}
                    : from.length == 2 ? new ClassDesc[] {t, t} : new ClassDesc[] {t};
            b.invokestatic(Body.FP, exactName(i), Body.type(t, types));
            b.storeLocal(kind(wide), Body.T);
            b.goto_(check);
        });
    }

    /** Pushes the operands; those of a fused operation with their signs. */
    private void operands(Insn i, boolean wide, int[] from) {
        int op = i.plainFloat();
        push(wide, from[0]);
        if (op == Op.FNMSUB || op == Op.FNMADD) negate(wide);
        for (int n = 1; n < from.length; n++) push(wide, from[n]);
        if (op == Op.FMSUB || op == Op.FNMADD) negate(wide);
    }

    private void negate(boolean wide) {
        if (wide) b.dneg();
        else b.fneg();
    }

    private void host(Insn i, boolean wide) {
        switch (i.plainFloat()) {
            case Op.FADD -> either(wide, b::dadd, b::fadd);
            case Op.FSUB -> either(wide, b::dsub, b::fsub);
            case Op.FMUL -> either(wide, b::dmul, b::fmul);
            case Op.FDIV -> either(wide, b::ddiv, b::fdiv);
            case Op.FSQRT -> {
                if (wide) b.invokestatic(MATH, "sqrt", Body.type(CD_double, CD_double));
                else b.invokestatic(Body.FP, "root", Body.type(CD_float, CD_float));
            }
            default -> b.invokestatic(MATH, "fma", Body.type(type(wide), type(wide), type(wide), type(wide)));
        }
    }

    private static void either(boolean wide, Runnable ofDoubles, Runnable ofSingles) {
        if (wide) ofDoubles.run();
        else ofSingles.run();
    }

    /** Pushes whether the result in {@link Body#T} is right. */
    private void test(Insn i, boolean wide, int[] from) {
        ClassDesc t = type(wide);
        b.loadLocal(kind(wide), Body.T);
        switch (i.plainFloat()) {
            case Op.FADD, Op.FSUB, Op.FSQRT -> b.invokestatic(Body.FP, "sum", Body.type(CD_boolean, t));
            case Op.FMUL -> {
                push(wide, from[0]);
                push(wide, from[1]);
                b.invokestatic(Body.FP, "product", Body.type(CD_boolean, t, t, t));
            }
            case Op.FDIV -> {
                push(wide, from[0]);
                b.invokestatic(Body.FP, "quotient", Body.type(CD_boolean, t, t));
            }
            default -> {
                for (int slot : from) push(wide, slot);
                b.invokestatic(Body.FP, "fused", Body.type(CD_boolean, t, t, t, t));
            }
        }
    }

    private static String exactName(Insn i) {
        return switch (i.plainFloat()) {
            case Op.FADD -> "exactSum";
            case Op.FSUB -> "exactDifference";
            case Op.FMUL -> "exactProduct";
            case Op.FDIV -> "exactQuotient";
            case Op.FSQRT -> "exactRoot";
            default -> "exactFused";
        };
    }

    private void sign(Insn i) {
        int op = i.plainFloat();
        boolean same = i.rs1() == i.rs2();
        if (i.wide() && same) {
            body.pushDouble(i.rs1());
            if (op == Op.FSGNJN) b.dneg();
            if (op == Op.FSGNJX) b.invokestatic(MATH, "abs", Body.type(CD_double, CD_double));
            body.popDouble(i.rd());
            return;
        }
        unlessBoxed(i, i.rs1(), i.rs2());
        String name = op == Op.FSGNJ ? "sign" : op == Op.FSGNJN ? "signNot" : "signXor";
        body.push(i.rs1()).push(i.rs2());
        b.loadConstant(i.wide() ? Long.MIN_VALUE : 1L << 31);
        body.call(Body.FP, name, CD_long, CD_long, CD_long, CD_long).pop(i.rd());
    }

    private void unlessOrdered(Insn i) {
        boolean wide = wide(i);
        unlessBoxed(i, i.rs1(), i.rs2());
        push(wide, i.rs1());
        push(wide, i.rs2());
        body.call(Body.FP, "unordered", CD_boolean, type(wide), type(wide));
        b.ifne(body.leave(i.va()));
    }

    private void extreme(Insn i) {
        boolean wide = wide(i);
        unlessOrdered(i);
        push(wide, i.rs1());
        push(wide, i.rs2());
        String name = i.plainFloat() == Op.FMIN ? "min" : "max";
        b.invokestatic(MATH, name, Body.type(type(wide), type(wide), type(wide)));
        pop(wide, i.rd());
    }

    private void compare(Insn i) {
        boolean wide = wide(i);
        unlessOrdered(i);
        push(wide, i.rs1());
        push(wide, i.rs2());
        String name = switch (i.plainFloat()) {
            case Op.FEQ -> "eq";
            case Op.FLT -> "lt";
            default -> "le";
        };
        body.call(Body.FP, name, CD_long, type(wide), type(wide)).pop(i.rd());
    }

    /** From single to double, which is always exact, or back. */
    private void convert(Insn i) {
        Label leave = body.leave(i.va());
        if (!i.wide()) {
            unlessBoxed(i, i.rs1());
            body.pushSingle(i.rs1());
            b.f2d().dstore(Body.T).dload(Body.T).dload(Body.T);
            body.call(Body.FP, "unordered", CD_boolean, CD_double, CD_double);
            b.ifne(leave).dload(Body.T);
            body.popDouble(i.rd());
            return;
        }
        body.pushDouble(i.rs1());
        b.iload(Body.MODE);
        body.call(Body.FP, "single", CD_float, CD_double, CD_int);
        b.fstore(Body.T).fload(Body.T);
        body.pushDouble(i.rs1()).call(Body.FP, "narrowed", CD_boolean, CD_float, CD_double);
        b.ifeq(leave).fload(Body.T);
        body.popSingle(i.rd());
    }

    private void toInteger(Insn i) {
        int op = i.plainFloat();
        unlessBoxed(i, i.rs1());
        if (i.wide()) {
            body.pushDouble(i.rs1());
        } else {
            body.pushSingle(i.rs1());
            b.f2d();
        }
        b.dstore(Body.T).dload(Body.T);
        boolean signed = op == Op.FCVT_W || op == Op.FCVT_L;
        double limit = op == Op.FCVT_W ? 0x1p31 : op == Op.FCVT_WU ? 0x1p32 : 0x1p63;
        b.loadConstant(limit).loadConstant(signed ? 1 : 0).iload(Body.MODE);
        body.call(Body.FP, "cuts", CD_boolean, CD_double, CD_double, CD_boolean, CD_int);
        b.ifeq(body.leave(i.va())).dload(Body.T);
        if (op == Op.FCVT_W) b.d2i().i2l();
        else b.d2l();
        if (op == Op.FCVT_WU) b.l2i().i2l();
        body.pop(i.rd());
    }

    private void fromInteger(Insn i) {
        int op = i.plainFloat();
        body.push(i.rs1());
        if (op == Op.FCVT_FROM_W) b.l2i().i2l();
        if (op == Op.FCVT_FROM_WU) b.loadConstant(0xFFFF_FFFFL).land();
        boolean small = op == Op.FCVT_FROM_W || op == Op.FCVT_FROM_WU;
        if (!small || !i.wide()) {
            b.lstore(Body.T).lload(Body.T).iload(Body.MODE).loadConstant(op == Op.FCVT_FROM_LU ? 0 : 1);
            body.call(Body.FP, i.wide() ? "fits" : "fitsSingle", CD_boolean, CD_long, CD_int, CD_boolean);
            b.ifeq(body.leave(i.va())).lload(Body.T);
        }
        if (i.wide()) {
            b.l2d();
            body.popDouble(i.rd());
        } else {
            b.l2f();
            body.popSingle(i.rd());
        }
    }

    private void moveToFloat(Insn i) {
        body.push(i.rs1());
        b.loadConstant(-1L << 32).lor();
        body.pop(i.rd());
    }

    /** The registers of floats that are best kept as doubles: those of arithmetic on doubles alone. */
    static long doubles(List<Block> blocks) {
        long wide = 0;
        long narrow = 0;
        for (Block block : blocks) {
            for (Insn i : block.body) {
                long all = (i.reads() | i.writes()) & -1L << 32;
                if (i.op() == Op.LD || i.op() == Op.SD || i.op() == Op.MV) continue;
                if (i.floating() && i.wide() && i.plainFloat() != Op.FCVT_FLOAT) wide |= all;
                else if (i.floating() && i.plainFloat() == Op.FCVT_FLOAT) {
                    if (i.wide()) {
                        wide |= Insn.bit(i.rs1());
                        narrow |= Insn.bit(i.rd());
                    } else {
                        wide |= Insn.bit(i.rd());
                        narrow |= Insn.bit(i.rs1());
                    }
                } else narrow |= all;
            }
        }
        return wide & ~narrow;
    }
}
