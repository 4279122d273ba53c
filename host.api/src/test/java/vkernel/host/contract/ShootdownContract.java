package vkernel.host.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.host.Vmspaces.EXECUTE;
import static vkernel.host.Vmspaces.READ;
import static vkernel.host.Vmspaces.WRITE;
import static vkernel.host.contract.PageTable.ALL;
import static vkernel.host.contract.PageTable.address;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import vkernel.host.Host;
import vkernel.host.Ram;
import vkernel.host.Vpte;
import vkernel.host.contract.ScriptedEngine.Step;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;

/**
 * Harts that run against kernels that change their tables and engines that mark their code, all at once and at random:
 * after {@code inval} nobody reads or writes the former frame, after {@code markCode} nobody writes unreported.
 */
public abstract class ShootdownContract extends MachineContract {
    private static final int HARTS = 3;
    private static final int PAGES = 32;
    private static final int SPARE = 8;
    private static final int FIRST_FRAME = 1000;
    private static final long VA = 0x10_0000;
    private static final long POISON = 0xDEAD_DEAD_DEAD_DEADL;
    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(900);

    private final ScriptedEngine engine = new ScriptedEngine();
    private final AtomicLong progress = new AtomicLong();
    private volatile boolean stop;

    private static SplittableRandom random(String test) {
        long seed = System.nanoTime();
        System.out.println(test + ": seed " + seed);
        return new SplittableRandom(seed);
    }

    /** Two spaces with all pages mapped; space s's page p holds frame {@link #frame}. */
    private Host twoSpaces(boolean check) {
        Host host = machine(HARTS, check, engine);
        for (int id = 0; id < 2; id++) {
            host.vmspaces().create(id);
            host.vmspaces().mmapVirtual(id, 0, Vpte.END, READ | WRITE | EXECUTE);
            PageTable table = table(host.ram(), id);
            for (int page = 0; page < PAGES; page++) table.set(va(page), Vpte.of(frame(id, page), ALL));
            host.vmspaces().setMap(id, 0, table.root());
        }
        return host;
    }

    private static PageTable table(Ram ram, int space) {
        return new PageTable(ram, 16 + 16 * space);
    }

    private static int frame(int space, int page) {
        return FIRST_FRAME + space * (PAGES + SPARE) + page;
    }

    private static long va(int page) {
        return VA + page * PAGE;
    }

    private CompletableFuture<Void> hart(Host host, int id, SplittableRandom random, Step step, Runnable kernel) {
        return async(() -> {
            Hart hart = host.hart(id);
            engine.script(id, step);
            while (!stop) {
                hart.regs[Registers.PC] = 0;
                int trap = host.vmspaces().run(random.nextInt(2), hart, 1 + random.nextInt(2000));
                assertThat(trap).isEqualTo(Trap.BUDGET);
                kernel.run();
            }
        });
    }

    private void finish(List<CompletableFuture<Void>> harts, List<CompletableFuture<Void>> others) {
        long end = System.nanoTime() + NANOS;
        await(() -> System.nanoTime() - end > 0 || failed(harts) || failed(others));
        stop = true;
        others.forEach(MachineContract::finish);
        harts.forEach(MachineContract::finish);
        assertThat(progress.get()).isPositive();
    }

    private static boolean failed(List<CompletableFuture<Void>> threads) {
        return threads.stream().anyMatch(CompletableFuture::isDone);
    }

    /** Reads a page and fails on the contents of a frame that was given away. */
    private Step reader(SplittableRandom random) {
        return user -> {
            int result = user.load(
                    va(random.nextInt(PAGES)), value -> assertThat(value).isNotEqualTo(POISON));
            return result < 0 ? Step.AGAIN : result;
        };
    }

    /** A kernel that moves pages of one space to other frames and spoils the former ones. */
    private final class Mover {
        private final Host host;
        private final int space;
        private final SplittableRandom random;
        private final PageTable table;
        private final ArrayDeque<Integer> free = new ArrayDeque<>();

        Mover(Host host, int space, SplittableRandom random) {
            this.host = host;
            this.space = space;
            this.random = random;
            this.table = table(host.ram(), space);
            for (int i = 0; i < SPARE; i++) free.add(frame(space, PAGES + i));
        }

        void move() {
            int page = random.nextInt(PAGES);
            int fresh = free.remove();
            host.ram().zero(address(fresh), PAGE);
            int former = Vpte.frame(table.get(va(page)));
            table.set(va(page), Vpte.of(fresh, ALL));
            if (random.nextBoolean()) host.vmspaces().inval(space, va(page), PAGE);
            else host.vmspaces().inval(space, va(random.nextInt(page + 1)), 100 * PAGE);
            for (int at = 0; at < PAGE; at += 8) host.ram().putLong(address(former) + at, POISON);
            free.add(former);
            progress.incrementAndGet();
        }
    }

    @Test
    void nobodyReadsAFormerFrameAfterInval() {
        SplittableRandom random = random("nobodyReadsAFormerFrameAfterInval");
        Host host = twoSpaces(false);
        List<CompletableFuture<Void>> harts = new ArrayList<>();
        List<CompletableFuture<Void>> kernels = new ArrayList<>();
        for (int id = 0; id < HARTS; id++) {
            harts.add(hart(host, id, random.split(), reader(random.split()), () -> {}));
        }
        for (int space = 0; space < 2; space++) {
            Mover mover = new Mover(host, space, random.split());
            kernels.add(async(() -> {
                while (!stop) mover.move();
            }));
        }
        finish(harts, kernels);
    }

    @Test
    void aKernelThatAnnouncesEveryChangeIsNeverFoundWrong() {
        SplittableRandom random = random("aKernelThatAnnouncesEveryChangeIsNeverFoundWrong");
        Host host = twoSpaces(true);
        List<CompletableFuture<Void>> harts = new ArrayList<>();
        for (int id = 0; id < HARTS; id++) {
            Runnable kernel = id < 2 ? new Mover(host, id, random.split())::move : () -> {};
            harts.add(hart(host, id, random.split(), reader(random.split()), kernel));
        }
        finish(harts, List.of());
        assertThat(host.vmspaces().staleTranslations()).isEmpty();
    }

    /** Writes a page; a page that is protected now is somebody else's for a while. */
    private static Step writer(SplittableRandom random) {
        return user -> {
            user.store(va(random.nextInt(PAGES)) + 8L * random.nextInt(4), random.nextLong());
            return Step.AGAIN;
        };
    }

    /** A kernel that takes the right to write away and looks whether anybody still does. */
    private void protect(Host host, int space, SplittableRandom random) {
        Ram ram = host.ram();
        PageTable table = table(ram, space);
        while (!stop) {
            int page = random.nextInt(PAGES);
            int frame = frame(space, page);
            table.set(va(page), Vpte.of(frame, ALL & ~Vpte.W));
            host.vmspaces().inval(space, va(page), PAGE);
            byte[] before = new byte[32];
            byte[] after = new byte[32];
            ram.read(address(frame), before, 0, 32);
            for (int i = 0; i < 200; i++) Thread.onSpinWait();
            ram.read(address(frame), after, 0, 32);
            assertThat(after).isEqualTo(before);
            table.set(va(page), Vpte.of(frame, ALL));
            progress.incrementAndGet();
        }
    }

    @Test
    void nobodyWritesAProtectedPageAfterInval() {
        SplittableRandom random = random("nobodyWritesAProtectedPageAfterInval");
        Host host = twoSpaces(false);
        List<CompletableFuture<Void>> harts = new ArrayList<>();
        for (int id = 0; id < HARTS; id++) {
            harts.add(hart(host, id, random.split(), writer(random.split()), () -> {}));
        }
        SplittableRandom own = random.split();
        finish(harts, List.of(async(() -> protect(host, 0, own))));
    }

    /** User code that now writes a page and now marks one's frame as code, as an engine does, and watches it. */
    private Step marker(Ram ram, SplittableRandom random) {
        return user -> {
            if (random.nextInt(20) > 0) return writer(random).execute(user);
            int frame = frame(random.nextInt(2), random.nextInt(PAGES));
            int changes = engine.changes(frame);
            ram.markCode(frame);
            long before = ram.getLong(address(frame));
            for (int i = 0; i < 50; i++) Thread.onSpinWait();
            long after = ram.getLong(address(frame));
            if (after != before) assertThat(engine.changes(frame)).isNotEqualTo(changes);
            progress.incrementAndGet();
            return Step.AGAIN;
        };
    }

    @Test
    void hartsThatMarkEachOthersCodeAllGoOnAndEveryWriteIsReported() {
        SplittableRandom random = random("hartsThatMarkEachOthersCodeAllGoOnAndEveryWriteIsReported");
        Host host = twoSpaces(false);
        List<CompletableFuture<Void>> harts = new ArrayList<>();
        for (int id = 0; id < HARTS; id++) {
            harts.add(hart(host, id, random.split(), marker(host.ram(), random.split()), () -> {}));
        }
        SplittableRandom own = random.split();
        finish(harts, List.of(async(() -> protect(host, 0, own))));
    }
}
