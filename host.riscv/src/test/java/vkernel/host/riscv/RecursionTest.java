package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import vkernel.host.Vpte;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;
import vkernel.host.riscv.jit.Translator;

/** A function that calls itself, interrupted anywhere, is where the interpreter is. Seed: {@code -Dvkernel.seed=N}. */
class RecursionTest {
    private static final long CODE = 0x10000;
    private static final int MAIN = 0x200;
    private static final long STACK = CODE + Vpte.PAGE_SIZE;
    private static final int[] FIBONACCI = {
        Asm.i("slti", 6, 10, 2),
        Asm.b("bne", 6, 0, 64),
        Asm.i("addi", 2, 2, -32),
        Asm.s("sd", 1, 2, 0),
        Asm.s("sd", 8, 2, 8),
        Asm.s("sd", 9, 2, 16),
        Asm.i("addi", 8, 10, 0),
        Asm.i("addiw", 10, 8, -1),
        Asm.jal(1, -32),
        Asm.i("addi", 9, 10, 0),
        Asm.i("addi", 10, 8, -2),
        Asm.jal(1, -44),
        Asm.r("add", 10, 10, 9),
        Asm.i("ld", 1, 2, 0),
        Asm.i("ld", 8, 2, 8),
        Asm.i("ld", 9, 2, 16),
        Asm.i("addi", 2, 2, 32),
        Asm.i("jalr", 0, 1, 0)
    };
    private static final long FIRST_SEED = Long.getLong("vkernel.seed", System.nanoTime());

    private final Machine reference = new Machine(1 << 20, new Interpreter());
    private final Machine tested = new Machine(1 << 20, new Translator(1, true, true));

    @AfterEach
    void close() {
        reference.close();
        tested.close();
    }

    @RepeatedTest(8)
    void budgetsEndAndPagesAreMissedAtTheSamePlaces(RepetitionInfo info) {
        long seed = FIRST_SEED + info.getCurrentRepetition() - 1;
        Random random = new Random(seed);
        for (Machine machine : new Machine[] {reference, tested}) {
            machine.map(CODE, Vpte.PAGE_SIZE, Machine.ALL).put(CODE, FIBONACCI);
            machine.put(CODE + MAIN, Asm.jal(1, -MAIN), Asm.i("addi", 11, 10, 0), Asm.ECALL);
            machine.map(STACK, 2 * Vpte.PAGE_SIZE, Machine.ALL);
        }
        for (int turn = 0; turn < 4; turn++) {
            for (Machine machine : new Machine[] {reference, tested}) {
                machine.x(2, STACK + Vpte.PAGE_SIZE + 208);
                machine.x(10, 17);
                machine.hart.regs[Registers.PC] = CODE + MAIN;
            }
            run(random, "seed " + seed + ", turn " + turn);
            assertThat(tested.x(11)).isEqualTo(1597);
        }
    }

    private void run(Random random, String where) {
        int trap;
        do {
            if (random.nextInt(3) == 0) {
                long page = STACK + Vpte.PAGE_SIZE * (long) random.nextInt(2);
                reference.hide(page);
                tested.hide(page);
            }
            int budget = random.nextInt(random.nextBoolean() ? 40 : 9000);
            trap = reference.engine.run(reference.hart, budget, true);
            assertThat(tested.engine.run(tested.hart, budget, true)).as(where).isEqualTo(trap);
            assertThat(tested.hart.regs).as(where).isEqualTo(reference.hart.regs);
            assertThat(tested.hart.retired).as(where).isEqualTo(reference.hart.retired);
            if (trap != Trap.PAGE_MISSING) continue;
            reference.show(reference.hart.trapAddress);
            tested.show(tested.hart.trapAddress);
        } while (trap != Trap.SYSCALL);
    }
}
