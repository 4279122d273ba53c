package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;
import vkernel.host.riscv.amd64.NativeEngine;

/** What is the native engine's own: its memory for code, and what it does without windows. */
class NativeEngineTest {
    private static final long CODE = 0x10000;
    private static final int FUNCTIONS = 400;
    private static final int TURNS = 3;
    private static final int READS = 10_000;
    private static final int READ_TIME_TO_X10 = 0xC010_2573;
    private static final int ADD_F4_TO_F3 = 0x0241_81D3;

    @BeforeEach
    void usable() {
        assumeTrue(new NativeEngine().usable(), "another processor");
    }

    /** Calls many functions of sixteen instructions each, over and over. */
    private static Machine calling(NativeEngine engine) {
        Machine machine = new Machine(1 << 20, engine).map(CODE, 0x10000, Machine.ALL);
        int[] caller = new int[FUNCTIONS + 3];
        for (int i = 0; i < FUNCTIONS; i++) {
            long function = CODE + 0x1000 + 64L * i;
            caller[i] = Asm.jal(1, (int) (function - (CODE + 4L * i)));
            int[] body = new int[16];
            for (int k = 0; k < 15; k++) body[k] = Asm.i("addi", 10, 10, 1 + (i + k) % 7);
            body[15] = Asm.i("jalr", 0, 1, 0);
            machine.put(function, body);
        }
        caller[FUNCTIONS] = Asm.i("addi", 12, 12, -1);
        caller[FUNCTIONS + 1] = Asm.b("bne", 12, 0, -4 * (FUNCTIONS + 1));
        caller[FUNCTIONS + 2] = Asm.ECALL;
        machine.put(CODE, caller);
        machine.x(12, TURNS);
        return machine;
    }

    private static long sum() {
        long sum = 0;
        for (int i = 0; i < FUNCTIONS; i++) for (int k = 0; k < 15; k++) sum += 1 + (i + k) % 7;
        return TURNS * sum;
    }

    @Test
    void memoryForCodeThatIsFullIsLeftForAnother() {
        NativeEngine engine = new NativeEngine(1, 96 << 10, 64);
        try (Machine machine = calling(engine)) {
            assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
            assertThat(machine.x(10)).isEqualTo(sum());
            assertThat(engine.figures().get("spaces")).isGreaterThan(2);
        }
    }

    @Test
    void codeIsExecutedWithoutWindowsToo() {
        NativeEngine engine = new NativeEngine(1, 1 << 20, 64);
        try (Machine machine = calling(engine)) {
            machine.windows = false;
            assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
            assertThat(machine.x(10)).isEqualTo(sum());
            assertThat(engine.figures().get("interpreted")).isGreaterThan(FUNCTIONS * TURNS);
        }
    }

    @Test
    void theHostsClockIsReadWithoutLeavingAndNothingIsLost() {
        NativeEngine engine = new NativeEngine(1, 1 << 20, 64);
        try (Machine machine = new Machine(1 << 20, engine).map(CODE, 4096, Machine.ALL)) {
            machine.put(
                    CODE,
                    READ_TIME_TO_X10,
                    Asm.b("bltu", 10, 11, 24),
                    Asm.i("addi", 11, 10, 0),
                    ADD_F4_TO_F3,
                    Asm.i("addi", 12, 12, -1),
                    Asm.b("bne", 12, 0, -20),
                    Asm.ECALL,
                    Asm.i("addi", 13, 0, 1), // time went back
                    Asm.ECALL);
            for (int i = 0; i < 32; i++) machine.f(i, Double.doubleToLongBits(i));
            for (int i = 13; i < 32; i++) machine.x(i, -i);
            machine.x(12, READS);
            long before = System.nanoTime();
            machine.origin = before - 1_000_000;
            assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
            long after = System.nanoTime();
            assertThat(machine.x(11)).isBetween(before - machine.origin, after - machine.origin);
            for (int i = 13; i < 32; i++) assertThat(machine.x(i)).as("x%d", i).isEqualTo(-i);
            for (int i = 0; i < 32; i++) {
                double value = i == 3 ? 3 + 4.0 * READS : i;
                assertThat(Double.longBitsToDouble(machine.f(i))).as("f%d", i).isEqualTo(value);
            }
            assertThat(engine.figures().get("times")).isBetween(1L, READS / 10L);
        }
    }

    @Test
    void aLoopIsLeftWhenTheHartIsWanted() throws InterruptedException {
        NativeEngine engine = new NativeEngine(1, 1 << 20, 64);
        try (Machine machine = new Machine(1 << 20, engine).map(CODE, 4096, Machine.ALL)) {
            machine.put(CODE, Asm.i("addi", 10, 10, 1), Asm.jal(0, -4));
            Thread asks = new Thread(() -> {
                while (engine.figures().getOrDefault("blocks", 0L) == 0) Thread.onSpinWait();
                machine.hart.interrupt();
            });
            asks.start();
            machine.hart.regs[Registers.PC] = CODE;
            assertThat(engine.run(machine.hart, Long.MAX_VALUE, false)).isEqualTo(Trap.INTERRUPT);
            asks.join();
        }
    }
}
