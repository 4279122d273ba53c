package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vkernel.host.engine.Trap;
import vkernel.host.riscv.jit.Translator;

/** A loop that was translated for registers that hold 32-bit values is right for others too. */
class IntsTest {
    private static final long CODE = 0x10000;
    private static final int TURNS = 1000;

    private final Machine machine = new Machine(1 << 20, new Translator(1, true, true)).map(CODE, 4096, Machine.ALL);

    @AfterEach
    void close() {
        machine.close();
    }

    /** The sum of what x10 is at the start of each turn. */
    private long sum(long first) {
        machine.x(5, TURNS);
        machine.x(10, first);
        machine.x(11, 0);
        assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
        assertThat(machine.x(10)).isEqualTo((int) first + TURNS);
        return machine.x(11);
    }

    @Test
    void loopThatBeganWithIntsTakesALong() {
        machine.put(
                CODE,
                Asm.r("add", 11, 11, 10),
                Asm.i("addiw", 10, 10, 1),
                Asm.i("addi", 5, 5, -1),
                Asm.b("bne", 5, 0, -12),
                Asm.ECALL);
        long sum = TURNS * (TURNS - 1L) / 2;
        assertThat(sum(0)).isEqualTo(sum);
        assertThat(sum(7L << 32)).isEqualTo(sum + (7L << 32));
        assertThat(sum(-5)).isEqualTo(sum - 5L * TURNS);
        assertThat(sum(1L << 63 | 3)).isEqualTo(sum + 3L * TURNS + (1L << 63));
    }
}
