package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;
import vkernel.host.riscv.jit.Translator;

/**
 * The translator leaves the same registers, memory and count as the interpreter after random programs. To repeat a
 * run, give its seed: {@code -Dvkernel.seed=N}.
 */
class TranslatorTest {
    private static final int STEPS = 2000;
    private static final int SIZE = (int) (RandomProgram.DATA - RandomProgram.CODE) + RandomProgram.DATA_SIZE;
    private static final long FIRST_SEED = Long.getLong("vkernel.seed", System.nanoTime());

    private record Outcome(int trap, long retired, long[] regs, byte[] data) {}

    @RepeatedTest(40)
    void leavesWhatTheInterpreterLeaves(RepetitionInfo info) {
        long seed = FIRST_SEED + info.getCurrentRepetition() - 1;
        if (!agrees(seed, STEPS)) assertThat(blame(seed)).isNull();
    }

    private static boolean agrees(long seed, int steps) {
        return difference(seed, steps) == null;
    }

    private static String difference(long seed, int steps) {
        Outcome expected;
        try (Machine machine = new Machine(1 << 20, new Interpreter())) {
            expected = run(machine, seed, steps);
        }
        Translator translator = new Translator(1, true, true);
        try (Machine machine = new Machine(1 << 20, translator)) {
            machine.map(RandomProgram.CODE, SIZE, Machine.ALL)
                    .put(RandomProgram.CODE, new RandomProgram(seed, steps).code());
            for (int turn = 0; turn < 3; turn++) {
                Outcome found = again(machine, seed);
                String difference = difference(expected, found);
                if (difference != null) return "turn " + turn + ": " + difference;
            }
            if (translator.figures().get("failed") != 0) return "a translation failed: " + translator.figures();
        }
        return null;
    }

    private static String difference(Outcome a, Outcome b) {
        if (a.trap != b.trap) return "trap " + Trap.name(b.trap) + " for " + Trap.name(a.trap);
        int at = Arrays.mismatch(a.data, b.data);
        if (at >= 0) return String.format("data at %x: %x for %x", at, b.data[at], a.data[at]);
        for (int i = 0; i < 65; i++) {
            if (a.regs[i] != b.regs[i]) return String.format("register %d: %x for %x", i, b.regs[i], a.regs[i]);
        }
        return a.retired == b.retired ? null : "retired " + b.retired + " for " + a.retired;
    }

    private static Outcome run(Machine machine, long seed, int steps) {
        machine.map(RandomProgram.CODE, SIZE, Machine.ALL)
                .put(RandomProgram.CODE, new RandomProgram(seed, steps).code());
        return again(machine, seed);
    }

    private static Outcome again(Machine machine, long seed) {
        machine.put(RandomProgram.DATA, RandomProgram.data(seed));
        Arrays.fill(machine.hart.regs, 0);
        machine.hart.reservation = -1;
        machine.hart.regs[Registers.PC] = RandomProgram.CODE;
        long before = machine.hart.retired;
        int trap = machine.run();
        long[] regs = machine.hart.regs.clone();
        byte[] data = machine.bytes(RandomProgram.DATA, RandomProgram.DATA_SIZE);
        return new Outcome(trap, machine.hart.retired - before, regs, data);
    }

    /** The first wrong step of a program. */
    private static String blame(long seed) {
        int right = 0;
        int wrong = STEPS;
        while (wrong - right > 1) {
            int middle = (right + wrong) / 2;
            if (agrees(seed, middle)) right = middle;
            else wrong = middle;
        }
        String name = new RandomProgram(seed, wrong).names.getLast();
        return String.format("seed %d, step %d, %s: %s", seed, wrong, name, difference(seed, wrong));
    }
}
