package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Without;

/**
 * How blocks end. A guest call is a Java call of the callee's region by a {@link Link}; where it comes back decides
 * what happens: at the place behind the call the region goes on, else the dispatcher runs on until it gets there.
 */
final class JumpCode {
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_long, Body.DISPATCHER, Body.LONGS, CD_int);

    private final Body body;
    private final CodeBuilder b;
    private final Map<Block, Label> labels;
    /** Targets of the links that the region needs; their numbers are the links'. */
    private final List<Long> links;

    /** The region's class. */
    private final ClassDesc self;

    private final Prologue prologue;
    private final Condition condition;

    JumpCode(Body body, Map<Block, Label> labels, List<Long> links, ClassDesc self, Prologue prologue) {
        this.body = body;
        this.b = body.b;
        this.labels = labels;
        this.links = links;
        this.self = self;
        this.prologue = prologue;
        this.condition = new Condition(body);
    }

    /** Ends a block. @param behind the block whose code follows, or null */
    void write(Block block, @Nullable Block behind) {
        body.settle();
        switch (block.end) {
            case FALL -> go(block, block.next, block.nextVa, behind);
            case BRANCH -> branch(block, behind);
            case JUMP -> jump(block, behind);
            case CALL -> call(block, behind);
            case RECURSION -> recurse(block);
            case CALL_REGISTER -> callRegister(block, behind);
            case RETURN -> returns(block);
            case JUMP_REGISTER -> jumpRegister(block);
            case STOP -> b.goto_(body.leave(block.last().va()));
        }
    }

    /** Goes on at another block, or leaves. */
    private void go(Block from, @Nullable Block to, long va, @Nullable Block behind) {
        if (to == null) {
            b.goto_(body.exits.at(va, body.dirty, 0));
            return;
        }
        if (to.start <= from.start) poll(to, va);
        reach(to);
        if (to != behind) b.goto_(labels.get(to));
    }

    /** Brings the registers into the form in which a block expects them. */
    private void reach(Block to) {
        body.extend(to.liveIn & ~to.intsIn);
    }

    /** Leaves when the budget is used up or somebody wants attention. */
    private void poll(Block to, long va) {
        Label out = body.exits.at(va, Without.TRAPS ? body.dirty & to.liveIn : body.dirty, 0);
        look(out);
    }

    private void look(Label out) {
        if (!Without.BUDGET) b.iload(Body.LEFT).ifle(out);
        if (Without.ATTENTION) return;
        b.aload(Body.HART_LOCAL)
                .invokevirtual(Body.HART, "attention", Body.type(CD_int))
                .ifne(out);
    }

    private void branch(Block block, @Nullable Block behind) {
        Insn i = block.last();
        boolean back = block.taken != null && block.taken.start <= block.start;
        if (back) {
            // a forward branch around a goto: HotSpot takes that for the loop
            Label on = b.newLabel();
            condition.write(i, false, on);
            go(block, block.taken, block.takenVa, null);
            b.labelBinding(on);
        } else {
            if (block.taken != null) reach(block.taken);
            Label taken = block.taken == null ? body.exits.at(block.takenVa, body.dirty, 0) : labels.get(block.taken);
            condition.write(i, true, taken);
        }
        go(block, block.next, block.nextVa, behind);
    }

    private void jump(Block block, @Nullable Block behind) {
        Insn i = block.last();
        link(i);
        if (block.taken != null) go(block, block.taken, block.takenVa, behind);
        else tail(() -> invoke(block.takenVa), () -> body.constant(block.takenVa));
    }

    /** Writes the return address. */
    private void link(Insn i) {
        if (i.writes() == 0) return;
        body.constant(i.next()).pop(i.rd());
        body.dirty |= i.writes();
        body.ints &= ~i.writes();
    }

    private void call(Block block, @Nullable Block behind) {
        link(block.last());
        call(block, behind, () -> invoke(block.takenVa), () -> body.constant(block.takenVa));
    }

    private void callRegister(Block block, @Nullable Block behind) {
        target(block.last());
        link(block.last());
        call(block, behind, this::invokeAny, () -> b.lload(Body.T));
    }

    /** Computes the target of a jump to a register's value. */
    private void target(Insn i) {
        body.pushSum(i.rs1(), i.imm());
        body.constant(-2);
        b.land().lstore(Body.T);
    }

    /** Goes to where the region begins, with all registers where they are. */
    private void recurse(Block block) {
        link(block.last());
        Block to = Objects.requireNonNull(block.taken);
        look(body.exits.at(block.takenVa, body.dirty, 0));
        reach(to);
        b.goto_(labels.get(to));
    }

    private void returns(Block block) {
        target(block.last());
        if (!block.targets.isEmpty()) among(block);
        body.storeRegisters(body.dirty);
        leave();
        b.lload(Body.T).lreturn();
    }

    private void jumpRegister(Block block) {
        Insn i = block.last();
        target(i);
        link(i);
        if (!block.targets.isEmpty()) among(block);
        tail(() -> jump(i.va()), () -> b.lload(Body.T));
    }

    /** Goes to one of the region's own blocks, if that is where the jump leads. */
    private void among(Block block) {
        long from = block.last().va();
        Label elsewhere = b.newLabel();
        block.targets.forEach(this::reach);
        look(elsewhere);
        b.lload(Body.T).loadConstant(from).lsub().lstore(Body.VA);
        b.lload(Body.VA).l2i().i2l().lload(Body.VA).lcmp().ifne(elsewhere);
        List<SwitchCase> cases = block.targets.stream()
                .map(to -> SwitchCase.of((int) (to.start - from), labels.get(to)))
                .toList();
        b.lload(Body.VA).l2i().lookupswitch(elsewhere, cases);
        b.labelBinding(elsewhere);
    }

    /** Goes to the region at the address in {@link Body#T}, and notes it. */
    private void jump(long from) {
        b.aload(Body.CORE).lload(Body.T).iload(Body.DEPTH).iconst_1().isub().loadConstant(from);
        b.invokevirtual(Body.DISPATCHER, "jump", Body.type(CD_long, CD_long, CD_int, CD_long));
    }

    /** Goes to another region for good. */
    private void tail(Runnable invoke, Runnable target) {
        Label deep = b.newLabel();
        body.storeRegisters(body.dirty);
        leave();
        b.iload(Body.DEPTH).ifle(deep);
        invoke.run();
        b.lreturn();
        b.labelBinding(deep);
        target.run();
        b.lreturn();
    }

    private void leave() {
        b.aload(Body.CORE).iload(Body.LEFT).putfield(Body.DISPATCHER, "left", CD_int);
    }

    private void call(Block block, @Nullable Block behind, Runnable invoke, Runnable target) {
        body.storeRegisters(body.dirty);
        leave();
        Label deep = b.newLabel();
        Label called = b.newLabel();
        Label returned = b.newLabel();
        b.iload(Body.DEPTH).ifle(deep);
        invoke.run();
        b.goto_(called);
        b.labelBinding(deep);
        target.run();
        b.labelBinding(called);
        b.lstore(Body.T).lload(Body.T);
        expected(block);
        b.lcmp().ifeq(returned);
        b.aload(Body.CORE).lload(Body.T);
        expected(block);
        b.iload(Body.DEPTH).invokevirtual(Body.DISPATCHER, "resume", Body.type(CD_long, CD_long, CD_long, CD_int));
        b.lstore(Body.T).lload(Body.T);
        expected(block);
        b.lcmp().ifeq(returned);
        b.lload(Body.T).lreturn();
        b.labelBinding(returned);
        if (block.next == null) {
            expected(block);
            b.lreturn();
            return;
        }
        afterCall(block.next, block.nextVa);
        if (block.next != behind) b.goto_(labels.get(block.next));
    }

    private void expected(Block block) {
        b.loadConstant(block.nextVa);
    }

    /** The registers are in the register file: loads those that are needed, and looks at the budget. */
    private void afterCall(Block next, long va) {
        b.aload(Body.CORE).getfield(Body.DISPATCHER, "left", CD_int).istore(Body.LEFT);
        if (!Without.BUDGET) b.iload(Body.LEFT).ifle(body.exits.at(va, 0, 0));
        prologue.afterCall();
        body.loadRegisters(next.liveIn);
    }

    /** Calls the region of a known target. */
    private void invoke(long target) {
        int number = links.indexOf(target);
        if (number < 0) {
            number = links.size();
            links.add(target);
        }
        b.getstatic(self, Body.link(number), Body.LINK).getfield(Body.LINK, "code", Body.CODE);
        b.aload(Body.CORE).aload(Body.REGS).iload(Body.DEPTH).iconst_1().isub();
        b.invokevirtual(Body.CODE, "run", RUN);
    }

    /** Calls the region at the address in {@link Body#T}. */
    private void invokeAny() {
        b.aload(Body.CORE).lload(Body.T).iload(Body.DEPTH).iconst_1().isub();
        b.invokevirtual(Body.DISPATCHER, "call", Body.type(CD_long, CD_long, CD_int));
    }
}
