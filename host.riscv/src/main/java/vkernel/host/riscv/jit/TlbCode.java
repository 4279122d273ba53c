package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.Label;
import vkernel.host.engine.Tlb;
import vkernel.host.riscv.Insn;

/** Memory by the TLB: where there are no windows. The page last found for a base register is remembered. */
final class TlbCode extends MemoryCode {
    private static final int PAGE_BITS = 12;
    private static final long INDEX_BYTES = Tlb.ENTRIES - 1 << 3;

    private final PageCaches caches;
    /** Locals of the page number and the addend of each cache. */
    private final int[] tags = new int[Long.SIZE];

    private final int[] addends = new int[Long.SIZE];
    /** Caches that may be filled here. */
    private long filled;

    /** Before any other local is allocated for good. */
    TlbCode(Body body, PageCaches caches) {
        super(body);
        this.caches = caches;
        for (long rest = caches.useful(); rest != 0; rest &= rest - 1) {
            int cache = Long.numberOfTrailingZeros(rest);
            tags[cache] = body.allocate();
            addends[cache] = body.allocate();
        }
    }

    @Override
    void prologue() {
        b.aload(Body.HART_LOCAL).getfield(Body.HART, "tlb", Prologue.TLB).astore(Body.VA);
        array("read", Body.READ);
        array("readAddend", Body.READ_ADDEND);
        array("write", Body.WRITE);
        array("writeAddend", Body.WRITE_ADDEND);
        afterCall();
    }

    private void array(String name, int local) {
        b.aload(Body.VA).getfield(Prologue.TLB, name, Body.LONGS).astore(local);
    }

    /** Empties the page caches. */
    @Override
    void afterCall() {
        for (long rest = caches.useful(); rest != 0; rest &= rest - 1) {
            int cache = Long.numberOfTrailingZeros(rest);
            b.loadConstant(-1L).lstore(tags[cache]);
            b.lconst_0().lstore(addends[cache]);
        }
    }

    @Override
    void begin(Block block) {
        filled = caches.filledAt(block);
    }

    /** Looks up the page of a group and keeps its addend. */
    @Override
    void check(Insn insn, Groups.Group group) {
        group.local = body.scratch();
        lowest(insn, group);
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

    @Override
    void pushHost(long at, boolean stores) {
        probe(at, stores, 1);
        b.lload(Body.VA).aload(stores ? Body.WRITE_ADDEND : Body.READ_ADDEND).lload(Body.OFFSET);
        body.call(Body.RAW, "entry", CD_long, Body.LONGS, CD_long);
        b.ladd();
    }

    /** Leaves unless the TLB has the page of {@link Body#VA}, on which so many bytes lie whole. */
    private void probe(long at, boolean stores, int bytes) {
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

    @Override
    void pushHost(Insn insn, Groups.Group group) {
        body.push(insn.rs1());
        b.lload(group.local).ladd();
        if (insn.imm() != 0) {
            body.constant(insn.imm());
            b.ladd();
        }
    }
}
