package vkernel.host.riscv;

import static vkernel.host.riscv.Row.of;

import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * The compressed instructions of RV64 (The RISC-V Instruction Set Manual, volume I, "C" extension, "RVC Instruction
 * Set Listings"). The first row that matches counts, so reserved encodings stand before what they are cut out of;
 * hints execute as what they look like.
 */
final class CompressedSet {
    private CompressedSet() {}

    static List<Row> rows() {
        // each :: is a class that the JVM spins when it gets there: one for each format, not for each row
        IntToLongFunction addi = CompressedOperands::addi;
        IntToLongFunction shiftRight = CompressedOperands::shiftRight;
        IntToLongFunction arithmetic = CompressedOperands::arithmetic;
        IntToLongFunction branch = CompressedOperands::branch;
        IntToLongFunction none = Operands::none;
        return List.of(
                reserved("000 00000000 ... 00"),
                of("c.addi4spn", "000 ........ ... 00", Op.ADDI, CompressedOperands::addi4spn),
                of("c.fld", "001 ... ... .. ... 00", Op.LD, CompressedOperands::loadFloat),
                of("c.lw", "010 ... ... .. ... 00", Op.LW, CompressedOperands::loadWord),
                of("c.ld", "011 ... ... .. ... 00", Op.LD, CompressedOperands::loadDouble),
                of("c.fsd", "101 ... ... .. ... 00", Op.SD, CompressedOperands::storeFloat),
                of("c.sw", "110 ... ... .. ... 00", Op.SW, CompressedOperands::storeWord),
                of("c.sd", "111 ... ... .. ... 00", Op.SD, CompressedOperands::storeDouble),
                of("c.addi", "000 . ..... ..... 01", Op.ADDI, addi),
                reserved("001 . 00000 ..... 01"),
                of("c.addiw", "001 . ..... ..... 01", Op.ADDIW, addi),
                of("c.li", "010 . ..... ..... 01", Op.LI, CompressedOperands::li),
                reserved("011 0 ..... 00000 01"),
                of("c.addi16sp", "011 . 00010 ..... 01", Op.ADDI, CompressedOperands::addi16sp),
                of("c.lui", "011 . ..... ..... 01", Op.LI, CompressedOperands::lui),
                of("c.srli", "100 . 00 ... ..... 01", Op.SRLI, shiftRight),
                of("c.srai", "100 . 01 ... ..... 01", Op.SRAI, shiftRight),
                of("c.andi", "100 . 10 ... ..... 01", Op.ANDI, CompressedOperands::andi),
                of("c.sub", "100 0 11 ... 00 ... 01", Op.SUB, arithmetic),
                of("c.xor", "100 0 11 ... 01 ... 01", Op.XOR, arithmetic),
                of("c.or", "100 0 11 ... 10 ... 01", Op.OR, arithmetic),
                of("c.and", "100 0 11 ... 11 ... 01", Op.AND, arithmetic),
                of("c.subw", "100 1 11 ... 00 ... 01", Op.SUBW, arithmetic),
                of("c.addw", "100 1 11 ... 01 ... 01", Op.ADDW, arithmetic),
                of("c.j", "101 ........... 01", Op.JAL, CompressedOperands::jump),
                of("c.beqz", "110 ... ... ..... 01", Op.BEQ, branch),
                of("c.bnez", "111 ... ... ..... 01", Op.BNE, branch),
                of("c.slli", "000 . ..... ..... 10", Op.SLLI, CompressedOperands::shiftLeft),
                of("c.fldsp", "001 . ..... ..... 10", Op.LD, CompressedOperands::loadFloatSp),
                reserved("010 . 00000 ..... 10"),
                of("c.lwsp", "010 . ..... ..... 10", Op.LW, CompressedOperands::loadWordSp),
                reserved("011 . 00000 ..... 10"),
                of("c.ldsp", "011 . ..... ..... 10", Op.LD, CompressedOperands::loadDoubleSp),
                reserved("100 0 00000 00000 10"),
                of("c.jr", "100 0 ..... 00000 10", Op.JALR, CompressedOperands::jumpRegister),
                of("c.mv", "100 0 ..... ..... 10", Op.MV, CompressedOperands::move),
                of("c.ebreak", "100 1 00000 00000 10", Op.EBREAK, none),
                of("c.jalr", "100 1 ..... 00000 10", Op.JALR, CompressedOperands::callRegister),
                of("c.add", "100 1 ..... ..... 10", Op.ADD, CompressedOperands::add),
                of("c.fsdsp", "101 ...... ..... 10", Op.SD, CompressedOperands::storeFloatSp),
                of("c.swsp", "110 ...... ..... 10", Op.SW, CompressedOperands::storeWordSp),
                of("c.sdsp", "111 ...... ..... 10", Op.SD, CompressedOperands::storeDoubleSp));
    }

    private static Row reserved(String encoding) {
        return of("reserved", encoding, Op.ILLEGAL, Operands::none);
    }
}
