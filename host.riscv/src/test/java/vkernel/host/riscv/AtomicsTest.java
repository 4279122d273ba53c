package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Trap;

/** The A extension on one hart and on several. */
@Timeout(60)
class AtomicsTest {
    private static final long CODE = 0x10000;
    private static final long DATA = 0x20000;
    private static final int TURNS = 100_000;

    private final Machine machine =
            new Machine(1 << 20).map(CODE, 4096, Machine.ALL).map(DATA, 4096, Machine.ALL);

    @AfterEach
    void close() {
        machine.close();
    }

    private void run(int... words) {
        machine.put(CODE, words);
        machine.x(6, DATA);
        assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
    }

    @Test
    void storeConditionalWithoutReservationFails() {
        machine.x(7, 5);
        run(Asm.r("sc.d", 5, 6, 7), Asm.ECALL);
        assertThat(machine.x(5)).isEqualTo(1);
        assertThat(machine.bytes(DATA, 8)).containsOnly(0);
    }

    @Test
    void storeConditionalSucceedsOnce() {
        machine.x(7, 5);
        run(Asm.r("lr.d", 8, 6, 0), Asm.r("sc.d", 5, 6, 7), Asm.r("sc.d", 9, 6, 0), Asm.ECALL);
        assertThat(machine.x(5)).isZero();
        assertThat(machine.x(9)).isEqualTo(1);
        assertThat(machine.bytes(DATA, 8)).startsWith(5, 0);
    }

    @Test
    void storeConditionalElsewhereFails() {
        run(Asm.r("lr.w", 8, 6, 0), Asm.i("addi", 6, 6, 4), Asm.r("sc.w", 5, 6, 7), Asm.ECALL);
        assertThat(machine.x(5)).isEqualTo(1);
    }

    @Test
    void storeConditionalFailsAfterTheValueChanged() {
        machine.x(7, 5);
        run(Asm.r("lr.w", 8, 6, 0), Asm.s("sb", 7, 6, 1), Asm.r("sc.w", 5, 6, 7), Asm.ECALL);
        assertThat(machine.x(5)).isEqualTo(1);
    }

    @Test
    void taskSwitchEndsTheReservation() {
        run(Asm.r("lr.w", 8, 6, 0), Asm.ECALL, Asm.r("sc.w", 5, 6, 7), Asm.ECALL);
        machine.hart.reservation = -1;
        assertThat(machine.run(CODE + 8)).isEqualTo(Trap.SYSCALL);
        assertThat(machine.x(5)).isEqualTo(1);
    }

    @Test
    void unsignedAndSignedMinimaDiffer() {
        machine.ram.putInt(machine.physical(DATA), -1);
        machine.x(7, 3);
        run(Asm.r("amominu.w", 5, 6, 7), Asm.r("amomin.w", 8, 6, 0), Asm.ECALL);
        assertThat(machine.x(5)).isEqualTo(-1);
        assertThat(machine.x(8)).isEqualTo(3);
        assertThat(machine.ram.getInt(machine.physical(DATA))).isZero();
    }

    @Test
    void hartsCountTogetherByAmoadd() throws InterruptedException, ExecutionException {
        countTogether(Asm.r("amoadd.d", 0, 6, 7), Asm.i("addi", 8, 8, -1), Asm.b("bne", 8, 0, -8), Asm.ECALL);
    }

    @Test
    void hartsCountTogetherByLrAndSc() throws InterruptedException, ExecutionException {
        countTogether(
                Asm.r("lr.d", 5, 6, 0),
                Asm.r("add", 5, 5, 7),
                Asm.r("sc.d", 5, 6, 5),
                Asm.b("bne", 5, 0, -12),
                Asm.i("addi", 8, 8, -1),
                Asm.b("bne", 8, 0, -20),
                Asm.ECALL);
    }

    @Test
    void hartsCountTogetherUnderALock() throws InterruptedException, ExecutionException {
        countTogether(
                Asm.i("addi", 9, 6, 64),
                Asm.r("amoswap.w", 5, 9, 7) | 1 << 26,
                Asm.b("bne", 5, 0, -4),
                Asm.i("ld", 5, 6, 0),
                Asm.i("addi", 5, 5, 1),
                Asm.s("sd", 5, 6, 0),
                Asm.r("amoand.w", 0, 9, 0) | 1 << 25,
                Asm.i("addi", 8, 8, -1),
                Asm.b("bne", 8, 0, -28),
                Asm.ECALL);
    }

    private void countTogether(int... words) throws InterruptedException, ExecutionException {
        machine.put(CODE, words);
        List<Callable<Integer>> runs = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            Hart hart = new Hart(i, machine, machine);
            hart.regs[0] = CODE;
            hart.regs[6] = DATA;
            hart.regs[7] = 1;
            hart.regs[8] = TURNS;
            runs.add(() -> machine.engine.run(hart, Long.MAX_VALUE, false));
        }
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (Future<Integer> run : threads.invokeAll(runs))
                assertThat(run.get()).isEqualTo(Trap.SYSCALL);
        }
        assertThat(machine.ram.getLong(machine.physical(DATA))).isEqualTo(3 * TURNS);
    }
}
