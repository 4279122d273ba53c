package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;

/** Edges of the F and D extensions, with the numbers of the RISC-V manual. Flags: NV 16, DZ 8, OF 4, UF 2, NX 1. */
class FloatEdgeTest {
    private static final long CODE = 0x10000;
    private static final String QUIET = "7ff8000000000000";
    private static final String SIGNALLING = "7ff0000000000001";
    private static final long BOX = -1L << 32;

    private final Machine machine = new Machine(1 << 20).map(CODE, 4096, Machine.ALL);

    @AfterEach
    void close() {
        machine.close();
    }

    /** Executes one instruction. @return the flags it raises */
    private long execute(int word) {
        machine.put(CODE, word, Asm.ECALL);
        machine.hart.regs[Registers.FCSR] = 0;
        assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
        return machine.hart.regs[Registers.FCSR];
    }

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource({
        "fcvt.w.d, 2147483647.5, 2147483647, 1",
        "fcvt.w.d, 2147483648, 2147483647, 16",
        "fcvt.w.d, -2147483648.9, -2147483648, 1",
        "fcvt.w.d, -2147483649, -2147483648, 16",
        "fcvt.w.d, NaN, 2147483647, 16",
        "fcvt.w.d, -Infinity, -2147483648, 16",
        "fcvt.wu.d, 4294967295.9, -1, 1",
        "fcvt.wu.d, 4294967296, -1, 16",
        "fcvt.wu.d, -0.9, 0, 1",
        "fcvt.wu.d, -1, 0, 16",
        "fcvt.wu.d, NaN, -1, 16",
        "fcvt.wu.d, 3000000000, -1294967296, 0",
        "fcvt.l.d, 9223372036854775807, 9223372036854775807, 16",
        "fcvt.l.d, 9223372036854774784, 9223372036854774784, 0",
        "fcvt.l.d, -9223372036854775808, -9223372036854775808, 0",
        "fcvt.l.d, -9223372036854777856, -9223372036854775808, 16",
        "fcvt.l.d, NaN, 9223372036854775807, 16",
        "fcvt.lu.d, 18446744073709551616, -1, 16",
        "fcvt.lu.d, 18446744073709549568, -2048, 0",
        "fcvt.lu.d, -0.0, 0, 0",
        "fcvt.lu.d, -Infinity, 0, 16",
        "fcvt.lu.d, Infinity, -1, 16",
        "fcvt.l.d, 4.9e-324, 0, 1"
    })
    void conversionTowardsZeroHasTheManualsLimits(String name, double from, long to, long flags) {
        machine.f(1, Double.doubleToRawLongBits(from));
        assertThat(execute(Asm.f(name, 5, 1, 0, 0, Rounding.RTZ))).isEqualTo(flags);
        assertThat(machine.x(5)).isEqualTo(to);
    }

    @ParameterizedTest(name = "{0} in mode {1}")
    @CsvSource({
        "2.5, 0, 2",
        "2.5, 1, 2",
        "2.5, 2, 2",
        "2.5, 3, 3",
        "2.5, 4, 3",
        "-2.5, 0, -2",
        "-2.5, 1, -2",
        "-2.5, 2, -3",
        "-2.5, 3, -2",
        "-2.5, 4, -3",
        "3.5, 0, 4",
        "0.5, 0, 0",
        "0.5, 4, 1",
        "-0.5, 2, -1",
        "0.49999999999999994, 4, 0"
    })
    void everyRoundingModeRoundsItsWay(double from, int mode, long to) {
        machine.f(1, Double.doubleToRawLongBits(from));
        assertThat(execute(Asm.f("fcvt.l.d", 5, 1, 0, 0, mode))).isEqualTo(Rounding.INEXACT);
        assertThat(machine.x(5)).isEqualTo(to);
    }

    @ParameterizedTest(name = "{0} of {1} and {2}")
    @CsvSource({
        "fmin.d, 0000000000000000, 8000000000000000, 8000000000000000, 0",
        "fmin.d, 8000000000000000, 0000000000000000, 8000000000000000, 0",
        "fmax.d, 0000000000000000, 8000000000000000, 0000000000000000, 0",
        "fmax.d, 8000000000000000, 0000000000000000, 0000000000000000, 0",
        "fmin.d, " + QUIET + ", 3ff0000000000000, 3ff0000000000000, 0",
        "fmax.d, 3ff0000000000000, " + SIGNALLING + ", 3ff0000000000000, 16",
        "fmin.d, fff8000000000123, " + QUIET + ", " + QUIET + ", 0",
        "fmax.d, " + SIGNALLING + ", " + SIGNALLING + ", " + QUIET + ", 16",
        "fmin.d, fff0000000000000, 7ff0000000000000, fff0000000000000, 0",
        "fadd.d, 7ff0000000000000, fff0000000000000, " + QUIET + ", 16",
        "fadd.d, fff8000000000123, 3ff0000000000000, " + QUIET + ", 0",
        "fsub.d, 3ff0000000000000, 3ff0000000000000, 0000000000000000, 0",
        "fmul.d, 7ff0000000000000, 8000000000000000, " + QUIET + ", 16",
        "fdiv.d, 3ff0000000000000, 8000000000000000, fff0000000000000, 8",
        "fdiv.d, 0000000000000000, 0000000000000000, " + QUIET + ", 16",
        "fmul.d, 7fefffffffffffff, 4000000000000000, 7ff0000000000000, 5",
        "fmul.d, 0010000000000000, 3fefffffffffffff, 0010000000000000, 3",
        "fmul.d, 0010000000000001, 3fefffffffffffff, 0010000000000000, 1",
        "fmul.d, 0000000000000001, 3fe0000000000000, 0000000000000000, 3",
        "fsgnjn.d, " + SIGNALLING + ", 0000000000000000, fff0000000000001, 0"
    })
    void specialOperandsGiveTheManualsResults(String name, String a, String b, String result, long flags) {
        machine.f(1, Long.parseUnsignedLong(a, 16));
        machine.f(2, Long.parseUnsignedLong(b, 16));
        assertThat(execute(Asm.f(name, 3, 1, 2, 0, Rounding.RNE))).isEqualTo(flags);
        assertThat(Long.toHexString(machine.f(3))).isEqualTo(Long.toHexString(Long.parseUnsignedLong(result, 16)));
    }

    @Test
    void infinityTimesZeroPlusQuietNanIsInvalid() {
        machine.f(1, Double.doubleToRawLongBits(Double.POSITIVE_INFINITY));
        machine.f(2, 0);
        machine.f(3, Long.parseUnsignedLong(QUIET, 16));
        assertThat(execute(Asm.f("fmadd.d", 4, 1, 2, 3, 0))).isEqualTo(Rounding.INVALID);
        assertThat(machine.f(4)).isEqualTo(Long.parseUnsignedLong(QUIET, 16));
    }

    @Test
    void singleThatIsNotBoxedCountsAsCanonicalNan() {
        machine.f(1, Float.floatToRawIntBits(1f));
        machine.f(2, BOX | Float.floatToRawIntBits(2f));
        assertThat(execute(Asm.f("fadd.s", 3, 1, 2, 0, 0))).isZero();
        assertThat(machine.f(3)).isEqualTo(BOX | 0x7FC0_0000);
        assertThat(execute(Asm.f("fsgnj.s", 3, 1, 2, 0, 0))).isZero();
        assertThat(machine.f(3)).isEqualTo(BOX | 0x7FC0_0000);
        execute(Asm.r("fmv.x.w", 5, 1, 0));
        assertThat(machine.x(5)).isEqualTo(Float.floatToRawIntBits(1f));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "fff0000000000000, 0",
        "bff0000000000000, 1",
        "8000000000000001, 2",
        "8000000000000000, 3",
        "0000000000000000, 4",
        "000fffffffffffff, 5",
        "3ff0000000000000, 6",
        "7ff0000000000000, 7",
        SIGNALLING + ", 8",
        QUIET + ", 9"
    })
    void classTellsOneBit(String bits, int bit) {
        machine.f(1, Long.parseUnsignedLong(bits, 16));
        execute(Asm.r("fclass.d", 5, 1, 0));
        assertThat(machine.x(5)).isEqualTo(1L << bit);
    }

    @Test
    void comparisonsDifferInWhichNansAreInvalid() {
        machine.f(1, Long.parseUnsignedLong(QUIET, 16));
        machine.f(2, 0);
        assertThat(execute(Asm.r("feq.d", 5, 1, 2))).isZero();
        assertThat(execute(Asm.r("flt.d", 5, 1, 2))).isEqualTo(Rounding.INVALID);
        assertThat(execute(Asm.r("fle.d", 5, 1, 2))).isEqualTo(Rounding.INVALID);
        machine.f(1, Long.parseUnsignedLong(SIGNALLING, 16));
        assertThat(execute(Asm.r("feq.d", 5, 1, 2))).isEqualTo(Rounding.INVALID);
    }
}
