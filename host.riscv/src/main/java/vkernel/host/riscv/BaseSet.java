package vkernel.host.riscv;

import static vkernel.host.riscv.Row.of;

import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * The integer instructions of 32 bits: RV64I, M, A, Zicsr and Zifencei (The RISC-V Instruction Set Manual, volume I,
 * "RV32/64G Instruction Set Listings"). Fields that the manual says to ignore (of fence) are free.
 */
final class BaseSet {
    private BaseSet() {}

    static List<Row> rows() {
        // each :: is a class that the JVM spins when it gets there: one for each format, not for each row
        IntToLongFunction u = Operands::u;
        IntToLongFunction i = Operands::i;
        IntToLongFunction b = Operands::b;
        IntToLongFunction s = Operands::s;
        IntToLongFunction shift = Operands::shift;
        IntToLongFunction r = Operands::r;
        IntToLongFunction none = Operands::none;
        IntToLongFunction csr = Operands::csr;
        return List.of(
                of("lui", ".................... ..... 0110111", Op.LI, u),
                of("auipc", ".................... ..... 0010111", Op.AUIPC, u),
                of("jal", ".................... ..... 1101111", Op.JAL, Operands::j),
                of("jalr", "............ ..... 000 ..... 1100111", Op.JALR, i),
                of("beq", "............ ..... 000 ..... 1100011", Op.BEQ, b),
                of("bne", "............ ..... 001 ..... 1100011", Op.BNE, b),
                of("blt", "............ ..... 100 ..... 1100011", Op.BLT, b),
                of("bge", "............ ..... 101 ..... 1100011", Op.BGE, b),
                of("bltu", "............ ..... 110 ..... 1100011", Op.BLTU, b),
                of("bgeu", "............ ..... 111 ..... 1100011", Op.BGEU, b),
                of("lb", "............ ..... 000 ..... 0000011", Op.LB, i),
                of("lh", "............ ..... 001 ..... 0000011", Op.LH, i),
                of("lw", "............ ..... 010 ..... 0000011", Op.LW, i),
                of("ld", "............ ..... 011 ..... 0000011", Op.LD, i),
                of("lbu", "............ ..... 100 ..... 0000011", Op.LBU, i),
                of("lhu", "............ ..... 101 ..... 0000011", Op.LHU, i),
                of("lwu", "............ ..... 110 ..... 0000011", Op.LWU, i),
                of("sb", "............ ..... 000 ..... 0100011", Op.SB, s),
                of("sh", "............ ..... 001 ..... 0100011", Op.SH, s),
                of("sw", "............ ..... 010 ..... 0100011", Op.SW, s),
                of("sd", "............ ..... 011 ..... 0100011", Op.SD, s),
                of("addi", "............ ..... 000 ..... 0010011", Op.ADDI, i),
                of("slti", "............ ..... 010 ..... 0010011", Op.SLTI, i),
                of("sltiu", "............ ..... 011 ..... 0010011", Op.SLTIU, i),
                of("xori", "............ ..... 100 ..... 0010011", Op.XORI, i),
                of("ori", "............ ..... 110 ..... 0010011", Op.ORI, i),
                of("andi", "............ ..... 111 ..... 0010011", Op.ANDI, i),
                of("slli", "000000 ...... ..... 001 ..... 0010011", Op.SLLI, shift),
                of("srli", "000000 ...... ..... 101 ..... 0010011", Op.SRLI, shift),
                of("srai", "010000 ...... ..... 101 ..... 0010011", Op.SRAI, shift),
                of("add", "0000000 ..... ..... 000 ..... 0110011", Op.ADD, r),
                of("sub", "0100000 ..... ..... 000 ..... 0110011", Op.SUB, r),
                of("sll", "0000000 ..... ..... 001 ..... 0110011", Op.SLL, r),
                of("slt", "0000000 ..... ..... 010 ..... 0110011", Op.SLT, r),
                of("sltu", "0000000 ..... ..... 011 ..... 0110011", Op.SLTU, r),
                of("xor", "0000000 ..... ..... 100 ..... 0110011", Op.XOR, r),
                of("srl", "0000000 ..... ..... 101 ..... 0110011", Op.SRL, r),
                of("sra", "0100000 ..... ..... 101 ..... 0110011", Op.SRA, r),
                of("or", "0000000 ..... ..... 110 ..... 0110011", Op.OR, r),
                of("and", "0000000 ..... ..... 111 ..... 0110011", Op.AND, r),
                of("addiw", "............ ..... 000 ..... 0011011", Op.ADDIW, i),
                of("slliw", "0000000 ..... ..... 001 ..... 0011011", Op.SLLIW, shift),
                of("srliw", "0000000 ..... ..... 101 ..... 0011011", Op.SRLIW, shift),
                of("sraiw", "0100000 ..... ..... 101 ..... 0011011", Op.SRAIW, shift),
                of("addw", "0000000 ..... ..... 000 ..... 0111011", Op.ADDW, r),
                of("subw", "0100000 ..... ..... 000 ..... 0111011", Op.SUBW, r),
                of("sllw", "0000000 ..... ..... 001 ..... 0111011", Op.SLLW, r),
                of("srlw", "0000000 ..... ..... 101 ..... 0111011", Op.SRLW, r),
                of("sraw", "0100000 ..... ..... 101 ..... 0111011", Op.SRAW, r),
                of("fence", "............ ..... 000 ..... 0001111", Op.FENCE, none),
                of("fence.i", "............ ..... 001 ..... 0001111", Op.FENCE_I, none),
                of("ecall", "000000000000 00000 000 00000 1110011", Op.ECALL, none),
                of("ebreak", "000000000001 00000 000 00000 1110011", Op.EBREAK, none),
                of("csrrw", "............ ..... 001 ..... 1110011", Op.CSRRW, csr),
                of("csrrs", "............ ..... 010 ..... 1110011", Op.CSRRS, csr),
                of("csrrc", "............ ..... 011 ..... 1110011", Op.CSRRC, csr),
                of("csrrwi", "............ ..... 101 ..... 1110011", Op.CSRRWI, csr),
                of("csrrsi", "............ ..... 110 ..... 1110011", Op.CSRRSI, csr),
                of("csrrci", "............ ..... 111 ..... 1110011", Op.CSRRCI, csr),
                of("mul", "0000001 ..... ..... 000 ..... 0110011", Op.MUL, r),
                of("mulh", "0000001 ..... ..... 001 ..... 0110011", Op.MULH, r),
                of("mulhsu", "0000001 ..... ..... 010 ..... 0110011", Op.MULHSU, r),
                of("mulhu", "0000001 ..... ..... 011 ..... 0110011", Op.MULHU, r),
                of("div", "0000001 ..... ..... 100 ..... 0110011", Op.DIV, r),
                of("divu", "0000001 ..... ..... 101 ..... 0110011", Op.DIVU, r),
                of("rem", "0000001 ..... ..... 110 ..... 0110011", Op.REM, r),
                of("remu", "0000001 ..... ..... 111 ..... 0110011", Op.REMU, r),
                of("mulw", "0000001 ..... ..... 000 ..... 0111011", Op.MULW, r),
                of("divw", "0000001 ..... ..... 100 ..... 0111011", Op.DIVW, r),
                of("divuw", "0000001 ..... ..... 101 ..... 0111011", Op.DIVUW, r),
                of("remw", "0000001 ..... ..... 110 ..... 0111011", Op.REMW, r),
                of("remuw", "0000001 ..... ..... 111 ..... 0111011", Op.REMUW, r),
                of("lr.w", "00010.. 00000 ..... 010 ..... 0101111", Op.LR_W, r),
                of("lr.d", "00010.. 00000 ..... 011 ..... 0101111", Op.LR_D, r),
                of("sc.w", "00011.. ..... ..... 010 ..... 0101111", Op.SC_W, r),
                of("sc.d", "00011.. ..... ..... 011 ..... 0101111", Op.SC_D, r),
                of("amoswap.w", "00001.. ..... ..... 010 ..... 0101111", Op.AMOSWAP_W, r),
                of("amoswap.d", "00001.. ..... ..... 011 ..... 0101111", Op.AMOSWAP_D, r),
                of("amoadd.w", "00000.. ..... ..... 010 ..... 0101111", Op.AMOADD_W, r),
                of("amoadd.d", "00000.. ..... ..... 011 ..... 0101111", Op.AMOADD_D, r),
                of("amoxor.w", "00100.. ..... ..... 010 ..... 0101111", Op.AMOXOR_W, r),
                of("amoxor.d", "00100.. ..... ..... 011 ..... 0101111", Op.AMOXOR_D, r),
                of("amoand.w", "01100.. ..... ..... 010 ..... 0101111", Op.AMOAND_W, r),
                of("amoand.d", "01100.. ..... ..... 011 ..... 0101111", Op.AMOAND_D, r),
                of("amoor.w", "01000.. ..... ..... 010 ..... 0101111", Op.AMOOR_W, r),
                of("amoor.d", "01000.. ..... ..... 011 ..... 0101111", Op.AMOOR_D, r),
                of("amomin.w", "10000.. ..... ..... 010 ..... 0101111", Op.AMOMIN_W, r),
                of("amomin.d", "10000.. ..... ..... 011 ..... 0101111", Op.AMOMIN_D, r),
                of("amomax.w", "10100.. ..... ..... 010 ..... 0101111", Op.AMOMAX_W, r),
                of("amomax.d", "10100.. ..... ..... 011 ..... 0101111", Op.AMOMAX_D, r),
                of("amominu.w", "11000.. ..... ..... 010 ..... 0101111", Op.AMOMINU_W, r),
                of("amominu.d", "11000.. ..... ..... 011 ..... 0101111", Op.AMOMINU_D, r),
                of("amomaxu.w", "11100.. ..... ..... 010 ..... 0101111", Op.AMOMAXU_W, r),
                of("amomaxu.d", "11100.. ..... ..... 011 ..... 0101111", Op.AMOMAXU_D, r));
    }
}
