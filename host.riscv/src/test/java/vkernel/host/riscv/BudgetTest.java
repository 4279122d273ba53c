package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;
import vkernel.host.riscv.jit.Translator;

/** How long a run lasts: budget, interrupts, time. */
@Timeout(60)
class BudgetTest {
    private static final long CODE = 0x10000;
    private static final int LOOP = Asm.jal(0, 0);

    private static Machine machineWith(int... words) {
        return new Machine(1 << 20).map(CODE, 4096, Machine.ALL).put(CODE, words);
    }

    @RepeatedTest(10)
    void exactBudgetCutsARandomProgramAnywhereWithoutATrace() {
        long seed = System.nanoTime();
        try (Machine whole = randomProgram(seed);
                Machine cut = randomProgram(seed)) {
            assertThat(whole.run(RandomProgram.CODE)).as("seed %d", seed).isEqualTo(Trap.SYSCALL);
            runInSlices(cut, new Random(seed));
            assertThat(cut.hart.retired).as("seed %d", seed).isEqualTo(whole.hart.retired);
            assertThat(registers(cut)).as("seed %d", seed).isEqualTo(registers(whole));
            assertThat(data(cut)).as("seed %d", seed).isEqualTo(data(whole));
        }
    }

    private static Machine randomProgram(long seed) {
        int size = (int) (RandomProgram.DATA - RandomProgram.CODE) + RandomProgram.DATA_SIZE;
        return new Machine(1 << 20)
                .map(RandomProgram.CODE, size, Machine.ALL)
                .put(RandomProgram.CODE, new RandomProgram(seed, 2000).code())
                .put(RandomProgram.DATA, RandomProgram.data(seed));
    }

    private static void runInSlices(Machine machine, Random random) {
        machine.hart.regs[0] = RandomProgram.CODE;
        int trap;
        do {
            long before = machine.hart.retired;
            int budget = random.nextInt(random.nextBoolean() ? 10 : 3000);
            trap = machine.engine.run(machine.hart, budget, true);
            if (trap == Trap.BUDGET) assertThat(machine.hart.retired - before).isEqualTo(budget);
        } while (trap == Trap.BUDGET);
        assertThat(trap).isEqualTo(Trap.SYSCALL);
    }

    /** Without the scratch slot, which means nothing between runs. */
    private static long[] registers(Machine machine) {
        return Arrays.copyOf(machine.hart.regs, Registers.FCSR + 1);
    }

    private static byte[] data(Machine machine) {
        return machine.bytes(RandomProgram.DATA, RandomProgram.DATA_SIZE);
    }

    @Test
    void inexactBudgetEndsAnEndlessLoop() {
        try (Machine machine = machineWith(LOOP)) {
            machine.hart.regs[0] = CODE;
            assertThat(machine.engine.run(machine.hart, 100_000, false)).isEqualTo(Trap.BUDGET);
            assertThat(machine.hart.retired).isBetween(100_000L, 100_000L + DecodedPage.SLOTS);
            assertThat(machine.pc()).isEqualTo(CODE);
        }
    }

    @Test
    void emptyBudgetDoesNothing() {
        try (Machine machine = machineWith(Asm.i("addi", 5, 5, 1))) {
            machine.hart.regs[0] = CODE;
            assertThat(machine.engine.run(machine.hart, 0, true)).isEqualTo(Trap.BUDGET);
            assertThat(machine.x(5)).isZero();
        }
    }

    @Test
    void largestBudgetDoesNotOverflow() {
        try (Machine machine = machineWith(Asm.i("addi", 5, 5, 1), Asm.ECALL)) {
            machine.hart.retired = 5;
            machine.hart.regs[0] = CODE;
            assertThat(machine.engine.run(machine.hart, Long.MAX_VALUE, true)).isEqualTo(Trap.SYSCALL);
        }
    }

    @Test
    void interruptFromAnotherThreadEndsAnEndlessLoop() throws InterruptedException {
        try (Machine machine = machineWith(LOOP)) {
            Thread other = Thread.ofPlatform().start(machine.hart::interrupt);
            machine.hart.regs[0] = CODE;
            assertThat(machine.engine.run(machine.hart, Long.MAX_VALUE, false)).isEqualTo(Trap.INTERRUPT);
            other.join();
            assertThat(machine.pc()).isEqualTo(CODE);
        }
    }

    @Test
    void flushIsAttendedWithoutLeaving() {
        try (Machine machine = machineWith(Asm.i("addi", 5, 5, 1), Asm.ECALL)) {
            machine.hart.ask(Hart.FLUSH);
            assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
            assertThat(machine.hart.attention()).isZero();
        }
    }

    @Test
    void timeCountsTheInstructionsBeforeIt() {
        int rdtime = Asm.i("csrrs", 10, 0, 0) | 0xC01 << 20;
        try (Machine machine = machineWith(Asm.i("addi", 5, 5, 1), Asm.i("addi", 5, 5, 1), rdtime, Asm.ECALL)) {
            machine.run(CODE);
            assertThat(machine.x(10)).isEqualTo(2);
            machine.hart.reportRetired();
            assertThat(machine.time).isEqualTo(3);
        }
    }

    @Test
    void timeInTranslatedCodeCountsTheSameInstructions() {
        int rdtime = Asm.i("csrrs", 10, 0, 0) | 0xC01 << 20;
        int[] words = {
            Asm.i("addi", 5, 0, 1000),
            Asm.i("addi", 6, 6, 3),
            rdtime,
            Asm.r("add", 11, 11, 10),
            Asm.i("addi", 5, 5, -1),
            Asm.b("bne", 5, 0, -16),
            Asm.ECALL
        };
        try (Machine expected = new Machine(1 << 20, new Interpreter());
                Machine found = new Machine(1 << 20, new Translator(1, true, true))) {
            for (Machine machine : List.of(expected, found)) {
                machine.map(CODE, 4096, Machine.ALL).put(CODE, words);
                assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
                machine.hart.reportRetired();
            }
            assertThat(found.x(10)).isEqualTo(expected.x(10)).isEqualTo(2 + 999 * 5);
            assertThat(found.x(11)).isEqualTo(expected.x(11));
            assertThat(found.time).isEqualTo(expected.time);
        }
    }
}
