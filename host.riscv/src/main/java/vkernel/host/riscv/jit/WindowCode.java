package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.Label;
import vkernel.host.Vpte;
import vkernel.host.Window;

/**
 * Memory by a {@link Window}: where a byte is follows from its address alone, so that an access waits for nothing; the
 * check whether the page is open is a branch beside it.
 */
final class WindowCode extends MemoryCode {
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
        look(insn.va(), group.stores, group.high - group.low);
        place();
        b.lstore(group.local);
    }

    /** Leaves unless the page of {@link Body#VA} is open, and the next one if so many bytes reach into it. */
    private void look(long at, boolean stores, int bytes) {
        Label leave = body.leave(at);
        String tag = stores ? "writable" : "readable";
        b.lload(base).lload(Body.VA);
        body.call(Body.RAW, tag, CD_long, CD_long, CD_long);
        b.loadConstant((long) Vpte.PAGE_SIZE - bytes);
        b.invokestatic(Condition.LONG, "compareUnsigned", Body.type(CD_int, CD_long, CD_long));
        if (bytes == 1) {
            b.ifgt(leave);
            return;
        }
        Label open = b.newLabel();
        b.ifle(open);
        b.lload(base).lload(Body.VA).loadConstant(bytes - 1);
        body.call(Body.RAW, tag, CD_boolean, CD_long, CD_long, CD_int);
        b.ifeq(leave);
        b.labelBinding(open);
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
        look(at, stores, 1);
        place();
    }
}
