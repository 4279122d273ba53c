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

    // a function for each format, not for each row: the JVM makes a class of every :: when it gets there

    private void arithmetic() {
        IntToLongFunction f = Operands::f;
        IntToLongFunction fma = Operands::fma;
        both("fadd", "00000ff ..... ..... mmm ..... 1010011", Op.FADD, f);
        both("fsub", "00001ff ..... ..... mmm ..... 1010011", Op.FSUB, f);
        both("fmul", "00010ff ..... ..... mmm ..... 1010011", Op.FMUL, f);
        both("fdiv", "00011ff ..... ..... mmm ..... 1010011", Op.FDIV, f);
        both("fsqrt", "01011ff 00000 ..... mmm ..... 1010011", Op.FSQRT, f);
        both("fmadd", ".....ff ..... ..... mmm ..... 1000011", Op.FMADD, fma);
        both("fmsub", ".....ff ..... ..... mmm ..... 1000111", Op.FMSUB, fma);
        both("fnmsub", ".....ff ..... ..... mmm ..... 1001011", Op.FNMSUB, fma);
        both("fnmadd", ".....ff ..... ..... mmm ..... 1001111", Op.FNMADD, fma);
        both("fsgnj", "00100ff ..... ..... 000 ..... 1010011", Op.FSGNJ, f);
        both("fsgnjn", "00100ff ..... ..... 001 ..... 1010011", Op.FSGNJN, f);
        both("fsgnjx", "00100ff ..... ..... 010 ..... 1010011", Op.FSGNJX, f);
        both("fmin", "00101ff ..... ..... 000 ..... 1010011", Op.FMIN, f);
        both("fmax", "00101ff ..... ..... 001 ..... 1010011", Op.FMAX, f);
    }

    private void comparisons() {
        IntToLongFunction floatToInt = Operands::floatToInt;
        both("fle", "10100ff ..... ..... 000 ..... 1010011", Op.FLE, floatToInt);
        both("flt", "10100ff ..... ..... 001 ..... 1010011", Op.FLT, floatToInt);
        both("feq", "10100ff ..... ..... 010 ..... 1010011", Op.FEQ, floatToInt);
        both("fclass", "11100ff 00000 ..... 001 ..... 1010011", Op.FCLASS, floatToInt);
    }

    private void conversions() {
        IntToLongFunction floatToInt = Operands::floatToInt;
        IntToLongFunction intToFloat = Operands::intToFloat;
        one("fcvt.d.s", "0100001 00000 ..... mmm ..... 1010011", Op.FCVT_FLOAT, Operands::f);
        one("fcvt.s.d", "0100000 00001 ..... mmm ..... 1010011", Op.FCVT_FLOAT + 1, Operands::f);
        both("fcvt.w", "11000ff 00000 ..... mmm ..... 1010011", Op.FCVT_W, floatToInt);
        both("fcvt.wu", "11000ff 00001 ..... mmm ..... 1010011", Op.FCVT_WU, floatToInt);
        both("fcvt.l", "11000ff 00010 ..... mmm ..... 1010011", Op.FCVT_L, floatToInt);
        both("fcvt.lu", "11000ff 00011 ..... mmm ..... 1010011", Op.FCVT_LU, floatToInt);
        both("fcvt.from.w", "11010ff 00000 ..... mmm ..... 1010011", Op.FCVT_FROM_W, intToFloat);
        both("fcvt.from.wu", "11010ff 00001 ..... mmm ..... 1010011", Op.FCVT_FROM_WU, intToFloat);
        both("fcvt.from.l", "11010ff 00010 ..... mmm ..... 1010011", Op.FCVT_FROM_L, intToFloat);
        both("fcvt.from.lu", "11010ff 00011 ..... mmm ..... 1010011", Op.FCVT_FROM_LU, intToFloat);
    }

    private void one(String name, String encoding, int op, IntToLongFunction operands) {
        rows.add(Row.of(name, encoding, op, operands));
    }

    private void both(String name, String encoding, int op, IntToLongFunction operands) {
        one(name + ".s", encoding.replace("ff", "00"), op, operands);
        one(name + ".d", encoding.replace("ff", "01"), op + 1, operands);
    }
}
