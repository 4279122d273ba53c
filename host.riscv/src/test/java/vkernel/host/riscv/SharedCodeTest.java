package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vkernel.host.engine.Trap;
import vkernel.host.riscv.jit.Translator;

/** Regions end where others begin, code that is part of one waits long for one of its own; who waits for one is told. */
class SharedCodeTest {
    private static final long CODE = 0x10000;
    private static final int HOT = 2;

    /** Skips a loop of one turn unless x12 is set. */
    private static final int[] PROGRAM = {
        Asm.b("beq", 12, 0, 12), Asm.i("addi", 11, 11, 1), Asm.b("bne", 0, 0, -4), Asm.ECALL
    };

    private static Machine machine(Translator translator) {
        return new Machine(1 << 20, translator).map(CODE, 4096, Machine.ALL).put(CODE, PROGRAM);
    }

    private static long translations(Translator translator) {
        return figure(translator, "translations");
    }

    private static long figure(Translator translator, String name) {
        return translator.figures().getOrDefault(name, -1L);
    }

    @Test
    void aPlaceThatARegionCoversHasOneOfItsOwnWhenItIsMuchUsed() {
        Translator translator = new Translator(HOT, true, true);
        try (Machine machine = machine(translator)) {
            for (int i = 0; i < 5; i++) assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
            assertThat(translations(translator)).isOne();
            for (int i = 0; i < 20 * HOT; i++) machine.run(CODE + 4);
            assertThat(translations(translator)).isOne();
            for (int i = 0; i < 80 * HOT; i++) machine.run(CODE + 4);
            assertThat(translations(translator)).isEqualTo(2);
            assertThat(machine.x(11)).isEqualTo(100L * HOT);
        } finally {
            translator.close();
        }
    }

    /** Code that leads to a region has one without that region's code, unless it is a few instructions alone. */
    @ParameterizedTest
    @ValueSource(ints = {0, 60, 100})
    void aRegionEndsWhereAnotherBeginsIfItIsLongEnough(int ownLength) {
        int shared = 120;
        int[] program = new int[ownLength + 1 + shared];
        Arrays.fill(program, Asm.i("addi", 11, 11, 1));
        // so that a place is met, and counted, there
        program[ownLength] = Asm.b("beq", 0, 0, 4);
        program[program.length - 1] = Asm.ECALL;
        Translator translator = new Translator(HOT, true, true);
        try (Machine machine =
                new Machine(1 << 20, translator).map(CODE, 4096, Machine.ALL).put(CODE, program)) {
            long end = CODE + 4L * (ownLength + 1);
            for (int i = 0; i < 5; i++) machine.run(end);
            assertThat(figure(translator, "instructions")).isEqualTo(shared);
            for (int i = 0; i < 5; i++) machine.run(CODE);
            assertThat(translations(translator)).isEqualTo(2);
            int own = ownLength + 1;
            assertThat(figure(translator, "instructions") - shared).isEqualTo(ownLength == 0 ? own + shared : own);
            assertThat(machine.x(11)).isEqualTo(5L * (shared - 1) + 5L * (shared - 1 + ownLength));
        } finally {
            translator.close();
        }
    }

    @Test
    void aProfileTellsWhereTheInterpreterWas() throws Exception {
        Translator translator = new Translator(Integer.MAX_VALUE, true, true);
        try (Machine machine = machine(translator)) {
            machine.run(CODE);
            CompletableFuture<String> profile = CompletableFuture.supplyAsync(() -> {
                try {
                    return translator.profile(Duration.ofSeconds(1)).orElseThrow();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            while (!profile.isDone()) machine.run(CODE);
            assertThat(profile.get()).contains("interpreted from").contains(Long.toHexString(CODE));
        } finally {
            translator.close();
        }
    }
}
