package vkernel.guest.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.vm.Machine.PAGE;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.fs.Mode;
import vkernel.guest.vm.Model.File;
import vkernel.guest.vm.Model.Page;
import vkernel.guest.vm.Model.Proc;
import vkernel.host.MachineConfig;
import vkernel.task.Task;
import vkernel.vm.PageCache;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/**
 * Random calls, compared with {@link Model} by copies and by user code whose translations are checked. A failure names
 * its seed: {@code -Dvm.seed=N} repeats it.
 */
class ModelTest {
    private static final int FILE_PAGES = 96;
    /** Files that are written and cut, and files that are only read: their pages can be taken back. */
    private static final int WRITTEN = 3;

    private static final int FILES = 8;
    private static final int WINDOW = 64;
    private static final long BASE = 0x7f_ffe0_0000L - WINDOW / 2 * PAGE; // across two leaf tables
    private static final int STEPS = 6000;
    private static final int BALLAST = 950;

    private final long seed = Long.getLong("vm.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final byte[] rom = new byte[FILES * FILE_PAGES * PAGE];
    private final Model model = new Model();
    /** Uses memory beside the model. */
    private Runnable crowd = () -> {};

    @Test
    void memoryHoldsWhatWasWrittenWhateverIsDone() throws Exception {
        System.out.println("memoryHoldsWhatWasWrittenWhateverIsDone: seed " + seed);
        random.nextBytes(rom);
        // less than all files need, so that pages of files are taken back all the time
        try (Machine machine = new Machine(2 << 20, rom)) {
            run(machine);
            assertThat(machine.vm.stats().anonymous()).isZero();
            assertThat(machine.vm.stats().pageTables()).isZero();
            assertThat(machine.vm.counters().majorFaults).isGreaterThan(FILES * FILE_PAGES);
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    @Test
    void memoryHoldsWhatWasWrittenWhenMostOfItIsInSwapSpace(@TempDir Path folder) throws Exception {
        System.out.println("memoryHoldsWhatWasWrittenWhenMostOfItIsInSwapSpace: seed " + seed);
        random.nextBytes(rom);
        Path swap = SwapSpaceTest.file(folder, 2048);
        try (Machine machine = new Machine(4 << 20, rom, swap, MachineConfig.Time.VIRTUAL)) {
            machine.kernel.replacement.fill(new RandomVictims(seed));
            Task other = machine.process();
            long base = machine.map(other, BALLAST * PAGE, Machine.RW, Machine.PRIVATE);
            for (int i = 0; i < BALLAST; i++) {
                machine.store(other, base + (long) i * PAGE, i);
            }
            crowd = () -> {
                int page = random.nextInt(BALLAST);
                long[] value = new long[1];
                assertThat(machine.load(other, base + (long) page * PAGE, value))
                        .isEqualTo(Vm.FAULT_DONE);
                assertThat(value[0]).isEqualTo(page);
                machine.store(other, base + (long) page * PAGE, page);
            };
            run(machine);
            machine.end(other);
            for (File file : model.files) { // some of them are in swap space
                machine.vm.truncatePages(Objects.requireNonNull(file.pages), 0);
            }
            assertThat(machine.vm.stats().anonymous()).isZero();
            assertThat(machine.vm.stats().pageTables()).isZero();
            assertThat(machine.vm.stats().swapFree())
                    .isEqualTo(machine.vm.stats().swapTotal());
            assertThat(machine.vm.counters().swapOuts).isGreaterThan(100);
            assertThat(machine.vm.counters().swapIns).isGreaterThan(100);
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private void run(Machine machine) throws Exception {
        for (int i = 0; i < FILES; i++) {
            addFile(i);
        }
        model.procs.add(new Proc(machine.process()));
        for (int step = 0; step < STEPS; step++) {
            crowd.run();
            step(machine, random.nextInt(100));
            if (step % 250 == 0) {
                machine.check();
            }
        }
        compareAll(machine);
        machine.check();
        assertThat(machine.kernel.signalled).isEmpty();
        for (Proc proc : model.procs) {
            machine.end(proc.task);
        }
        machine.check();
    }

    private void addFile(int i) {
        int length = FILE_PAGES * PAGE - 1000 * i;
        PageCache pages = Machine.romPages((long) i * FILE_PAGES * PAGE, length);
        byte[] bytes = Arrays.copyOfRange(rom, i * FILE_PAGES * PAGE, i * FILE_PAGES * PAGE + length);
        model.files.add(new File(bytes, pages, Machine.open(pages, Mode.O_RDWR)));
    }

    private void step(Machine machine, int kind) throws Exception {
        Proc proc = model.procs.get(random.nextInt(model.procs.size()));
        if (kind < 12) {
            map(machine, proc);
        } else if (kind < 16) {
            unmap(machine, proc);
        } else if (kind < 22) {
            protect(machine, proc);
        } else if (kind < 25) {
            fork(machine, proc);
        } else if (kind < 27) {
            end(machine, proc);
        } else if (kind < 30) {
            remap(machine, proc);
        } else if (kind < 32) {
            discard(machine, proc);
        } else if (kind < 33) {
            resize(machine);
        } else if (kind < 36) {
            punch(machine);
        } else if (kind < 40) {
            writeFile(machine);
        } else if (kind < 48) {
            readFile(machine);
        } else if (kind == 48) {
            machine.swap();
        } else if (kind < 70) {
            copyIn(machine, proc);
        } else if (kind < 85) {
            copyOut(machine, proc);
        } else {
            touch(machine, proc);
        }
    }

    private long place(int pages) {
        return BASE + (long) random.nextInt(WINDOW - pages) * PAGE;
    }

    private int protection() {
        return random.nextInt(4) == 0 ? random.nextInt(4) : Machine.RW;
    }

    private void map(Machine machine, Proc proc) {
        int pages = 1 + random.nextInt(12);
        long at = place(pages);
        int protection = protection();
        File file = random.nextInt(4) == 0 ? null : model.files.get(random.nextInt(FILES));
        boolean shared = model.files.indexOf(file) < WRITTEN && random.nextBoolean();
        int flags = Vm.MAP_FIXED | (shared ? Vm.MAP_SHARED : Vm.MAP_PRIVATE);
        int first = file == null ? 0 : random.nextInt(FILE_PAGES);
        long done = file == null
                ? machine.vm.map(proc.task.memory(), at, pages * PAGE, protection, flags | Vm.MAP_ANONYMOUS, null, 0)
                : machine.vm.map(proc.task.memory(), at, pages * PAGE, protection, flags, file.open, first * PAGE);
        assertThat(done).isEqualTo(at);
        File backing = file == null && shared ? new File(new byte[pages * PAGE], null, null) : file;
        for (int i = 0; i < pages; i++) {
            proc.pages.put(at / PAGE + i, new Page(protection, shared, backing, first + i));
        }
    }

    private void unmap(Machine machine, Proc proc) {
        int pages = 1 + random.nextInt(12);
        long at = place(pages);
        assertThat(machine.vm.unmap(proc.task.memory(), at, pages * PAGE)).isZero();
        for (int i = 0; i < pages; i++) {
            proc.pages.remove(at / PAGE + i);
        }
    }

    private void protect(Machine machine, Proc proc) {
        int pages = 1 + random.nextInt(8);
        long at = place(pages);
        int protection = protection();
        long done = machine.vm.protect(proc.task.memory(), at, pages * PAGE, protection);
        boolean holes = false;
        for (int i = 0; i < pages && !holes; i++) {
            Page page = proc.page(at + i * PAGE);
            holes = page == null;
            if (page != null) {
                page.protection = protection;
            }
        }
        assertThat(done == 0).isEqualTo(!holes);
    }

    private void fork(Machine machine, Proc proc) {
        if (model.procs.size() < 4) {
            model.fork(proc, machine.process(machine.vm.fork(proc.task.memory())));
        }
    }

    private void end(Machine machine, Proc proc) {
        if (model.procs.size() > 1) {
            machine.end(proc.task);
            model.procs.remove(proc);
        }
    }

    private void remap(Machine machine, Proc proc) {
        int pages = 1 + random.nextInt(6);
        long at = place(pages);
        long to = place(pages);
        Vma vma = proc.task.memory().find(at);
        if (vma == null || vma.end < at + pages * PAGE || Math.abs(at - to) < pages * PAGE) {
            return;
        }
        assertThat(machine.vm.remap(proc.task.memory(), at, pages * PAGE, pages * PAGE, 3, to))
                .isEqualTo(to);
        for (int i = 0; i < pages; i++) {
            Page page = proc.pages.remove(at / PAGE + i);
            assertThat(page).isNotNull();
            proc.pages.put(to / PAGE + i, page);
        }
    }

    private void discard(Machine machine, Proc proc) {
        int pages = 1 + random.nextInt(6);
        long at = place(pages);
        machine.vm.advise(proc.task.memory(), at, pages * PAGE, 4);
        for (int i = 0; i < pages; i++) {
            Page page = proc.page(at + i * PAGE);
            if (page != null) {
                page.own = null;
            }
        }
    }

    private void resize(Machine machine) {
        File file = model.files.get(random.nextInt(WRITTEN));
        int size = random.nextInt(3) == 0 ? FILE_PAGES * PAGE : random.nextInt(FILE_PAGES * PAGE);
        machine.vm.truncatePages(file.pages, size);
        model.truncate(file, size);
    }

    private void punch(Machine machine) {
        File file = model.files.get(random.nextInt(WRITTEN));
        int at = random.nextInt(FILE_PAGES * PAGE);
        int length = random.nextInt(4 * PAGE);
        machine.vm.punchPages(file.pages, at, length);
        int end = Math.min(at + length, file.bytes.length);
        if (at < end) {
            Arrays.fill(file.bytes, at, end, (byte) 0);
        }
    }

    private byte[] data(int most) {
        byte[] data = new byte[1 + random.nextInt(most)];
        random.nextBytes(data);
        return data;
    }

    private void writeFile(Machine machine) {
        File file = model.files.get(random.nextInt(WRITTEN));
        byte[] data = data(3 * PAGE);
        int at = random.nextInt(FILE_PAGES * PAGE - data.length);
        long done = machine.vm.writePages(file.pages, at, machine.vm.buffer(data, 0, data.length));
        assertThat(done).isEqualTo(data.length);
        if (file.bytes.length < at + data.length) {
            file.resize(at + data.length);
        }
        System.arraycopy(data, 0, file.bytes, at, data.length);
    }

    private void readFile(Machine machine) {
        File file = model.files.get(random.nextInt(FILES));
        byte[] got = new byte[12 * PAGE];
        int at = random.nextInt(FILE_PAGES * PAGE);
        long done = machine.vm.readPages(file.pages, at, machine.vm.buffer(got, 0, got.length));
        int expected = Math.clamp(file.bytes.length - at, 0, got.length);
        assertThat(done).isEqualTo(expected);
        for (int i = 0; i < expected; i++) {
            same(at + i, got[i], file.bytes[at + i]);
        }
    }

    private void copyIn(Machine machine, Proc proc) {
        byte[] data = data(3 * PAGE);
        long at = place(4) + random.nextInt(PAGE);
        int may = 0;
        while (may < data.length && writable(proc, at + may)) {
            may++;
        }
        if (may < data.length && beyondEnd(proc, at + may)) {
            return;
        }
        machine.kernel.current = proc.task;
        boolean done = machine.vm.write(proc.task.memory(), at, data, 0, data.length);
        assertThat(done).isEqualTo(may == data.length);
        for (int i = 0; i < may; i++) {
            proc.page(at + i).set(offset(at + i), data[i]);
        }
    }

    private static boolean writable(Proc proc, long va) {
        Page page = proc.page(va);
        return page != null && page.writable() && !page.beyondEnd(offset(va));
    }

    /** In the last page of a shared file, behind its end: what is written there is nobody's business. */
    private static boolean beyondEnd(Proc proc, long va) {
        Page page = proc.page(va);
        return page != null && page.writable() && page.beyondEnd(offset(va));
    }

    private void copyOut(Machine machine, Proc proc) {
        compare(machine, proc, place(4) + random.nextInt(PAGE), 1 + random.nextInt(3 * PAGE));
    }

    private void compare(Machine machine, Proc proc, long at, int length) {
        byte[] got = new byte[length];
        machine.kernel.current = proc.task;
        boolean done = machine.vm.read(proc.task.memory(), at, got, 0, length);
        int may = 0;
        for (; may < length; may++) {
            Page page = proc.page(at + may);
            if (page == null || !page.readable()) {
                break;
            }
            same(at + may, got[may], page.get(offset(at + may)));
        }
        assertThat(done).isEqualTo(may == length);
    }

    private void compareAll(Machine machine) {
        for (Proc proc : model.procs) {
            for (long at = BASE; at < BASE + WINDOW * PAGE; at += PAGE) {
                compare(machine, proc, at, PAGE);
            }
        }
    }

    /** AssertJ is too slow for every byte. */
    private static void same(long at, byte got, byte expected) {
        if (got != expected) {
            throw new AssertionError("at %x: %d instead of %d".formatted(at, got, expected));
        }
    }

    private static int offset(long va) {
        return (int) (va & PAGE - 1);
    }

    private void touch(Machine machine, Proc proc) {
        long at = place(4) + random.nextInt(PAGE / 8) * 8L;
        Page page = proc.page(at);
        int offset = offset(at);
        if (random.nextBoolean()) {
            long[] value = new long[1];
            boolean done = machine.load(proc.task, at, value) == Vm.FAULT_DONE;
            assertThat(done).isEqualTo(page != null && page.readable());
            for (int i = 0; done && i < 8; i++) {
                same(at + i, (byte) (value[0] >>> 8 * i), page.get(offset + i));
            }
        } else if (page == null || !page.beyondEnd(offset + 7)) {
            long value = random.nextLong();
            boolean done = machine.store(proc.task, at, value) == Vm.FAULT_DONE;
            assertThat(done).isEqualTo(page != null && page.writable());
            for (int i = 0; done && i < 8; i++) {
                page.set(offset + i, (byte) (value >>> 8 * i));
            }
        }
    }
}
