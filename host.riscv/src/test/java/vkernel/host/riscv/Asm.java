package vkernel.host.riscv;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Encodes the instructions that tests write by hand. Registers are numbers; distances are bytes. */
final class Asm {
    static final int ECALL = 0x73;
    static final int EBREAK = 0x100073;
    static final int FENCE_I = 0x100F;

    private Asm() {}

    /** The row of an instruction by its name. */
    static Row row(String name) {
        return RowSource.ALL.stream()
                .filter(r -> r.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static int r(String name, int rd, int rs1, int rs2) {
        return row(name).match() | rd << 7 | rs1 << 15 | rs2 << 20;
    }

    /** An instruction with rs3 and a rounding mode, as far as it has them. */
    static int f(String name, int rd, int rs1, int rs2, int rs3, int mode) {
        return r(name, rd, rs1, rs2) | rs3 << 27 | (row(name).rounds() ? mode << 12 : 0);
    }

    static int i(String name, int rd, int rs1, int imm) {
        return row(name).match() | rd << 7 | rs1 << 15 | imm << 20;
    }

    static int s(String name, int rs2, int rs1, int imm) {
        return row(name).match() | (imm & 31) << 7 | rs1 << 15 | rs2 << 20 | imm >> 5 << 25;
    }

    static int u(String name, int rd, int imm) {
        return row(name).match() | rd << 7 | imm & 0xFFFFF000;
    }

    static int b(String name, int rs1, int rs2, int bytes) {
        return row(name).match()
                | rs1 << 15
                | rs2 << 20
                | (bytes >> 12 & 1) << 31
                | (bytes >> 5 & 63) << 25
                | (bytes >> 1 & 15) << 8
                | (bytes >> 11 & 1) << 7;
    }

    static int jal(int rd, int bytes) {
        return 0x6F
                | rd << 7
                | (bytes >> 20 & 1) << 31
                | (bytes >> 1 & 0x3FF) << 21
                | (bytes >> 11 & 1) << 20
                | (bytes >> 12 & 0xFF) << 12;
    }

    static byte[] bytes(List<Short> halves) {
        ByteBuffer b = ByteBuffer.allocate(2 * halves.size()).order(ByteOrder.LITTLE_ENDIAN);
        halves.forEach(b::putShort);
        return b.array();
    }
}
