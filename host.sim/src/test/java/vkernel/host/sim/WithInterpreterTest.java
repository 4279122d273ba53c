package vkernel.host.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.host.Vmspaces.EXECUTE;
import static vkernel.host.Vmspaces.READ;
import static vkernel.host.Vmspaces.WRITE;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import vkernel.host.Host;
import vkernel.host.MachineConfig;
import vkernel.host.Vpte;
import vkernel.host.contract.MachineContract;
import vkernel.host.contract.PageTable;
import vkernel.host.engine.Engine;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;
import vkernel.host.riscv.Interpreter;

/** The machine with the real interpreter: time, changed code and shootdown as instructions see them. */
class WithInterpreterTest extends MachineContract {
    private static final int A0 = Registers.A0;
    private static final int A1 = A0 + 1;
    private static final int A2 = A0 + 2;
    private static final int A3 = A0 + 3;
    private static final int A4 = A0 + 4;
    private static final int A5 = A0 + 5;
    private static final int T0 = 5;
    private static final int NOP = addi(0, 0, 0);
    private static final int RDTIME_A0 = 0xC0102573;
    private static final int ECALL = 0x73;
    private static final int EBREAK = 0x100073;
    private static final int FENCE_I = 0x100F;
    private static final int SELF = beq(0, 0, 0); // beq zero, zero, .

    private static final long CODE = 0x1_0000;
    private static final int CODE_FRAME = 100;
    private static final long DATA = 0x20_0000;
    private static final int DATA_FRAME = 200;
    private static final int PAGES = 16;
    private static final long POISON = 0xDEAD_DEAD_DEAD_DEADL;

    @Override
    protected Host start(MachineConfig config, Engine engine) {
        return new SimulatedHost(config, engine);
    }

    @Override
    protected void stop(Host machine) {
        ((SimulatedHost) machine).close();
    }

    private static int addi(int rd, int rs1, int imm) {
        return imm << 20 | rs1 << 15 | rd << 7 | 0x13;
    }

    private static int add(int rd, int rs1, int rs2) {
        return rs2 << 20 | rs1 << 15 | rd << 7 | 0x33;
    }

    private static int ld(int rd, int rs1) {
        return rs1 << 15 | 3 << 12 | rd << 7 | 0x03;
    }

    private static int sw(int rs2, int rs1) {
        return rs2 << 20 | rs1 << 15 | 2 << 12 | 0x23;
    }

    private static int xor(int rd, int rs1, int rs2) {
        return 4 << 12 | add(rd, rs1, rs2);
    }

    private static int or(int rd, int rs1, int rs2) {
        return 6 << 12 | add(rd, rs1, rs2);
    }

    private static int seqz(int rd, int rs1) {
        return 1 << 20 | rs1 << 15 | 3 << 12 | rd << 7 | 0x13;
    }

    private static int jr(int rs1) {
        return rs1 << 15 | 0x67;
    }

    /** A branch of at most 30 bytes forwards. */
    private static int beq(int rs1, int rs2, int bytes) {
        return rs2 << 20 | rs1 << 15 | bytes << 7 | 0x63;
    }

    /** A space with a program, and pages of data. */
    private static PageTable load(Host host, int... program) {
        host.vmspaces().create(1);
        host.vmspaces().mmapVirtual(1, 0, Vpte.END, READ | WRITE | EXECUTE);
        PageTable table = new PageTable(host.ram(), 16);
        table.set(CODE, Vpte.of(CODE_FRAME, PageTable.ALL));
        for (int i = 0; i < PAGES; i++) table.set(DATA + i * PAGE, Vpte.of(DATA_FRAME + i, PageTable.ALL));
        host.vmspaces().setMap(1, 0, table.root());
        for (int i = 0; i < program.length; i++) host.ram().putInt(CODE_FRAME * PAGE + 4L * i, program[i]);
        return table;
    }

    private static int run(Host host, int hart, long budget) {
        return host.vmspaces().run(1, host.hart(hart), budget);
    }

    private Host virtual() {
        return virtual(1, 0, Map.of(), new Interpreter());
    }

    private Hart hartAtCode(Host host, int id) {
        Hart hart = host.hart(id);
        hart.regs[Registers.PC] = CODE;
        return hart;
    }

    @Test
    void rdtimeCountsTheInstructionsBeforeItInVirtualTime() {
        Host host = virtual();
        load(host, NOP, NOP, NOP, RDTIME_A0, NOP, ECALL);
        Hart hart = hartAtCode(host, 0);
        assertThat(run(host, 0, 1000)).isEqualTo(Trap.SYSCALL);
        assertThat(hart.regs[A0]).isEqualTo(3);
        assertThat(host.clock().monotonic()).isEqualTo(5);
        assertThat(hart.regs[Registers.PC]).isEqualTo(CODE + 5 * 4);
    }

    @Test
    void budgetIsExactInVirtualTime() {
        Host host = virtual();
        load(host, SELF);
        hartAtCode(host, 0);
        for (int budget = 1; budget < 3000; budget += 271) {
            long before = host.clock().monotonic();
            assertThat(run(host, 0, budget)).isEqualTo(Trap.BUDGET);
            assertThat(host.clock().monotonic() - before).isEqualTo(budget);
        }
    }

    @Test
    void codeThatWritesItselfIsExecutedAsWritten() {
        Host host = machine(1, false, new Interpreter());
        // the instruction behind fence.i is replaced before it is reached the second time
        load(host, addi(A0, A0, 1), sw(A1, A2), FENCE_I, addi(A0, A0, 10), ECALL);
        Hart hart = hartAtCode(host, 0);
        hart.regs[A1] = addi(A0, A0, 10);
        hart.regs[A2] = CODE + 12;
        assertThat(run(host, 0, 1000)).isEqualTo(Trap.SYSCALL);
        assertThat(hart.regs[A0]).isEqualTo(11);
        hart.regs[Registers.PC] = CODE;
        hart.regs[A1] = addi(A0, A0, 100);
        assertThat(run(host, 0, 1000)).isEqualTo(Trap.SYSCALL);
        assertThat(hart.regs[A0]).isEqualTo(112);
        hart.regs[Registers.PC] = CODE + 12;
        host.ram().putInt(CODE_FRAME * PAGE + 12, addi(A0, 0, 7)); // by the kernel
        assertThat(run(host, 0, 1000)).isEqualTo(Trap.SYSCALL);
        assertThat(hart.regs[A0]).isEqualTo(7);
    }

    /** Loads from every page over and over, long without a jump, where harts poll; breaks when it has seen poison. */
    private static int[] reader() {
        List<Integer> code = new ArrayList<>();
        for (int round = 0; round < 8; round++) {
            code.add(addi(A0, A4, 0));
            for (int page = 0; page < PAGES; page++) {
                code.addAll(List.of(ld(T0, A0), xor(T0, T0, A1), seqz(T0, T0), or(A5, A5, T0), add(A0, A0, A2)));
            }
        }
        code.addAll(List.of(beq(A5, 0, 8), EBREAK, jr(A3)));
        return code.stream().mapToInt(Integer::intValue).toArray();
    }

    private CompletableFuture<Void> reader(Host host, int id, long end) {
        return async(() -> {
            Hart hart = hartAtCode(host, id);
            hart.regs[A0] = hart.regs[A4] = DATA;
            hart.regs[A1] = POISON;
            hart.regs[A2] = PAGE;
            hart.regs[A3] = CODE;
            while (System.nanoTime() - end < 0) {
                assertThat(Trap.name(run(host, id, 20_000))).isEqualTo(Trap.name(Trap.BUDGET));
            }
        });
    }

    @Test
    void nobodyReadsAFormerFrameAfterInval() {
        long seed = System.nanoTime();
        System.out.println("nobodyReadsAFormerFrameAfterInval: seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Host host = machine(3, false, new Interpreter());
        PageTable table = load(host, reader());
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(800);
        List<CompletableFuture<Void>> harts = new ArrayList<>();
        for (int id = 0; id < 3; id++) harts.add(reader(host, id, end));
        int free = DATA_FRAME + PAGES;
        while (System.nanoTime() - end < 0) {
            long va = DATA + random.nextInt(PAGES) * PAGE;
            host.ram().zero(PageTable.address(free), PAGE);
            int former = Vpte.frame(table.get(va));
            table.set(va, Vpte.of(free, PageTable.ALL));
            host.vmspaces().inval(1, va, PAGE);
            host.ram().putLong(PageTable.address(former), POISON);
            free = former;
        }
        harts.forEach(MachineContract::finish);
    }
}
