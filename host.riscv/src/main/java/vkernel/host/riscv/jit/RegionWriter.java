package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;
import vkernel.host.riscv.Without;

/** Writes the class of a region: one method with its code. */
final class RegionWriter {
    private static final ClassDesc CODE = Body.CODE;
    private static final ClassDesc LINKS = Body.LINK.arrayType();
    /** The links of a class are its class data. */
    private static final DynamicConstantDesc<?> CLASS_DATA =
            DynamicConstantDesc.ofNamed(ConstantDescs.BSM_CLASS_DATA, ConstantDescs.DEFAULT_NAME, LINKS);

    private static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_long, Body.DISPATCHER, Body.LONGS, CD_int);
    private static final ClassFile FILES =
            ClassFile.of(ClassFile.DebugElementsOption.DROP_DEBUG, ClassFile.LineNumbersOption.DROP_LINE_NUMBERS);

    private final int number;
    private final long entry;
    private final List<Block> blocks;
    private final Hints hints;
    private final boolean windows;
    private final Map<Long, Integer> places = new HashMap<>();
    private final List<Long> links = new ArrayList<>();

    RegionWriter(int number, long entry, List<Block> blocks, Hints hints, boolean windows) {
        this.number = number;
        this.entry = entry;
        this.blocks = blocks;
        this.hints = hints;
        this.windows = windows;
        Flow.analyse(blocks);
        Ints.analyse(blocks, entry, hints.ints(entry));
    }

    /** Targets of the class's links, by number; once it is written. */
    List<Long> links() {
        return links;
    }

    /** See {@link Region}; once it is written. */
    Map<Long, Integer> places() {
        return places;
    }

    /** See {@link Region}. */
    long ints() {
        Block first = first();
        return first.liveIn & first.intsIn;
    }

    private Block first() {
        return blocks.stream().filter(b -> b.start == entry).findFirst().orElseThrow();
    }

    byte[] write(String name) {
        ClassDesc self = ClassDesc.of(getClass().getPackageName(), name);
        return FILES.build(self, c -> {
            c.withSuperclass(CODE).withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
            c.withMethodBody(
                    ConstantDescs.INIT_NAME,
                    ConstantDescs.MTD_void,
                    0,
                    b -> b.aload(0)
                            .invokespecial(CODE, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                            .return_());
            c.withMethodBody("run", RUN, 0, b -> body(b, self));
            links(c, self);
        });
    }

    /** A constant field for each link. */
    private void links(ClassBuilder c, ClassDesc self) {
        for (int n = 0; n < links.size(); n++) {
            c.withField(Body.link(n), Body.LINK, ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
        }
        RawCode.field(c);
        c.withMethodBody(ConstantDescs.CLASS_INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_STATIC, b -> {
            RawCode.initialize(b, self);
            if (!links.isEmpty()) b.loadConstant(CLASS_DATA).astore(0);
            for (int n = 0; n < links.size(); n++) {
                b.aload(0).loadConstant(n).aaload().putstatic(self, Body.link(n), Body.LINK);
            }
            b.return_();
        });
    }

    private void body(CodeBuilder b, ClassDesc self) {
        Body body = new Body(b, self, FloatCode.doubles(blocks));
        Map<Block, Label> labels = new HashMap<>();
        boolean floats = false;
        boolean accesses = false;
        for (Block block : blocks) {
            labels.put(block, b.newLabel());
            long ints = block.intsIn;
            for (Insn i : block.body) {
                ints = Ints.after(i, ints);
                for (long rest = ints & i.writes(); rest != 0; rest &= rest - 1) {
                    body.half(Long.numberOfTrailingZeros(rest));
                }
                for (long rest = i.reads() | i.writes(); rest != 0; rest &= rest - 1) {
                    body.local(Long.numberOfTrailingZeros(rest));
                }
                floats |= FloatCode.asksMode(i) || CsrCode.ofFloats(i);
                accesses |= i.memory() || i.atomic();
            }
        }
        PageCaches caches = new PageCaches(blocks, entry, hints);
        MemoryCode memory = windows ? new WindowCode(body) : new TlbCode(body, caches);
        Prologue prologue = new Prologue(body, memory, floats, accesses);
        Block first = first();
        prologue.write(number, first);
        if (first != blocks.getFirst()) b.goto_(labels.get(first));
        new Blocks(body, labels, self, prologue, memory, caches).write();
        body.exits.write();
    }

    /** The blocks of the region, in order. */
    private final class Blocks {
        private final Body body;
        private final Map<Block, Label> labels;
        private final IntegerCode integers;
        private final MemoryCode memory;
        private final PageCaches caches;
        private final AtomicCode atomics;
        private final CsrCode csrs;
        private final FloatCode floats;
        private final JumpCode jumps;

        Blocks(
                Body body,
                Map<Block, Label> labels,
                ClassDesc self,
                Prologue prologue,
                MemoryCode memory,
                PageCaches caches) {
            this.body = body;
            this.labels = labels;
            this.integers = new IntegerCode(body);
            this.memory = memory;
            this.caches = caches;
            this.atomics = new AtomicCode(body, memory);
            this.floats = new FloatCode(body);
            this.csrs = new CsrCode(body, prologue);
            this.jumps = new JumpCode(body, labels, links, self, prologue);
        }

        void write() {
            for (int n = 0; n < blocks.size(); n++) {
                write(blocks.get(n), n + 1 < blocks.size() ? blocks.get(n + 1) : null);
            }
            floats.writeAside();
        }

        private void write(Block block, @Nullable Block behind) {
            body.b.labelBinding(labels.get(block));
            body.dirty = block.dirtyIn;
            body.ints = block.intsIn;
            body.pending = 0;
            if (Without.TRAPS) body.needed = Flow.neededBefore(block);
            Groups groups = caches.groups(block);
            memory.begin(block);
            groups.checks(places);
            if (block.end == Block.End.JUMP_REGISTER) places.put(block.last().va(), 0);
            int straight = block.body.size() - (block.end == Block.End.FALL ? 0 : 1);
            for (int n = 0; n < straight; n++) {
                Insn i = block.body.get(n);
                write(i, groups.of(n));
                body.dirty |= i.writes();
                body.ints = Ints.after(i, body.ints);
                body.pending++;
            }
            if (block.end != Block.End.FALL && block.end != Block.End.STOP) body.pending++;
            jumps.write(block, behind);
            body.endBlock();
        }

        private void write(Insn i, Groups.@Nullable Group group) {
            if (group != null) memory.write(i, group);
            else if (i.floating()) floats.write(i);
            else if (i.op() == Op.FENCE) atomics.fence();
            else if (CsrCode.is(i)) csrs.write(i);
            else if (i.atomic()) atomics.write(i);
            else integers.write(i);
        }
    }
}
