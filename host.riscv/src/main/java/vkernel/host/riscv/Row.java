package vkernel.host.riscv;

import java.util.function.IntToLongFunction;

/**
 * A row of the decode table.
 *
 * @param name the assembler's
 * @param mask bits that are fixed
 * @param match their values
 * @param rounds whether bits 14:12 are a rounding mode, of which 5 and 6 are reserved
 * @param op what to execute, of {@link Op}
 * @param operands the packed operands of an encoding
 */
record Row(String name, int mask, int match, boolean rounds, int op, IntToLongFunction operands) {
    /**
     * A row from its encoding written as in the manual, highest bit first: 0 and 1 are fixed, {@code .} is free,
     * {@code m} is the rounding mode; blanks are ignored.
     */
    static Row of(String name, String encoding, int op, IntToLongFunction operands) {
        int mask = 0;
        int match = 0;
        for (char c : encoding.replace(" ", "").toCharArray()) {
            mask = mask << 1 | (c == '0' || c == '1' ? 1 : 0);
            match = match << 1 | (c == '1' ? 1 : 0);
        }
        return new Row(name, mask, match, encoding.indexOf('m') >= 0, op, operands);
    }

    boolean matches(int bits) {
        return (bits & mask) == match && !(rounds && reservedRounding(Operands.rounding(bits)));
    }

    private static boolean reservedRounding(int mode) {
        return mode == 5 || mode == 6;
    }
}
