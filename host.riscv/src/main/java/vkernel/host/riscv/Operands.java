package vkernel.host.riscv;

import static vkernel.host.riscv.Packed.operands;
import static vkernel.host.riscv.Packed.target;

import vkernel.host.engine.Registers;

/**
 * Where the instruction formats of 32 bits keep their operands (The RISC-V Instruction Set Manual, volume I,
 * "Immediate Encoding Variants"). Each method gives packed operands.
 */
final class Operands {
    private static final int F = Registers.F0;

    private Operands() {}

    static long none(int i) {
        return Packed.NONE;
    }

    static long r(int i) {
        return operands(target(rd(i)), rs1(i), rs2(i), 0);
    }

    static long i(int i) {
        return operands(target(rd(i)), rs1(i), 0, i >> 20);
    }

    static long shift(int i) {
        return operands(target(rd(i)), rs1(i), 0, i >>> 20 & 63);
    }

    /** csrrw and its like: the number of the CSR in the immediate, the 5-bit immediate (or rs1) in rs1. */
    static long csr(int i) {
        return operands(target(rd(i)), rs1(i), 0, i >>> 20);
    }

    static long u(int i) {
        return operands(target(rd(i)), 0, 0, i & 0xFFFF_F000);
    }

    static long s(int i) {
        return operands(0, rs1(i), rs2(i), storeOffset(i));
    }

    static long b(int i) {
        int bytes = i >> 31 << 12 | (i << 4 & 0x800) | (i >>> 20 & 0x7E0) | (i >>> 7 & 0x1E);
        return operands(0, rs1(i), rs2(i), bytes >> 1);
    }

    static long j(int i) {
        int bytes = i >> 31 << 20 | (i & 0xF_F000) | (i >>> 9 & 0x800) | (i >>> 20 & 0x7FE);
        return operands(target(rd(i)), 0, 0, bytes >> 1);
    }

    static long floatLoad(int i) {
        return operands(F + rd(i), rs1(i), 0, i >> 20);
    }

    static long floatStore(int i) {
        return operands(0, rs1(i), F + rs2(i), storeOffset(i));
    }

    /** All registers are f registers. */
    static long f(int i) {
        return operands(F + rd(i), F + rs1(i), F + rs2(i), rounding(i));
    }

    static long fma(int i) {
        return operands(F + rd(i), F + rs1(i), F + rs2(i), rounding(i) | F + (i >>> 27) << 3);
    }

    static long floatToInt(int i) {
        return operands(target(rd(i)), F + rs1(i), F + rs2(i), rounding(i));
    }

    static long intToFloat(int i) {
        return operands(F + rd(i), rs1(i), 0, rounding(i));
    }

    /** A move of raw bits: no immediate. */
    static long moveToInt(int i) {
        return operands(target(rd(i)), F + rs1(i), 0, 0);
    }

    static long moveToFloat(int i) {
        return operands(F + rd(i), rs1(i), 0, 0);
    }

    static int rounding(int i) {
        return i >>> 12 & 7;
    }

    private static int rd(int i) {
        return i >>> 7 & 31;
    }

    private static int rs1(int i) {
        return i >>> 15 & 31;
    }

    private static int rs2(int i) {
        return i >>> 20 & 31;
    }

    private static int storeOffset(int i) {
        return i >> 25 << 5 | rd(i);
    }
}
