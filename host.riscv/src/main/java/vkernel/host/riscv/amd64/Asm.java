package vkernel.host.riscv.amd64;

import java.util.Arrays;

/**
 * Writes machine code of x86-64 (AMD64 Architecture Programmer's Manual, volume 3). Methods are named by the form of
 * their operands: {@code rr} two registers, {@code rm} a register and memory at base and displacement, {@code rx} the same
 * with an index; those on 32 bits, which clear the upper half of what they write, end in 32. Operands are in the order of
 * Intel's syntax; for opcodes whose target is the memory the register is named first nevertheless.
 */
final class Asm {
    static final int RAX = 0;
    static final int RCX = 1;
    static final int RDX = 2;
    static final int RBX = 3;
    static final int RSP = 4;
    static final int RBP = 5;
    static final int RSI = 6;
    static final int RDI = 7;
    static final int R8 = 8;
    static final int R9 = 9;
    static final int R10 = 10;
    static final int R11 = 11;
    static final int R12 = 12;
    static final int R13 = 13;
    static final int R14 = 14;
    static final int R15 = 15;

    /** Opcodes whose target is the register. */
    static final int ADD = 0x03;

    static final int OR = 0x0B;
    static final int AND = 0x23;
    static final int SUB = 0x2B;
    static final int XOR = 0x33;
    static final int CMP = 0x3B;
    static final int MOV = 0x8B;
    static final int LEA = 0x8D;
    static final int MOVSXD = 0x63;
    static final int IMUL = 0x0FAF;
    static final int MOVZX8 = 0x0FB6;
    static final int MOVZX16 = 0x0FB7;
    static final int MOVSX8 = 0x0FBE;
    static final int MOVSX16 = 0x0FBF;
    /** Opcodes whose target is the memory or the second register. */
    static final int STORE = 0x89;

    static final int STORE8 = 0x88;
    static final int TEST = 0x85;
    static final int XCHG = 0x87;
    static final int XADD = 0x0FC1;
    static final int CMPXCHG = 0x0FB1;

    /** Between a vector register and memory; the prefix says how much. */
    static final int MOVSD_LOAD = 0x0F10;

    static final int MOVSD_STORE = 0x0F11;

    /** Extensions of the opcodes that take a number. */
    static final int ADD_I = 0;

    static final int OR_I = 1;
    static final int AND_I = 4;
    static final int SUB_I = 5;
    static final int XOR_I = 6;
    static final int CMP_I = 7;
    static final int SHL_I = 4;
    static final int SHR_I = 5;
    static final int SAR_I = 7;

    /** Extensions of opcode F7: what is done with rdx:rax and the operand. */
    static final int NEG = 3;

    static final int MUL = 4;
    static final int IMUL_WIDE = 5;
    static final int DIV = 6;
    static final int IDIV = 7;

    /** Conditions. */
    static final int BELOW = 2;

    static final int ABOVE_EQUAL = 3;
    static final int EQUAL = 4;
    static final int NOT_EQUAL = 5;
    static final int BELOW_EQUAL = 6;
    static final int ABOVE = 7;
    static final int SIGN = 8;
    static final int PARITY = 10;
    static final int NO_PARITY = 11;
    static final int LESS = 12;
    static final int GREATER_EQUAL = 13;

    /** Prefixes that choose among the opcodes of the vector registers. */
    static final int PACKED_DOUBLE = 0x66;

    static final int SINGLE = 0xF3;
    static final int DOUBLE = 0xF2;

    /** A place in the code, jumped to before or after it is known. */
    static final class Label {
        private int at = -1;
        private int[] jumps = new int[2];
        private int count;
    }

    private final long origin;
    private byte[] code = new byte[2048];
    private int size;

    /** @param origin address at which the code will lie */
    Asm(long origin) {
        this.origin = origin;
    }

    /** Address of what is written next. */
    long here() {
        return origin + size;
    }

    byte[] bytes() {
        return Arrays.copyOf(code, size);
    }

    void bind(Label label) {
        label.at = size;
        for (int i = 0; i < label.count; i++) patch(label.jumps[i], size);
    }

    private void patch(int at, int target) {
        int distance = target - (at + Integer.BYTES);
        for (int i = 0; i < Integer.BYTES; i++) code[at + i] = (byte) (distance >> 8 * i);
    }

    void jmp(Label to) {
        b(0xE9);
        distance(to);
    }

    void jcc(int condition, Label to) {
        b(0x0F);
        b(0x80 | condition);
        distance(to);
    }

    private void distance(Label to) {
        if (to.at < 0) {
            if (to.count == to.jumps.length) to.jumps = Arrays.copyOf(to.jumps, 2 * to.count);
            to.jumps[to.count++] = size;
        }
        i32(to.at < 0 ? 0 : to.at - (size + Integer.BYTES));
    }

    /** To code outside, within 2 GiB. */
    void jmp(long address) {
        b(0xE9);
        i32(near(address));
    }

    void call(long address) {
        b(0xE8);
        i32(near(address));
    }

    void callRegister(int register) {
        rr(false, 0, false, 0xFF, 2, register);
    }

    void jcc(int condition, long address) {
        b(0x0F);
        b(0x80 | condition);
        i32(near(address));
    }

    private int near(long address) {
        return Math.toIntExact(address - (here() + Integer.BYTES));
    }

    /** A jump whose distance is aligned, so that it can be changed while it is executed. @return address of the distance */
    long patchable(Label to) {
        while ((here() + 1) % Integer.BYTES != 0) b(0x90);
        jmp(to);
        return here() - Integer.BYTES;
    }

    void jmpMemory(int base, int disp) {
        rm(false, 0, 0xFF, 4, base, -1, disp);
    }

    void jmpMemory(int base, int index, int disp) {
        rm(false, 0, 0xFF, 4, base, index, disp);
    }

    void jmpRegister(int register) {
        rr(false, 0, false, 0xFF, 4, register);
    }

    void push(int register) {
        if (register >= 8) b(0x41);
        b(0x50 | register & 7);
    }

    void pop(int register) {
        if (register >= 8) b(0x41);
        b(0x58 | register & 7);
    }

    void ret() {
        b(0xC3);
    }

    /** rdx = the sign of rax. */
    void cqo() {
        b(0x48);
        b(0x99);
    }

    /** edx = the sign of eax. */
    void cdq() {
        b(0x99);
    }

    void cpuid() {
        b(0x0F);
        b(0xA2);
    }

    void mfence() {
        b(0x0F);
        b(0xAE);
        b(0xF0);
    }

    /** For the next instruction, on memory. */
    void lock() {
        b(0xF0);
    }

    void ldmxcsr(int base, int disp) {
        rm(false, 0, 0x0FAE, 2, base, -1, disp);
    }

    void stmxcsr(int base, int disp) {
        rm(false, 0, 0x0FAE, 3, base, -1, disp);
    }

    void mov(int register, long value) {
        if (value == 0) {
            // not "xor", which changes flags
            b32(0xB8, register, 0);
        } else if (value >>> 32 == 0) {
            b32(0xB8, register, (int) value);
        } else if (value == (int) value) {
            b(register >= 8 ? 0x49 : 0x48);
            b(0xC7);
            b(0xC0 | register & 7);
            i32((int) value);
        } else {
            b(register >= 8 ? 0x49 : 0x48);
            b(0xB8 | register & 7);
            i32((int) value);
            i32((int) (value >> 32));
        }
    }

    private void b32(int opcode, int register, int value) {
        if (register >= 8) b(0x41);
        b(opcode | register & 7);
        i32(value);
    }

    /** Puts a constant into memory as a long. */
    void movMemory(int base, int disp, int value) {
        rm(true, 0, 0xC7, 0, base, -1, disp);
        i32(value);
    }

    /** Puts a constant into memory as an int. */
    void movMemory32(int base, int disp, int value) {
        rm(false, 0, 0xC7, 0, base, -1, disp);
        i32(value);
    }

    void ri(int operation, int register, int value) {
        immediate(true, operation, register, value);
    }

    void ri32(int operation, int register, int value) {
        immediate(false, operation, register, value);
    }

    private void immediate(boolean wide, int operation, int register, int value) {
        boolean small = value == (byte) value;
        rr(wide, 0, false, small ? 0x83 : 0x81, operation, register);
        if (small) b(value);
        else i32(value);
    }

    void mi(int operation, int base, int disp, int value) {
        immediate(true, operation, base, disp, value);
    }

    void mi32(int operation, int base, int disp, int value) {
        immediate(false, operation, base, disp, value);
    }

    private void immediate(boolean wide, int operation, int base, int disp, int value) {
        boolean small = value == (byte) value;
        rm(wide, 0, small ? 0x83 : 0x81, operation, base, -1, disp);
        if (small) b(value);
        else i32(value);
    }

    void shift(int operation, int register, int by) {
        rr(true, 0, false, 0xC1, operation, register);
        b(by);
    }

    void shift32(int operation, int register, int by) {
        rr(false, 0, false, 0xC1, operation, register);
        b(by);
    }

    /** Opcode 0FBA: changes a bit of a register. */
    void bit(int operation, int register, int bit) {
        rr(true, 0, false, 0x0FBA, operation, register);
        b(bit);
    }

    /** Opcode F7. */
    void unary(int operation, int register) {
        rr(true, 0, false, 0xF7, operation, register);
    }

    void unary32(int operation, int register) {
        rr(false, 0, false, 0xF7, operation, register);
    }

    /** A byte register becomes 1 or 0; rax to rbx only. */
    void set(int condition, int register) {
        rr(false, 0, false, 0x0F90 | condition, 0, register);
    }

    void testByte(int base, int disp, int bits) {
        rm(false, 0, 0xF6, 0, base, -1, disp);
        b(bits);
    }

    void cmpByte(int base, int disp, int value) {
        rm(false, 0, 0x80, CMP_I, base, -1, disp);
        b(value);
    }

    void movByte(int base, int disp, int value) {
        rm(false, 0, 0xC6, 0, base, -1, disp);
        b(value);
    }

    void rr(int opcode, int register, int other) {
        rr(true, 0, false, opcode, register, other);
    }

    void rr32(int opcode, int register, int other) {
        rr(false, 0, false, opcode, register, other);
    }

    /** The second register is one of a byte. */
    void rr8(int opcode, int register, int other) {
        rr(false, 0, true, opcode, register, other);
    }

    void rm(int opcode, int register, int base, int disp) {
        rm(true, 0, opcode, register, base, -1, disp);
    }

    void rm32(int opcode, int register, int base, int disp) {
        rm(false, 0, opcode, register, base, -1, disp);
    }

    void rx(int opcode, int register, int base, int index, int disp) {
        rm(true, 0, opcode, register, base, index, disp);
    }

    void rx32(int opcode, int register, int base, int index, int disp) {
        rm(false, 0, opcode, register, base, index, disp);
    }

    /** Stores a byte register, whichever it is. */
    void store8(int register, int base, int index) {
        if (register < 4) rm(false, 0, STORE8, register, base, index, 0);
        else {
            b(0x40 | register >>> 3 << 2 | index >>> 3 << 1 | base >>> 3);
            b(STORE8);
            address(register, base, index, 0);
        }
    }

    void store16(int register, int base, int index) {
        rm(false, 0x66, STORE, register, base, index, 0);
    }

    /** An operation on vector registers, or one of them and a register. */
    void vv(int prefix, int opcode, int target, int source) {
        rr(false, prefix, false, opcode, target, source);
    }

    /** The same with a register of 64 bits. */
    void vvWide(int prefix, int opcode, int target, int source) {
        rr(true, prefix, false, opcode, target, source);
    }

    void vm(int prefix, int opcode, int target, int base, int disp) {
        rm(false, prefix, opcode, target, base, -1, disp);
    }

    void vx(int prefix, int opcode, int target, int base, int index, int disp) {
        rm(false, prefix, opcode, target, base, index, disp);
    }

    /** {@code target = source shifted by count}; prefix: PACKED_DOUBLE left, DOUBLE right, SINGLE right with the sign. */
    void shiftBy(boolean wide, int prefix, int target, int source, int count) {
        vex(wide, prefix, 2, 0xF7, target, count, source);
    }

    /** {@code target = source} rotated right. */
    void rotated(int target, int source, int by) {
        vex(true, DOUBLE, 3, 0xF0, target, 0, source);
        b(by);
    }

    /** An operation of vector registers: {@code target = second op third}; prefix as in the other forms. */
    void vvv(int prefix, int opcode, int target, int second, int third) {
        vex(false, prefix, 1, opcode & 0xFF, target, second, third);
    }

    /** The same with memory in place of the third. */
    void vvm(int prefix, int opcode, int target, int second, int base, int disp) {
        vexHead(false, prefix, 1, opcode & 0xFF, target, second, base);
        address(target, base, -1, disp);
    }

    /** {@code target = second} with its lower part made of a register of 64 bits. */
    void vvr(int prefix, int opcode, int target, int second, int register) {
        vex(true, prefix, 1, opcode & 0xFF, target, second, register);
    }

    /** A fused multiply-add of vector registers: {@code target = second * target ± third}. */
    void fused(boolean wide, int opcode, int target, int second, int third) {
        vex(wide, PACKED_DOUBLE, 2, opcode, target, second, third);
    }

    private void vex(boolean wide, int prefix, int map, int opcode, int register, int second, int rm) {
        vexHead(wide, prefix, map, opcode, register, second, rm);
        b(0xC0 | (register & 7) << 3 | rm & 7);
    }

    private void vexHead(boolean wide, int prefix, int map, int opcode, int register, int second, int rm) {
        int pp = prefix == 0 ? 0 : prefix == PACKED_DOUBLE ? 1 : prefix == SINGLE ? 2 : 3;
        b(0xC4);
        b((register >= 8 ? 0 : 0x80) | 0x40 | (rm >= 8 ? 0 : 0x20) | map);
        b((wide ? 0x80 : 0) | (~second & 15) << 3 | pp);
        b(opcode);
    }

    private void rr(boolean wide, int prefix, boolean bytes, int opcode, int register, int other) {
        head(wide, prefix, bytes && other >= 4, opcode, register, 0, other);
        b(0xC0 | (register & 7) << 3 | other & 7);
    }

    private void rm(boolean wide, int prefix, int opcode, int register, int base, int index, int disp) {
        head(wide, prefix, false, opcode, register, Math.max(index, 0), base);
        address(register, base, index, disp);
    }

    private void head(boolean wide, int prefix, boolean always, int opcode, int register, int index, int base) {
        if (prefix != 0) b(prefix);
        int rex = (wide ? 8 : 0) | register >>> 3 << 2 | index >>> 3 << 1 | base >>> 3;
        if (rex != 0 || always) b(0x40 | rex);
        if (opcode > 0xFF) b(opcode >>> 8);
        b(opcode);
    }

    private void address(int register, int base, int index, int disp) {
        int mode = disp == 0 && (base & 7) != RBP ? 0 : disp == (byte) disp ? 1 : 2;
        boolean sib = index >= 0 || (base & 7) == RSP;
        b(mode << 6 | (register & 7) << 3 | (sib ? 4 : base & 7));
        if (sib) b((index >= 0 ? index & 7 : 4) << 3 | base & 7);
        if (mode == 1) b(disp);
        if (mode == 2) i32(disp);
    }

    /** {@code register = address of a label}. */
    void lea(int register, Label label) {
        b(register >= 8 ? 0x4C : 0x48);
        b(LEA);
        b((register & 7) << 3 | 5);
        distance(label);
    }

    private void b(int value) {
        if (size == code.length) code = Arrays.copyOf(code, 2 * size);
        code[size++] = (byte) value;
    }

    private void i32(int value) {
        for (int i = 0; i < Integer.SIZE; i += Byte.SIZE) b(value >> i);
    }
}
