package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.Label;
import vkernel.host.Vpte;
import vkernel.host.Window;
import vkernel.host.riscv.Insn;

/**
 * Memory by a {@link Window}: where a byte is follows from its address alone, so that an access waits for nothing; the
 * check whether the page is open is a branch beside it.
 */
final class WindowCode extends MemoryCode {
    private static final long PAGE = -1L << Vpte.PAGE_SHIFT;

    private final int base;

    /** Before any scratch local is taken. */
    WindowCode(Body body) {
        super(body);
        base = body.allocate();
    }

    @Override
    void prologue() {
        b.aload(Body.CORE).getfield(Body.DISPATCHER, "window", CD_long).lstore(base);
    }

    @Override
    void afterCall() {}

    @Override
    void begin(Block block) {}

    @Override
    void check(Insn insn, Groups.Group group) {
        group.local = body.scratch();
        lowest(insn, group);
        look(insn.va(), group.stores, group.high - group.low, group.straddles);
        place();
        b.lstore(group.local);
    }

    /**
     * Leaves unless the page of {@link Body#VA} is open and so many bytes lie on it whole. Written out rather than
     * called: there is one of these for every third instruction, and what HotSpot inlines it counts first.
     *
     * @param straddles whether to look at the next page too, where the bytes reach into it
     */
    private void look(long at, boolean stores, int bytes, boolean straddles) {
        Label leave = body.leave(at);
        Label open = b.newLabel();
        differs(stores, bytes);
        if (straddles) b.ifeq(open);
        else b.ifne(leave);
        if (!straddles) return;
        b.lload(base).lload(Body.VA).loadConstant(bytes - 1);
        body.call(Body.RAW, stores ? "writable" : "readable", CD_boolean, CD_long, CD_long, CD_int);
        b.ifeq(leave);
        b.labelBinding(open);
    }

    /** Pushes 0 if the tag of the page of {@link Body#VA} is the page of the last byte. */
    private void differs(boolean stores, int bytes) {
        raw.begin();
        b.lload(base);
        b.lload(Body.VA)
                .l2i()
                .bipush(Vpte.PAGE_SHIFT)
                .iushr()
                .i2l()
                .iconst_3()
                .lshl()
                .ladd();
        b.loadConstant(stores ? Window.WRITABLE : Window.READABLE).ladd();
        raw.access("getLong", CD_long);
        b.lload(Body.VA);
        if (bytes > 1) {
            body.constant(bytes - 1);
            b.ladd();
        }
        b.loadConstant(PAGE).land().lcmp();
    }

    /** Pushes where {@link Body#VA} is. */
    private void place() {
        b.lload(base).lload(Body.VA).loadConstant(Window.MASK).land().ladd();
    }

    @Override
    void pushHost(Insn insn, Groups.Group group) {
        b.lload(group.local);
        int offset = group.offsets.get(insn.va()) - group.low;
        if (offset == 0) return;
        body.constant(offset);
        b.ladd();
    }

    @Override
    void pushHost(long at, boolean stores) {
        look(at, stores, 1, false);
        place();
    }
}
