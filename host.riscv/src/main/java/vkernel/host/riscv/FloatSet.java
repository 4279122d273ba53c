package vkernel.host.riscv;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * The F and D instructions (The RISC-V Instruction Set Manual, volume I). Those that exist for both formats are
 * written once, with {@code ff} for the format's two bits.
 */
final class FloatSet {
    private final List<Row> rows = new ArrayList<>();

    private FloatSet() {
        loadsAndStores();
        arithmetic();
        comparisons();
        conversions();
    }

    static List<Row> rows() {
        return List.copyOf(new FloatSet().rows);
    }

    private void loadsAndStores() {
        one("flw", "............ ..... 010 ..... 0000111", Op.FLW, Operands::floatLoad);
        one("fld", "............ ..... 011 ..... 0000111", Op.LD, Operands::floatLoad);
        one("fsw", "............ ..... 010 ..... 0100111", Op.SW, Operands::floatStore);
        one("fsd", "............ ..... 011 ..... 0100111", Op.SD, Operands::floatStore);
        one("fmv.x.w", "1110000 00000 ..... 000 ..... 1010011", Op.ADDIW, Operands::moveToInt);
        one("fmv.w.x", "1111000 00000 ..... 000 ..... 1010011", Op.FMV_W_X, Operands::moveToFloat);
        one("fmv.x.d", "1110001 00000 ..... 000 ..... 1010011", Op.MV, Operands::moveToInt);
        one("fmv.d.x", "1111001 00000 ..... 000 ..... 1010011", Op.MV, Operands::moveToFloat);
    }

    private void arithmetic() {
        both("fadd", "00000ff ..... ..... mmm ..... 1010011", Op.FADD, Operands::f);
        both("fsub", "00001ff ..... ..... mmm ..... 1010011", Op.FSUB, Operands::f);
        both("fmul", "00010ff ..... ..... mmm ..... 1010011", Op.FMUL, Operands::f);
        both("fdiv", "00011ff ..... ..... mmm ..... 1010011", Op.FDIV, Operands::f);
        both("fsqrt", "01011ff 00000 ..... mmm ..... 1010011", Op.FSQRT, Operands::f);
        both("fmadd", ".....ff ..... ..... mmm ..... 1000011", Op.FMADD, Operands::fma);
        both("fmsub", ".....ff ..... ..... mmm ..... 1000111", Op.FMSUB, Operands::fma);
        both("fnmsub", ".....ff ..... ..... mmm ..... 1001011", Op.FNMSUB, Operands::fma);
        both("fnmadd", ".....ff ..... ..... mmm ..... 1001111", Op.FNMADD, Operands::fma);
        both("fsgnj", "00100ff ..... ..... 000 ..... 1010011", Op.FSGNJ, Operands::f);
        both("fsgnjn", "00100ff ..... ..... 001 ..... 1010011", Op.FSGNJN, Operands::f);
        both("fsgnjx", "00100ff ..... ..... 010 ..... 1010011", Op.FSGNJX, Operands::f);
        both("fmin", "00101ff ..... ..... 000 ..... 1010011", Op.FMIN, Operands::f);
        both("fmax", "00101ff ..... ..... 001 ..... 1010011", Op.FMAX, Operands::f);
    }

    private void comparisons() {
        both("fle", "10100ff ..... ..... 000 ..... 1010011", Op.FLE, Operands::floatToInt);
        both("flt", "10100ff ..... ..... 001 ..... 1010011", Op.FLT, Operands::floatToInt);
        both("feq", "10100ff ..... ..... 010 ..... 1010011", Op.FEQ, Operands::floatToInt);
        both("fclass", "11100ff 00000 ..... 001 ..... 1010011", Op.FCLASS, Operands::floatToInt);
    }

    private void conversions() {
        one("fcvt.d.s", "0100001 00000 ..... mmm ..... 1010011", Op.FCVT_FLOAT, Operands::f);
        one("fcvt.s.d", "0100000 00001 ..... mmm ..... 1010011", Op.FCVT_FLOAT + 1, Operands::f);
        both("fcvt.w", "11000ff 00000 ..... mmm ..... 1010011", Op.FCVT_W, Operands::floatToInt);
        both("fcvt.wu", "11000ff 00001 ..... mmm ..... 1010011", Op.FCVT_WU, Operands::floatToInt);
        both("fcvt.l", "11000ff 00010 ..... mmm ..... 1010011", Op.FCVT_L, Operands::floatToInt);
        both("fcvt.lu", "11000ff 00011 ..... mmm ..... 1010011", Op.FCVT_LU, Operands::floatToInt);
        both("fcvt.from.w", "11010ff 00000 ..... mmm ..... 1010011", Op.FCVT_FROM_W, Operands::intToFloat);
        both("fcvt.from.wu", "11010ff 00001 ..... mmm ..... 1010011", Op.FCVT_FROM_WU, Operands::intToFloat);
        both("fcvt.from.l", "11010ff 00010 ..... mmm ..... 1010011", Op.FCVT_FROM_L, Operands::intToFloat);
        both("fcvt.from.lu", "11010ff 00011 ..... mmm ..... 1010011", Op.FCVT_FROM_LU, Operands::intToFloat);
    }

    private void one(String name, String encoding, int op, IntToLongFunction operands) {
        rows.add(Row.of(name, encoding, op, operands));
    }

    private void both(String name, String encoding, int op, IntToLongFunction operands) {
        one(name + ".s", encoding.replace("ff", "00"), op, operands);
        one(name + ".d", encoding.replace("ff", "01"), op + 1, operands);
    }
}
