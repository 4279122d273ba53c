package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import vkernel.host.engine.Trap;
import vkernel.host.riscv.jit.Translator;

/** Code that is part of a region waits long for one of its own; who waits for one is told. */
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
        Matcher line = Pattern.compile("(?m)^translations +(\\d+)").matcher(translator.stat());
        assertThat(line.find()).isTrue();
        return Long.parseLong(line.group(1));
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

    @Test
    void aProfileTellsWhereTheInterpreterWas() throws Exception {
        Translator translator = new Translator(Integer.MAX_VALUE, true, true);
        try (Machine machine = machine(translator)) {
            machine.run(CODE);
            CompletableFuture<String> profile = CompletableFuture.supplyAsync(() -> {
                try {
                    return translator.profile(1);
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
