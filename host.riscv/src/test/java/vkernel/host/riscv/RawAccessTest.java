package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import vkernel.host.Vpte;
import vkernel.host.engine.Trap;
import vkernel.host.riscv.jit.Translator;

/** How regions reach memory: over the end of a page, and where the JDK keeps its own raw accesses to itself. */
public class RawAccessTest {
    private static final long CODE = 0x10000;
    private static final long DATA = CODE + Vpte.PAGE_SIZE;
    private static final int TURNS = 200_000;

    /** Adds the double word at x10 up, x12 times, and stores the sum behind it. */
    private static final int[] PROGRAM = {
        Asm.i("ld", 5, 10, 0),
        Asm.i("ld", 6, 10, 8),
        Asm.r("add", 11, 11, 5),
        Asm.r("add", 11, 11, 6),
        Asm.s("sd", 11, 10, 16),
        Asm.i("addi", 12, 12, -1),
        Asm.b("bne", 12, 0, -24),
        Asm.ECALL
    };

    @Test
    void aCheckThatOftenReachesIntoTheNextPageLearnsTo() {
        try (Translator translator = new Translator(1, true, true);
                Machine machine = machine(translator)) {
            run(machine, DATA + Vpte.PAGE_SIZE - 12);
            assertThat(figure(translator, "left_memory")).isLessThan(1000);
        }
    }

    @Test
    void regionsRunWithoutTheJdksOwnAccesses() throws Exception {
        Outside loader = new Outside();
        Class<?> there = loader.loadClass(RawAccessTest.class.getName());
        assertThat((String) there.getMethod("sum").invoke(null)).isEqualTo(sum());
        assertThat(loader.refused).isPositive();
    }

    /** The sum, and how many places were translated. */
    public static String sum() {
        try (Translator translator = new Translator(1, true, true);
                Machine machine = machine(translator)) {
            run(machine, DATA + 64);
            assertThat(figure(translator, "entered")).isPositive();
            return machine.x(11) + " with " + figure(translator, "translations");
        }
    }

    private static Machine machine(Translator translator) {
        Machine machine = new Machine(1 << 20, translator)
                .map(CODE, 3 * Vpte.PAGE_SIZE, Machine.ALL)
                .put(CODE, PROGRAM);
        for (int i = 0; i < 2 * Vpte.PAGE_SIZE; i += 4) machine.put(DATA + i, i * 7);
        return machine;
    }

    private static void run(Machine machine, long at) {
        machine.x(10, at);
        machine.x(12, TURNS);
        assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
        assertThat(machine.x(12)).isZero();
    }

    private static long figure(Translator translator, String name) {
        return translator.figures().getOrDefault(name, -1L);
    }

    /** Has the engine and its tests once more, and nothing of the JDK's own. */
    private static final class Outside extends ClassLoader {
        int refused;

        Outside() {
            super(RawAccessTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("jdk.internal.")) {
                refused++;
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("vkernel.host.riscv.")) return super.loadClass(name, resolve);
            Class<?> known = findLoadedClass(name);
            if (known != null) return known;
            try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = file.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
