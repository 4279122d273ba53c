package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/**
 * Loads and stores: a check for each group of accesses, then raw memory. What does not pass the check leaves the
 * region before anything of the group was done.
 */
abstract sealed class MemoryCode permits TlbCode, WindowCode {
    final Body body;
    final CodeBuilder b;
    final RawCode raw;

    MemoryCode(Body body) {
        this.body = body;
        this.b = body.b;
        this.raw = body.raw;
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
        raw.begin();
        pushHost(insn, group);
        if (insn.op() == Op.LD && body.isDouble(insn.rd())) {
            raw.access("getDouble", CD_double);
            body.popDouble(insn.rd());
            return;
        }
        switch (insn.op()) {
            case Op.LB, Op.LBU -> raw.access("getByte", CD_byte);
            case Op.LH, Op.LHU -> raw.access("getShort", CD_short);
            case Op.LW, Op.LWU, Op.FLW -> raw.access("getInt", CD_int);
            default -> raw.access("getLong", CD_long);
        }
        if (insn.op() == Op.LBU) b.loadConstant(0xFF).iand();
        if (insn.op() == Op.LHU) b.loadConstant(0xFFFF).iand();
        if (insn.op() == Op.LWU) b.i2l().loadConstant(0xFFFF_FFFFL).land();
        if (insn.op() == Op.FLW) b.i2l().loadConstant(-1L << Integer.SIZE).lor();
        if (insn.size() == 8 || insn.op() == Op.LWU || insn.op() == Op.FLW) body.pop(insn.rd());
        else if (insn.writes() == 0) b.pop();
        else body.popInt(insn.rd());
    }

    private void store(Insn insn, Groups.Group group) {
        raw.begin();
        pushHost(insn, group);
        if (insn.op() == Op.SD && body.isDouble(insn.rs2())) {
            body.pushDouble(insn.rs2());
            raw.access("putDouble", CD_void, CD_double);
            return;
        }
        if (insn.size() == 8) body.push(insn.rs2());
        else body.pushInt(insn.rs2());
        switch (insn.op()) {
            case Op.SB -> {
                b.i2b();
                raw.access("putByte", CD_void, CD_byte);
            }
            case Op.SH -> {
                b.i2s();
                raw.access("putShort", CD_void, CD_short);
            }
            case Op.SW -> raw.access("putInt", CD_void, CD_int);
            default -> raw.access("putLong", CD_void, CD_long);
        }
    }
}
