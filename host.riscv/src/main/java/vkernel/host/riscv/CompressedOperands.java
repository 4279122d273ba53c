package vkernel.host.riscv;

import static vkernel.host.riscv.Packed.operands;
import static vkernel.host.riscv.Packed.target;

import vkernel.host.engine.Registers;

/**
 * Where compressed instructions keep their operands (The RISC-V Instruction Set Manual, volume I, "C" extension). Each
 * method gives the packed operands of the instruction that the compressed one stands for.
 */
final class CompressedOperands {
    private static final int F = Registers.F0;
    private static final int RA = Registers.RA;
    private static final int SP = Registers.SP;

    private CompressedOperands() {}

    static long addi4spn(int i) {
        int imm = (i >>> 7 & 0x30) | (i >>> 1 & 0x3C0) | (i >>> 4 & 4) | (i >>> 2 & 8);
        return operands(low(i), SP, 0, imm);
    }

    static long loadWord(int i) {
        return operands(low(i), high(i), 0, wordOffset(i));
    }

    static long loadDouble(int i) {
        return operands(low(i), high(i), 0, doubleOffset(i));
    }

    static long loadFloat(int i) {
        return operands(F + low(i), high(i), 0, doubleOffset(i));
    }

    static long storeWord(int i) {
        return operands(0, high(i), low(i), wordOffset(i));
    }

    static long storeDouble(int i) {
        return operands(0, high(i), low(i), doubleOffset(i));
    }

    static long storeFloat(int i) {
        return operands(0, high(i), F + low(i), doubleOffset(i));
    }

    static long addi(int i) {
        return operands(target(rd(i)), rd(i), 0, imm6(i));
    }

    static long li(int i) {
        return operands(target(rd(i)), 0, 0, imm6(i));
    }

    static long lui(int i) {
        return operands(target(rd(i)), 0, 0, imm6(i) << 12);
    }

    static long addi16sp(int i) {
        int imm = i << 19 >> 31 << 9 | (i >>> 2 & 0x10) | (i << 1 & 0x40) | (i << 4 & 0x180) | (i << 3 & 0x20);
        return operands(SP, SP, 0, imm);
    }

    static long shiftLeft(int i) {
        return operands(target(rd(i)), rd(i), 0, imm6(i) & 63);
    }

    static long shiftRight(int i) {
        return operands(high(i), high(i), 0, imm6(i) & 63);
    }

    static long andi(int i) {
        return operands(high(i), high(i), 0, imm6(i));
    }

    static long arithmetic(int i) {
        return operands(high(i), high(i), low(i), 0);
    }

    static long jump(int i) {
        int bytes = i << 19 >> 31 << 11
                | (i >>> 7 & 0x10)
                | (i >>> 1 & 0x300)
                | (i << 2 & 0x400)
                | (i >>> 1 & 0x40)
                | (i << 1 & 0x80)
                | (i >>> 2 & 0xE)
                | (i << 3 & 0x20);
        return operands(Registers.SCRATCH, 0, 0, bytes >> 1);
    }

    static long branch(int i) {
        int bytes = i << 19 >> 31 << 8 | (i >>> 7 & 0x18) | (i << 1 & 0xC0) | (i >>> 2 & 6) | (i << 3 & 0x20);
        return operands(0, high(i), 0, bytes >> 1);
    }

    static long loadWordSp(int i) {
        int imm = (i >>> 7 & 0x20) | (i >>> 2 & 0x1C) | (i << 4 & 0xC0);
        return operands(target(rd(i)), SP, 0, imm);
    }

    static long loadDoubleSp(int i) {
        return operands(target(rd(i)), SP, 0, doubleLoadSpOffset(i));
    }

    static long loadFloatSp(int i) {
        return operands(F + rd(i), SP, 0, doubleLoadSpOffset(i));
    }

    static long storeWordSp(int i) {
        return operands(0, SP, rs2(i), (i >>> 7 & 0x3C) | (i >>> 1 & 0xC0));
    }

    static long storeDoubleSp(int i) {
        return operands(0, SP, rs2(i), doubleStoreSpOffset(i));
    }

    static long storeFloatSp(int i) {
        return operands(0, SP, F + rs2(i), doubleStoreSpOffset(i));
    }

    static long jumpRegister(int i) {
        return operands(Registers.SCRATCH, rd(i), 0, 0);
    }

    static long callRegister(int i) {
        return operands(RA, rd(i), 0, 0);
    }

    static long move(int i) {
        return operands(target(rd(i)), rs2(i), 0, 0);
    }

    static long add(int i) {
        return operands(target(rd(i)), rd(i), rs2(i), 0);
    }

    private static int rd(int i) {
        return i >>> 7 & 31;
    }

    private static int rs2(int i) {
        return i >>> 2 & 31;
    }

    /** The register of x8 to x15 in bits 4:2. */
    private static int low(int i) {
        return 8 + (i >>> 2 & 7);
    }

    /** The register of x8 to x15 in bits 9:7. */
    private static int high(int i) {
        return 8 + (i >>> 7 & 7);
    }

    private static int imm6(int i) {
        return i << 19 >> 31 << 5 | rs2(i);
    }

    private static int wordOffset(int i) {
        return (i >>> 7 & 0x38) | (i >>> 4 & 4) | (i << 1 & 0x40);
    }

    private static int doubleOffset(int i) {
        return (i >>> 7 & 0x38) | (i << 1 & 0xC0);
    }

    private static int doubleLoadSpOffset(int i) {
        return (i >>> 7 & 0x20) | (i >>> 2 & 0x18) | (i << 4 & 0x1C0);
    }

    private static int doubleStoreSpOffset(int i) {
        return (i >>> 7 & 0x38) | (i >>> 1 & 0x1C0);
    }
}
