package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.host.engine.Trap;
import vkernel.host.riscv.jit.Translator;

/** A translator with more code than it may keep drops what was not used for longest, and nothing else. */
class EvictionTest {
    private static final long CODE = 0x10000;
    private static final long FUNCTIONS = 0x20000;
    private static final int MOST = 16;
    private static final int MANY = 200;

    private final Translator translator = new Translator(1, true, true, MOST);
    private final Machine machine = new Machine(2 << 20, translator)
            .map(CODE, 4096, Machine.ALL)
            .map(FUNCTIONS, (MANY + 1) * 4096L, Machine.ALL);

    /** Calls x5 and then x6, and adds what both return to x11. */
    @BeforeEach
    void program() {
        machine.put(
                CODE,
                Asm.i("jalr", 1, 5, 0),
                Asm.r("add", 11, 11, 10),
                Asm.i("jalr", 1, 6, 0),
                Asm.r("add", 11, 11, 10),
                Asm.ECALL);
        for (int n = 0; n <= MANY; n++) {
            machine.put(function(n), Asm.i("addi", 10, 0, n), Asm.i("jalr", 0, 1, 0));
        }
    }

    @AfterEach
    void close() {
        machine.close();
        translator.close();
    }

    private static long function(int n) {
        return FUNCTIONS + 4096L * n;
    }

    /** Calls function 0 and then another. */
    private void call(int n) {
        machine.x(5, function(0));
        machine.x(6, function(n));
        machine.x(11, 0);
        assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
        assertThat(machine.x(11)).isEqualTo(n);
    }

    private long stat(String name) {
        return translator.figures().getOrDefault(name, -1L);
    }

    @Test
    void regionsAreNeverMoreThanTheLimitAndEvictedOnesAreMadeAgain() {
        for (int round = 0; round < 3; round++) {
            for (int n = 1; n <= MANY; n++) {
                for (int i = 0; i < 3; i++) call(n);
                assertThat(stat("regions")).isLessThanOrEqualTo(MOST);
            }
        }
        assertThat(stat("evicted")).isGreaterThan(2L * MANY);
        assertThat(stat("translations")).isGreaterThan(3L * MANY);
        assertThat(stat("code_changes")).isZero();
    }

    @Test
    void whatIsUsedAllTheTimeStays() {
        for (int i = 0; i < 3; i++) call(1);
        for (int n = 2; n <= MANY; n++) {
            for (int i = 0; i < 3; i++) call(n);
        }
        // The program's own parts and function 0 once, each other function once.
        assertThat(stat("translations")).isLessThan(MANY + 10L);
    }
}
