package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vkernel.host.Vpte;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;
import vkernel.host.riscv.jit.Translator;

/** A loop whose pointers follow each other at a distance faults where the interpreter does, with the same registers. */
class PointersTest {
    private static final long CODE = 0x10000;
    private static final long DATA = CODE + Vpte.PAGE_SIZE;
    private static final int PAGES = 8;
    private static final int[] PROGRAM = {
        Asm.i("addi", 13, 10, 8),
        Asm.i("ld", 5, 11, 0),
        Asm.i("ld", 6, 11, 8),
        Asm.s("sd", 5, 10, 0),
        Asm.i("addi", 12, 12, -1),
        Asm.b("beq", 12, 0, 36),
        Asm.s("sd", 6, 13, 0),
        Asm.i("addi", 10, 13, 8),
        Asm.i("addi", 14, 10, 0),
        Asm.i("addi", 11, 11, 16),
        Asm.i("andi", 7, 5, 1),
        Asm.b("beq", 7, 0, 8),
        Asm.s("sd", 12, 14, -12),
        Asm.jal(0, -52),
        Asm.ECALL
    };

    private final Machine reference = new Machine(1 << 20, new Interpreter());
    private final Machine tested = new Machine(1 << 20, new Translator(1, true, true));

    @AfterEach
    void close() {
        reference.close();
        tested.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 7, 8, 4088, 4095})
    void pagesAreMissedOneByOne(int skew) {
        for (Machine machine : new Machine[] {reference, tested}) {
            machine.map(CODE, Vpte.PAGE_SIZE, Machine.ALL).put(CODE, PROGRAM);
            machine.map(DATA, PAGES * Vpte.PAGE_SIZE, Machine.ALL);
            byte[] data = new byte[PAGES * Vpte.PAGE_SIZE];
            for (int i = 0; i < data.length; i++) data[i] = (byte) (i * i >> 3);
            machine.put(DATA, data);
        }
        for (int turn = 0; turn < 3; turn++) turn(skew);
    }

    /** The registers but the last slot, where what is written to x0 goes. */
    private static long[] guest(Machine machine) {
        return Arrays.copyOf(machine.hart.regs, Registers.SIZE - 1);
    }

    private void turn(int skew) {
        for (Machine machine : new Machine[] {reference, tested}) {
            for (long page = 0; page < PAGES; page++) machine.hide(DATA + page * Vpte.PAGE_SIZE);
            Arrays.fill(machine.hart.regs, 0);
            machine.x(11, DATA + skew);
            machine.x(10, DATA + PAGES / 2 * Vpte.PAGE_SIZE + 3 * skew % 64);
            machine.x(12, 700);
            machine.hart.regs[Registers.PC] = CODE;
        }
        int faults = 0;
        int trap;
        do {
            trap = reference.engine.run(reference.hart, 100_000, true);
            assertThat(tested.engine.run(tested.hart, 100_000, true)).isEqualTo(trap);
            assertThat(guest(tested)).as("fault %d", faults).isEqualTo(guest(reference));
            assertThat(tested.hart.retired).isEqualTo(reference.hart.retired);
            if (trap != Trap.PAGE_MISSING) break;
            faults++;
            assertThat(tested.hart.trapAddress).isEqualTo(reference.hart.trapAddress);
            reference.show(reference.hart.trapAddress);
            tested.show(tested.hart.trapAddress);
        } while (true);
        assertThat(trap).isEqualTo(Trap.SYSCALL);
        assertThat(faults).isGreaterThanOrEqualTo(6);
        int size = PAGES * Vpte.PAGE_SIZE;
        for (long page = 0; page < PAGES; page++) {
            reference.show(DATA + page * Vpte.PAGE_SIZE);
            tested.show(DATA + page * Vpte.PAGE_SIZE);
        }
        assertThat(tested.bytes(DATA, size)).isEqualTo(reference.bytes(DATA, size));
    }
}
