package vkernel.host.riscv.jit;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Map;
import vkernel.host.riscv.Without;

/**
 * The bytecode of a region while it is written: where the guest's registers live among the JVM's locals, and the few
 * idioms that all instructions are made of. A register of floats is a local double if the region does arithmetic on
 * doubles with it, else its bits.
 */
final class Body {
    static final ClassDesc DISPATCHER = desc(Dispatcher.class);
    static final ClassDesc HART = desc(vkernel.host.engine.Hart.class);
    static final ClassDesc RAW = desc(Raw.class);
    static final ClassDesc FP = desc(Fp.class);
    static final ClassDesc LINK = desc(Link.class);
    static final ClassDesc CODE = desc(Code.class);
    static final ClassDesc LONGS = ConstantDescs.CD_long.arrayType();

    /** Locals: the parameters of {@link Code#run}, then the region's own. */
    static final int CORE = 1;

    static final int REGS = 2;
    static final int DEPTH = 3;
    static final int HART_LOCAL = 4;
    /** Instructions that may still be retired before the region must leave. */
    static final int LEFT = 5;

    static final int READ = 6;
    static final int READ_ADDEND = 7;
    static final int WRITE = 8;
    static final int WRITE_ADDEND = 9;
    /** The state of fcsr, see {@link Fp}. */
    static final int MODE = 10;
    /** Temporaries of two slots. */
    static final int VA = 11;

    static final int OFFSET = 13;
    static final int T = 15;
    static final int FIRST_FREE = 17;

    final CodeBuilder b;
    final RawCode raw;
    final Exits exits;
    /** Registers of floats that are local doubles. */
    private final long doubles;

    private final int[] locals = new int[64];
    /** The locals of registers while they are ints. */
    private final int[] halves = new int[32];

    private int free = FIRST_FREE;
    private int scratch;

    /** Instructions done since {@link #LEFT} was brought up to date. */
    int pending;
    /** Without precise traps: the registers that are needed at instructions of the block. */
    Map<Long, Long> needed = Map.of();
    /** The dirty registers here. */
    long dirty;
    /** The registers here that are local ints, sign-extended 32-bit values: see {@link Ints}. */
    long ints;

    Body(CodeBuilder b, ClassDesc self, long doubles) {
        this.raw = new RawCode(b, self);
        this.b = b;
        this.doubles = doubles;
        this.exits = new Exits(this);
    }

    static ClassDesc desc(Class<?> c) {
        return c.describeConstable().orElseThrow();
    }

    /** The field of a region's class that holds a link. */
    static String link(int number) {
        return "link" + number;
    }

    /** The local of a register. */
    int local(int slot) {
        if (locals[slot] == 0) {
            locals[slot] = allocate();
        }
        return locals[slot];
    }

    /** The local of a register of which only the sign-extended lower half counts. */
    int half(int slot) {
        if (halves[slot] == 0) halves[slot] = free++;
        return halves[slot];
    }

    /** A local of two slots for the whole region; before any {@link #scratch}. */
    int allocate() {
        int local = free;
        free += 2;
        return local;
    }

    /** A local of two slots that lives until {@link #endBlock}. Every register has its local before. */
    int scratch() {
        int local = free + scratch;
        scratch += 2;
        return local;
    }

    void endBlock() {
        scratch = 0;
    }

    boolean isDouble(int slot) {
        return slot < Long.SIZE && (doubles >>> slot & 1) != 0;
    }

    /** Pushes the bits of a register; x0 is 0. */
    Body push(int slot) {
        if (slot == 0) b.lconst_0();
        else if (isDouble(slot)) bitsOf(slot);
        else if (isInt(slot)) b.iload(half(slot)).i2l();
        else b.lload(local(slot));
        return this;
    }

    private void bitsOf(int slot) {
        b.dload(local(slot));
        b.invokestatic(
                ConstantDescs.CD_Double, "doubleToRawLongBits", type(ConstantDescs.CD_long, ConstantDescs.CD_double));
    }

    boolean isInt(int slot) {
        return Ints.is(ints, slot);
    }

    /** Pushes the lower half of a register as an int. */
    Body pushInt(int slot) {
        if (slot == 0) {
            b.iconst_0();
        } else if (isInt(slot)) {
            b.iload(half(slot));
        } else {
            push(slot);
            b.l2i();
        }
        return this;
    }

    /** Pops an int into a register that is one from here on. */
    void popInt(int slot) {
        b.istore(half(slot));
    }

    /** Makes registers long that are ints here, for who expects them so; here they stay what they are. */
    void extend(long set) {
        for (long rest = set & ints; rest != 0; rest &= rest - 1) {
            int slot = Long.numberOfTrailingZeros(rest);
            b.iload(half(slot)).i2l().lstore(local(slot));
        }
    }

    /** Pops bits into a register that is no int from here on; what is written to x0 is lost. */
    Body pop(int slot) {
        if (slot == 0 || slot >= Long.SIZE) {
            b.pop2();
        } else if (isDouble(slot)) {
            b.invokestatic(
                    ConstantDescs.CD_Double, "longBitsToDouble", type(ConstantDescs.CD_double, ConstantDescs.CD_long));
            b.dstore(local(slot));
        } else {
            b.lstore(local(slot));
        }
        return this;
    }

    Body pushDouble(int slot) {
        if (isDouble(slot)) {
            b.dload(local(slot));
        } else {
            push(slot);
            b.invokestatic(
                    ConstantDescs.CD_Double, "longBitsToDouble", type(ConstantDescs.CD_double, ConstantDescs.CD_long));
        }
        return this;
    }

    Body popDouble(int slot) {
        if (isDouble(slot)) {
            b.dstore(local(slot));
            return this;
        }
        b.invokestatic(
                ConstantDescs.CD_Double, "doubleToRawLongBits", type(ConstantDescs.CD_long, ConstantDescs.CD_double));
        return pop(slot);
    }

    /** Pushes a register as a single, known to be boxed. */
    Body pushSingle(int slot) {
        push(slot);
        b.invokestatic(FP, "unbox", type(ConstantDescs.CD_float, ConstantDescs.CD_long));
        return this;
    }

    Body popSingle(int slot) {
        b.invokestatic(FP, "box", type(ConstantDescs.CD_long, ConstantDescs.CD_float));
        return pop(slot);
    }

    Body constant(long value) {
        if (value == (int) value && value >= Short.MIN_VALUE && value <= Short.MAX_VALUE && (value < 0 || value > 1)) {
            b.loadConstant((int) value).i2l();
        } else {
            b.loadConstant(value);
        }
        return this;
    }

    /** Pushes the value of a register plus a constant. */
    Body pushSum(int slot, long imm) {
        if (slot == 0) return constant(imm);
        push(slot);
        if (imm == 0) return this;
        constant(imm);
        b.ladd();
        return this;
    }

    Body call(ClassDesc owner, String name, ClassDesc result, ClassDesc... parameters) {
        b.invokestatic(owner, name, type(result, parameters));
        return this;
    }

    /** Reads a register from the register file. */
    void loadRegister(int slot) {
        b.aload(REGS).loadConstant(slot).laload();
        pop(slot);
    }

    /** Writes a register to the register file. */
    void storeRegister(int slot) {
        b.aload(REGS).loadConstant(slot);
        push(slot);
        b.lastore();
    }

    void loadRegisters(long set) {
        for (long rest = set; rest != 0; rest &= rest - 1) loadRegister(Long.numberOfTrailingZeros(rest));
    }

    /** Highest first: the JVM then checks the array's bounds once. */
    void storeRegisters(long set) {
        for (long rest = set; rest != 0; rest ^= Long.highestOneBit(rest)) {
            storeRegister(63 - Long.numberOfLeadingZeros(rest));
        }
    }

    /** Brings {@link #LEFT} up to date. */
    void settle() {
        if (pending != 0 && !Without.BUDGET) b.iinc(LEFT, -pending);
        pending = 0;
    }

    /** Where to go when an instruction is one for the interpreter after all; the stack is empty there. */
    Label leave(long va) {
        return exits.at(va | Dispatcher.PAST, dirty & needed.getOrDefault(va, -1L), pending);
    }

    static MethodTypeDesc type(ClassDesc result, ClassDesc... parameters) {
        return MethodTypeDesc.of(result, parameters);
    }
}
