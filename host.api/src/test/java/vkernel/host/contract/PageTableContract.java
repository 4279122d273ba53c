package vkernel.host.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.host.Vmspaces.EXECUTE;
import static vkernel.host.Vmspaces.READ;
import static vkernel.host.Vmspaces.WRITE;
import static vkernel.host.contract.PageTable.ALL;
import static vkernel.host.contract.PageTable.address;
import static vkernel.host.contract.ScriptedEngine.fetch;
import static vkernel.host.contract.ScriptedEngine.load;
import static vkernel.host.contract.ScriptedEngine.store;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.host.Host;
import vkernel.host.Ram;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.host.engine.Trap;

/** Virtual page tables: what the host reads from them, writes to them and forgets of them. */
public abstract class PageTableContract extends MachineContract {
    private static final long VA = 0x7f12_3456_7000L;
    private static final long MEGAPAGE = 2L << 20;
    private static final long GIGAPAGE = 1L << 30;

    private final ScriptedEngine engine = new ScriptedEngine();
    private final AtomicLong seen = new AtomicLong();
    private Host host;
    private Ram ram;
    private Vmspaces spaces;
    private PageTable table;

    @BeforeEach
    void start() {
        host = machine(1, false, engine);
        ram = host.ram();
        spaces = host.vmspaces();
        spaces.create(1);
        spaces.mmapVirtual(1, 0, Vpte.END, READ | WRITE | EXECUTE);
        table = new PageTable(ram, 16);
        spaces.setMap(1, 0, table.root());
    }

    private int run(ScriptedEngine.Step step) {
        return run(host, engine, 1, 0, step);
    }

    private long loaded(long va) {
        assertThat(run(load(va, seen::set))).isEqualTo(Trap.SYSCALL);
        return seen.get();
    }

    private void entry(int frame, long bits) {
        table.set(VA, Vpte.of(frame, bits));
        spaces.inval(1, VA, PAGE);
    }

    @Test
    void pageIsMissingUntilItsEntryIsValid() {
        assertThat(run(load(VA))).isEqualTo(Trap.PAGE_MISSING);
        table.set(VA, Vpte.of(100, ALL & ~Vpte.V));
        assertThat(run(load(VA))).isEqualTo(Trap.PAGE_MISSING);
        ram.putLong(address(100) + 8, 42);
        table.set(VA, Vpte.of(100, ALL));
        assertThat(loaded(VA + 8)).isEqualTo(42); // without inval
    }

    @Test
    void everyRightIsNeededAndEnough() {
        ScriptedEngine.Step[] steps = {load(VA), store(VA, 1), fetch(VA)};
        long[] rights = {Vpte.R, Vpte.W, Vpte.X};
        for (int granted = 0; granted < 3; granted++) {
            for (int wanted = 0; wanted < 3; wanted++) {
                entry(100, Vpte.V | Vpte.U | rights[granted]);
                assertThat(run(steps[wanted])).isEqualTo(granted == wanted ? Trap.SYSCALL : Trap.PAGE_PROTECTED);
                entry(100, ALL & ~rights[granted]);
                assertThat(run(steps[wanted])).isEqualTo(granted != wanted ? Trap.SYSCALL : Trap.PAGE_PROTECTED);
            }
        }
        entry(100, ALL & ~Vpte.U);
        for (ScriptedEngine.Step step : steps) assertThat(run(step)).isEqualTo(Trap.PAGE_PROTECTED);
    }

    @Test
    void mappingBoundsWhatTheTableAllows() {
        spaces.create(2);
        spaces.mmapVirtual(2, VA, PAGE, READ);
        spaces.setMap(2, VA, table.root());
        entry(100, ALL);
        assertThat(run(host, engine, 2, 0, load(VA))).isEqualTo(Trap.SYSCALL);
        assertThat(run(host, engine, 2, 0, store(VA, 1))).isEqualTo(Trap.PAGE_PROTECTED);
        assertThat(run(host, engine, 2, 0, fetch(VA))).isEqualTo(Trap.PAGE_PROTECTED);
        assertThat(run(host, engine, 2, 0, load(VA + PAGE))).isEqualTo(Trap.PAGE_MISSING);
    }

    @Test
    void accessedAndModifiedAreSetByWhatWasDone() {
        entry(100, ALL);
        run(load(VA));
        assertThat(table.get(VA)).isEqualTo(Vpte.of(100, ALL | Vpte.A));
        run(load(VA));
        assertThat(table.get(VA)).isEqualTo(Vpte.of(100, ALL | Vpte.A));
        run(store(VA, 1)); // after the read filled the TLB
        assertThat(table.get(VA)).isEqualTo(Vpte.of(100, ALL | Vpte.A | Vpte.M));
        entry(100, ALL);
        run(fetch(VA));
        assertThat(table.get(VA)).isEqualTo(Vpte.of(100, ALL | Vpte.A));
        entry(100, ALL & ~Vpte.W);
        run(store(VA, 1));
        assertThat(table.get(VA)).isEqualTo(Vpte.of(100, ALL & ~Vpte.W));
    }

    @Test
    void modifiedIsSetAgainAfterItWasClearedAndAnnounced() {
        entry(100, ALL);
        run(store(VA, 1));
        entry(100, ALL);
        run(store(VA, 2));
        assertThat(table.get(VA) & Vpte.M).isEqualTo(Vpte.M);
    }

    @Test
    void bitsOfTheKernelStay() {
        long kernels = Vpte.MANAGED | Vpte.G | Vpte.WIRED | 1L << 63;
        entry(100, ALL | kernels);
        run(store(VA, 1));
        assertThat(table.get(VA)).isEqualTo(Vpte.of(100, ALL | kernels | Vpte.A | Vpte.M));
    }

    @Test
    void copiesSetTheBitsToo() {
        entry(100, ALL);
        assertThat(spaces.pread(1, new byte[1], 0, 1, VA)).isEqualTo(1);
        assertThat(spaces.mget(1, VA, 2)).containsExactly((int) (Vpte.V | Vpte.A), 0);
        assertThat(spaces.pwrite(1, new byte[1], 0, 1, VA)).isEqualTo(1);
        assertThat(spaces.mget(1, VA, 1)).containsExactly((int) (Vpte.V | Vpte.A | Vpte.M));
        entry(100, ALL & ~Vpte.W);
        assertThat(spaces.pwrite(1, new byte[1], 0, 1, VA)).isZero();
        assertThat(spaces.mget(1, VA, 1)).containsExactly((int) Vpte.V); // looking sets nothing
    }

    @Test
    void largePagesMapLinearly() {
        table.set(VA, 1, Vpte.of(512, ALL | Vpte.PS));
        long inside = VA & (MEGAPAGE - 1);
        ram.putLong(MEGAPAGE + inside + 16, 7);
        assertThat(loaded(VA + 16)).isEqualTo(7);
        run(store(VA + 16, 8));
        assertThat(ram.getLong(MEGAPAGE + inside + 16)).isEqualTo(8);
        assertThat(ram.getLong(table.slot(VA, 1)) & (Vpte.A | Vpte.M)).isEqualTo(Vpte.A | Vpte.M);

        long gigantic = 5L << 39;
        table.set(gigantic, 2, Vpte.of(1 << 18, ALL | Vpte.PS));
        ram.putLong(GIGAPAGE + 0x123450, 9);
        assertThat(loaded(gigantic + 0x123450)).isEqualTo(9);
    }

    @Test
    void badEntriesAreMissing() {
        long[] va = {VA, VA + GIGAPAGE, VA + 2 * GIGAPAGE, VA + 3 * GIGAPAGE, VA + 4 * GIGAPAGE, VA + (1L << 39)};
        int end = ram.frames();
        table.set(va[0], Vpte.of(end, ALL)); // frame behind RAM
        table.set(va[1], ALL | Vpte.FRAME);
        table.set(va[2], 1, Vpte.of(513, ALL | Vpte.PS)); // not aligned to its size
        table.set(va[3], 1, Vpte.of(end, Vpte.V)); // table behind RAM
        table.set(va[4], 2, Vpte.of(end, ALL | Vpte.PS));
        table.set(va[5], 3, Vpte.of(0, ALL | Vpte.PS)); // there are no pages of that size
        for (long address : va) {
            assertThat(run(load(address))).isEqualTo(Trap.PAGE_MISSING);
            assertThat(run(store(address, 1))).isEqualTo(Trap.PAGE_MISSING);
            assertThat(spaces.pread(1, new byte[1], 0, 1, address)).isZero();
            assertThat(spaces.mget(1, address, 1)).containsExactly(0);
        }
    }

    @Test
    void garbageInTablesNeverLeadsOutOfRam() {
        long seed = System.nanoTime();
        System.out.println("garbageInTablesNeverLeadsOutOfRam: seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 64 * 512; i++) ram.putLong(8L * i, garbage(random));
        int[] traps = new int[8];
        for (int i = 0; i < 20_000; i++) {
            if (i % 100 == 0) spaces.setMap(1, 0, address(random.nextInt(64)));
            long va = random.nextLong() & (random.nextInt(8) == 0 ? -1 : Vpte.END - 1);
            int access = 1 << random.nextInt(3);
            // a translated address is checked against RAM by the engine's segment
            traps[run(user -> user.find(va, access) < 0 ? user.hart().trap : read(user.find(va, access)))]++;
        }
        assertThat(traps[Trap.SYSCALL]).isPositive();
        assertThat(traps[Trap.PAGE_MISSING]).isPositive();
        assertThat(traps[Trap.PAGE_PROTECTED]).isPositive();
    }

    private int read(long at) {
        ram.getByte(at);
        return ScriptedEngine.Step.NEXT;
    }

    /** Mostly entries for frames in and around the tables, some for anything. */
    private long garbage(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextLong();
            case 1 -> Vpte.of(random.nextInt(), random.nextInt(0x800));
            default -> Vpte.of(random.nextInt(80), random.nextInt(0x800) & ~Vpte.PS | Vpte.V);
        };
    }

    @Test
    void changedEntryIsUsedAfterInval() {
        ram.putLong(address(100), 1);
        ram.putLong(address(101), 2);
        entry(100, ALL);
        run(store(VA + 8, 0));
        assertThat(loaded(VA)).isEqualTo(1);
        entry(101, ALL);
        assertThat(loaded(VA)).isEqualTo(2);
        table.set(VA, 0);
        spaces.inval(1, 0, Vpte.END);
        assertThat(run(load(VA))).isEqualTo(Trap.PAGE_MISSING);
    }

    @Test
    void moreRightsNeedNoInval() {
        entry(100, Vpte.V | Vpte.U | Vpte.R);
        run(load(VA));
        table.set(VA, Vpte.of(100, ALL));
        assertThat(run(store(VA, 1))).isEqualTo(Trap.SYSCALL);
    }

    @Test
    void invalOfOnePageIsEnoughForIt() {
        for (int page = 0; page < 3; page++) {
            table.set(VA + page * PAGE, Vpte.of(100 + page, ALL));
            run(store(VA + page * PAGE, page));
        }
        table.set(VA + PAGE, 0);
        spaces.inval(1, VA + PAGE, PAGE);
        assertThat(loaded(VA)).isZero();
        assertThat(run(load(VA + PAGE))).isEqualTo(Trap.PAGE_MISSING);
        assertThat(loaded(VA + 2 * PAGE)).isEqualTo(2);
    }

    @Test
    void setMapChangesTheWholeTable() {
        entry(100, ALL);
        ram.putLong(address(100), 1);
        assertThat(loaded(VA)).isEqualTo(1);
        PageTable other = new PageTable(ram, 32);
        other.set(VA, Vpte.of(101, ALL));
        ram.putLong(address(101), 2);
        spaces.setMap(1, VA, other.root());
        assertThat(loaded(VA)).isEqualTo(2);
        spaces.setMap(1, VA, -1);
        assertThat(run(load(VA))).isEqualTo(Trap.PAGE_MISSING);
    }

    @Test
    void whatIsLeftOfAMappingKeepsItsTable() {
        entry(100, ALL);
        ram.putLong(address(100), 5);
        spaces.munmap(1, 0, VA);
        spaces.munmap(1, VA + PAGE, PAGE);
        assertThat(loaded(VA)).isEqualTo(5);
    }
}
