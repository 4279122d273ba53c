package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;
import vkernel.host.Vpte;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;
import vkernel.host.riscv.amd64.NativeEngine;
import vkernel.host.riscv.jit.Translator;

/**
 * Both engines in lockstep on the same random program: after every slice of a random number of instructions, and at
 * every fault, registers, count and memory are the same. Pages of data come and go meanwhile, so that loads and stores
 * fault in the middle of whatever is checked together. To repeat a run, give its seed: {@code -Dvkernel.seed=N}.
 */
@Timeout(120)
class LockstepTest {
    private static final int STEPS = 1500;
    private static final int TURNS = 4;
    /** Accesses to pages that are not open before machine code has one opened. */
    private static final int[] SHUT = {1, 30, Integer.MAX_VALUE};

    private static final long CODE = RandomProgram.CODE;
    private static final long DATA = RandomProgram.DATA;
    private static final int CODE_SIZE = (int) (DATA - CODE);
    private static final long FIRST_SEED = Long.getLong("vkernel.seed", System.nanoTime());

    private final Machine reference = new Machine(1 << 20, new Interpreter());
    private Machine tested = new Machine(1 << 20, new Translator(1, true, true));

    @RepeatedTest(15)
    void registersAndMemoryAgreeAllTheTime(RepetitionInfo info) {
        agree(info);
        assertThat(tested.hart.tlb.window).isNotNull();
    }

    @RepeatedTest(30)
    void registersAndMemoryAgreeAllTheTimeInMachineCode(RepetitionInfo info) {
        assumeTrue(new NativeEngine().usable(), "another processor");
        tested.close();
        int shut = SHUT[info.getCurrentRepetition() % SHUT.length];
        tested = new Machine(1 << 20, new NativeEngine(1, 1 << 20, shut));
        agree(info);
        assertThat(tested.hart.tlb.window).isNotNull();
    }

    @RepeatedTest(10)
    void registersAndMemoryAgreeAllTheTimeWithoutWindows(RepetitionInfo info) {
        tested.close();
        tested = new Machine(1 << 20, new Translator(1, true, false));
        agree(info);
        assertThat(tested.hart.tlb.window).isNull();
    }

    @AfterEach
    void close() {
        reference.close();
        tested.close();
    }

    private void agree(RepetitionInfo info) {
        long seed = FIRST_SEED + info.getCurrentRepetition() - 1;
        Random random = new Random(seed);
        byte[] code = new RandomProgram(seed, STEPS).code();
        for (Machine machine : new Machine[] {reference, tested}) {
            machine.map(CODE, CODE_SIZE, Machine.ALL).put(CODE, code);
            machine.scatter(DATA, RandomProgram.DATA_SIZE, Machine.ALL);
        }
        for (int turn = 0; turn < TURNS; turn++) turn(seed, turn, random);
    }

    private void turn(long seed, int turn, Random random) {
        for (Machine machine : new Machine[] {reference, tested}) {
            for (long page = DATA; page < DATA + RandomProgram.DATA_SIZE; page += Vpte.PAGE_SIZE) machine.show(page);
            machine.put(DATA, RandomProgram.data(seed));
            Arrays.fill(machine.hart.regs, 0);
            machine.hart.reservation = -1;
            machine.hart.regs[Registers.PC] = CODE;
        }
        int trap;
        do {
            if (turn > 0 && random.nextInt(3) == 0) hideSomePage(random);
            int budget = random.nextInt(random.nextInt(3) == 0 ? 30 : 6000);
            trap = reference.engine.run(reference.hart, budget, true);
            int other = tested.engine.run(tested.hart, budget, true);
            String where = String.format("seed %d, turn %d, at %x", seed, turn, reference.pc());
            assertThat(Trap.name(other)).as(where).isEqualTo(Trap.name(trap));
            assertThat(registers(tested)).as(where).isEqualTo(registers(reference));
            assertThat(tested.hart.retired).as(where).isEqualTo(reference.hart.retired);
            assertThat(data(tested)).as(where).isEqualTo(data(reference));
            if (trap == Trap.PAGE_MISSING) showFaulting(where);
        } while (trap != Trap.SYSCALL);
    }

    private void hideSomePage(Random random) {
        long page = DATA + Vpte.PAGE_SIZE * (long) random.nextInt(RandomProgram.DATA_SIZE / Vpte.PAGE_SIZE);
        reference.hide(page);
        tested.hide(page);
    }

    private void showFaulting(String where) {
        assertThat(tested.hart.trapAddress).as(where).isEqualTo(reference.hart.trapAddress);
        assertThat(tested.hart.trapAccess).as(where).isEqualTo(reference.hart.trapAccess);
        reference.show(reference.hart.trapAddress);
        tested.show(reference.hart.trapAddress);
    }

    private static long[] registers(Machine machine) {
        return Arrays.copyOf(machine.hart.regs, Registers.FCSR + 1);
    }

    private static byte[] data(Machine machine) {
        return machine.bytes(DATA, RandomProgram.DATA_SIZE);
    }
}
