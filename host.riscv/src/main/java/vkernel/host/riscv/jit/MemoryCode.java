package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import vkernel.host.engine.Tlb;
import vkernel.host.riscv.Op;

/**
 * Loads and stores: a look into the TLB for each group of accesses, then raw memory. What the TLB does not answer
 * leaves the region before anything of the group was done.
 */
final class MemoryCode {
    private static final int PAGE_BITS = 12;
    private static final long INDEX_BYTES = Tlb.ENTRIES - 1 << 3;

    private final Body body;
    private final CodeBuilder b;

    MemoryCode(Body body) {
        this.body = body;
        this.b = body.b;
    }

    void write(Insn insn, Groups.Group group) {
        if (group.local < 0) check(insn, group);
        if (insn.load()) load(insn, group);
        else store(insn, group);
    }

    /** Looks up the page of a group and keeps its addend. */
    private void check(Insn insn, Groups.Group group) {
        group.local = body.scratch();
        int low = group.low - group.offset;
        body.pushSum(insn.rs1(), (long) insn.imm() + low);
        b.lstore(Body.VA);
        probe(insn.va(), group.stores, group.high - group.low);
        b.aload(group.stores ? Body.WRITE_ADDEND : Body.READ_ADDEND).lload(Body.OFFSET);
        body.call(Body.RAW, "entry", CD_long, Body.LONGS, CD_long);
        b.lstore(group.local);
    }

    /** Leaves unless the TLB has the page of {@link Body#VA}, on which so many bytes lie whole. */
    void probe(long at, boolean stores, int bytes) {
        Label miss = body.leave(at);
        b.lload(Body.VA)
                .bipush(PAGE_BITS - 3)
                .lushr()
                .loadConstant(INDEX_BYTES)
                .land()
                .lstore(Body.OFFSET);
        b.aload(stores ? Body.WRITE : Body.READ).lload(Body.OFFSET);
        body.call(Body.RAW, "entry", CD_long, Body.LONGS, CD_long);
        b.lload(Body.VA);
        if (bytes > 1) {
            body.constant(bytes - 1);
            b.ladd();
        }
        b.bipush(PAGE_BITS).lushr().lcmp().ifne(miss);
    }

    private void host(Insn insn, Groups.Group group) {
        body.push(insn.rs1());
        b.lload(group.local).ladd();
        if (insn.imm() != 0) {
            body.constant(insn.imm());
            b.ladd();
        }
    }

    private void load(Insn insn, Groups.Group group) {
        host(insn, group);
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
        body.call(Body.RAW, name, CD_long, CD_long).pop(insn.rd());
    }

    private void store(Insn insn, Groups.Group group) {
        host(insn, group);
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
        body.push(insn.rs2()).call(Body.RAW, name, CD_void, CD_long, CD_long);
    }
}
