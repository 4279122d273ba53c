package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import vkernel.host.riscv.Op;

/**
 * Loads and stores: a check for each group of accesses, then raw memory. What does not pass the check leaves the
 * region before anything of the group was done.
 */
abstract sealed class MemoryCode permits TlbCode, WindowCode {
    final Body body;
    final CodeBuilder b;

    MemoryCode(Body body) {
        this.body = body;
        this.b = body.b;
    }

    /** Code for the region's start. */
    abstract void prologue();

    /** Code for what a call may have changed. */
    abstract void afterCall();

    abstract void begin(Block block);

    /** Checks a group and notes where it is in {@link Groups.Group#local}. */
    abstract void check(Insn insn, Groups.Group group);

    /** Pushes the host address of an access of a group that was checked. */
    abstract void pushHost(Insn insn, Groups.Group group);

    /** Pushes the host address of {@link Body#VA}, or leaves. */
    abstract void pushHost(long at, boolean stores);

    void write(Insn insn, Groups.Group group) {
        if (group.local < 0) check(insn, group);
        if (insn.load()) load(insn, group);
        else store(insn, group);
    }

    /** Pushes the lowest address of a group into {@link Body#VA}. */
    final void lowest(Insn insn, Groups.Group group) {
        body.pushSum(insn.rs1(), (long) insn.imm() + group.low - group.offset);
        b.lstore(Body.VA);
    }

    private void load(Insn insn, Groups.Group group) {
        pushHost(insn, group);
        if (insn.op() == Op.LD && body.isDouble(insn.rd())) {
            body.call(Body.RAW, "fld", CD_double, CD_long).popDouble(insn.rd());
            return;
        }
        String name = switch (insn.op()) {
            case Op.LB -> "lb";
            case Op.LBU -> "lbu";
            case Op.LH -> "lh";
            case Op.LHU -> "lhu";
            case Op.LW -> "lw";
            case Op.LWU -> "lwu";
            case Op.FLW -> "flw";
            default -> "ld";
        };
        if (insn.size() == 8 || insn.op() == Op.LWU || insn.op() == Op.FLW) {
            body.call(Body.RAW, name, CD_long, CD_long).pop(insn.rd());
        } else {
            body.call(Body.RAW, name, CD_int, CD_long);
            if (insn.writes() == 0) b.pop();
            else body.popInt(insn.rd());
        }
    }

    private void store(Insn insn, Groups.Group group) {
        pushHost(insn, group);
        if (insn.op() == Op.SD && body.isDouble(insn.rs2())) {
            body.pushDouble(insn.rs2()).call(Body.RAW, "fsd", CD_void, CD_long, CD_double);
            return;
        }
        String name = switch (insn.op()) {
            case Op.SB -> "sb";
            case Op.SH -> "sh";
            case Op.SW -> "sw";
            default -> "sd";
        };
        if (insn.size() == 8) body.push(insn.rs2()).call(Body.RAW, name, CD_void, CD_long, CD_long);
        else body.pushInt(insn.rs2()).call(Body.RAW, name, CD_void, CD_long, CD_int);
    }
}
