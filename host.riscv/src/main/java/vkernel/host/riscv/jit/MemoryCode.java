package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
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
    private final PageCaches caches;
    /** Locals of the page number and the addend of each cache. */
    private final int[] tags = new int[Long.SIZE];

    private final int[] addends = new int[Long.SIZE];
    /** Caches that may be filled here. */
    private long filled;

    /** Before any other local is allocated for good. */
    MemoryCode(Body body, PageCaches caches) {
        this.body = body;
        this.b = body.b;
        this.caches = caches;
        for (long rest = caches.useful(); rest != 0; rest &= rest - 1) {
            int cache = Long.numberOfTrailingZeros(rest);
            tags[cache] = body.allocate();
            addends[cache] = body.allocate();
        }
    }

    /** Empties the page caches: at the start and after calls. */
    void forgetPages() {
        for (long rest = caches.useful(); rest != 0; rest &= rest - 1) {
            int cache = Long.numberOfTrailingZeros(rest);
            b.loadConstant(-1L).lstore(tags[cache]);
            b.lconst_0().lstore(addends[cache]);
        }
    }

    void begin(Block block) {
        filled = caches.filledAt(block);
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
        long bit = PageCaches.cache(insn, group);
        if ((caches.useful() & bit) == 0) {
            look(insn.va(), group);
            b.lstore(group.local);
        } else {
            remembered(insn.va(), group, Long.numberOfTrailingZeros(bit), (filled & bit) != 0);
            filled |= bit;
        }
    }

    private void remembered(long at, Groups.Group group, int cache, boolean maybe) {
        Label known = b.newLabel();
        if (maybe) {
            b.lload(Body.VA).lload(tags[cache]).loadConstant(group.high - group.low - 1);
            body.call(Body.RAW, "within", CD_boolean, CD_long, CD_long, CD_int);
            b.ifne(known);
        }
        look(at, group);
        b.lstore(addends[cache]);
        b.lload(Body.VA).bipush(PAGE_BITS).lushr().lstore(tags[cache]);
        b.labelBinding(known);
        b.lload(addends[cache]).lstore(group.local);
    }

    /** Pushes the addend of the page of {@link Body#VA}, from the TLB. */
    private void look(long at, Groups.Group group) {
        probe(at, group.stores, group.high - group.low);
        b.aload(group.stores ? Body.WRITE_ADDEND : Body.READ_ADDEND).lload(Body.OFFSET);
        body.call(Body.RAW, "entry", CD_long, Body.LONGS, CD_long);
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
