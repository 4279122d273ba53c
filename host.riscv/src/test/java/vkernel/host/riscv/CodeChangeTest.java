package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vkernel.host.engine.Trap;

/** Code that changes is executed as it is, never as it was. */
class CodeChangeTest {
    private static final long CODE = 0x10000;

    private final Machine machine = new Machine(1 << 20).map(CODE, 8192, Machine.ALL);

    @AfterEach
    void close() {
        machine.close();
    }

    /** A function that returns a constant, called, changed by its caller, called again. */
    private void callChangeCall(long function) {
        machine.put(function, Asm.i("addi", 10, 0, 1), Asm.i("jalr", 0, 1, 0));
        machine.put(
                CODE,
                Asm.i("jalr", 1, 5, 0),
                Asm.i("addi", 11, 10, 0),
                Asm.s("sw", 6, 5, 0),
                Asm.FENCE_I,
                Asm.i("jalr", 1, 5, 0),
                Asm.ECALL);
        machine.x(5, function);
        machine.x(6, Asm.i("addi", 10, 0, 2));
        assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
        assertThat(machine.x(11)).isEqualTo(1);
        assertThat(machine.x(10)).isEqualTo(2);
    }

    @Test
    void programChangesItsOwnPage() {
        callChangeCall(CODE + 0x100);
    }

    @Test
    void programChangesAnotherPage() {
        callChangeCall(CODE + 4096);
    }

    @Test
    void programChangesAnInstructionInTwoPages() {
        callChangeCall(CODE + 4094);
    }

    @Test
    void loopChangesItselfInEveryTurn() {
        // x5 counts turns; the instruction at CODE + 4 adds a constant to x10 and is rewritten with the turn's number.
        machine.put(
                CODE,
                Asm.s("sw", 7, 6, 4),
                Asm.i("addi", 10, 10, 0),
                Asm.r("add", 7, 7, 8),
                Asm.i("addi", 5, 5, -1),
                Asm.b("bne", 5, 0, -16),
                Asm.ECALL);
        machine.x(5, 1000);
        machine.x(6, CODE);
        machine.x(7, Asm.i("addi", 10, 10, 0));
        machine.x(8, 1 << 20);
        assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
        assertThat(machine.x(10)).isEqualTo(999 * 1000 / 2);
    }

    @Test
    void kernelChangesCodeBetweenRuns() {
        machine.put(CODE, Asm.i("addi", 10, 0, 1), Asm.ECALL);
        machine.run(CODE);
        machine.put(CODE, Asm.i("addi", 10, 0, 2), Asm.ECALL);
        machine.run(CODE);
        assertThat(machine.x(10)).isEqualTo(2);
    }

    @Test
    void sameFrameRunsAtTwoAddresses() {
        machine.put(CODE, Asm.u("auipc", 10, 0), Asm.ECALL);
        machine.mapFrame(CODE + 0x100000, (int) (machine.physical(CODE) >>> 12), Machine.ALL);
        machine.run(CODE);
        assertThat(machine.x(10)).isEqualTo(CODE);
        machine.run(CODE + 0x100000);
        assertThat(machine.x(10)).isEqualTo(CODE + 0x100000);
    }

    @Test
    void otherFrameAtTheSameAddressRunsItsOwnCode() {
        machine.put(CODE, Asm.i("addi", 10, 0, 1), Asm.ECALL);
        machine.put(CODE + 4096, Asm.i("addi", 10, 0, 2), Asm.ECALL);
        machine.run(CODE);
        machine.mapFrame(CODE, (int) (machine.physical(CODE + 4096) >>> 12), Machine.ALL);
        machine.run(CODE);
        assertThat(machine.x(10)).isEqualTo(2);
    }
}
