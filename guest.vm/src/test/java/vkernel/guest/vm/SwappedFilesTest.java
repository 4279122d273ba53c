package vkernel.guest.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.vm.Machine.PAGE;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vkernel.host.MachineConfig.Time;
import vkernel.task.Task;
import vkernel.vm.PageCache;
import vkernel.vm.PageSource;
import vkernel.vm.Replacement;
import vkernel.vm.Vm;

/** More pages of files that lie nowhere else, or of shared memory, than there is memory. */
class SwappedFilesTest {
    private static final int PAGES = 1000;
    private static final int RAM = 2 << 20; // half of them

    @TempDir
    private Path folder;

    private Machine machine;
    private Task task;
    private final PageCache file = new PageCache();

    private void boot(Time time) throws IOException {
        machine = new Machine(RAM, new byte[PAGES * PAGE], SwapSpaceTest.file(folder, 2 * PAGES), time);
        task = machine.process();
        machine.kernel.current = task;
    }

    @AfterEach
    void everythingIsAccountedFor() {
        machine.check();
        machine.end(task);
        machine.vm.truncatePages(file, 0);
        machine.check();
        assertThat(machine.vm.stats().swapFree()).isEqualTo(machine.vm.stats().swapTotal());
        assertThat(machine.vm.stats().cached()).isZero();
        machine.close();
    }

    private void write(int page, int value) {
        byte[] bytes = new byte[PAGE];
        Arrays.fill(bytes, (byte) value);
        assertThat(machine.vm.writePages(file, (long) page * PAGE, machine.vm.buffer(bytes, 0, PAGE)))
                .isEqualTo(PAGE);
    }

    private void fill() {
        for (int i = 0; i < PAGES; i++) {
            write(i, i + 1);
        }
        assertThat(file.swapped.count()).isGreaterThan(PAGES / 2);
        assertThat(file.pages()).isEqualTo(PAGES);
    }

    private void expect(int page, int value) {
        byte[] bytes = new byte[PAGE];
        assertThat(machine.vm.readPages(file, (long) page * PAGE, machine.vm.buffer(bytes, 0, PAGE)))
                .isEqualTo(PAGE);
        assertThat(bytes).as("page %d", page).containsOnly((byte) value);
    }

    private long share(int pages) {
        return machine.map(task, (long) pages * PAGE, Machine.RW, Machine.SHARED);
    }

    private void storeAll(Task by, long base, int from) {
        for (int i = 0; i < PAGES; i++) {
            assertThat(machine.store(by, base + (long) i * PAGE, i + from)).isEqualTo(Vm.FAULT_DONE);
        }
    }

    private void loadAll(Task by, long base, int from) {
        long[] value = new long[1];
        for (int i = 0; i < PAGES; i++) {
            assertThat(machine.load(by, base + (long) i * PAGE, value)).isEqualTo(Vm.FAULT_DONE);
            assertThat(value[0]).as("page %d", i).isEqualTo(i + from);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileIsLargerThanMemory(Time time) throws IOException {
        boot(time);
        fill();
        for (int i = 0; i < PAGES; i++) {
            expect(i, i + 1);
        }
        assertThat(machine.vm.counters().outOfMemory).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void sharedMemoryIsLargerThanMemory(Time time) throws IOException {
        boot(time);
        long base = share(PAGES);
        storeAll(task, base, 1);
        loadAll(task, base, 1);
        assertThat(machine.waits > 0).isEqualTo(time == Time.REAL);
        assertThat(machine.vm.counters().outOfMemory).isZero();
    }

    @Test
    void aChildThatHasEndedLeavesItsPagesWhereTheyCanGo() throws IOException {
        boot(Time.VIRTUAL);
        long base = share(PAGES);
        Task child = machine.process(machine.vm.fork(task.memory()));
        storeAll(child, base, 7);
        machine.end(child);
        long other = machine.map(task, (long) PAGES * PAGE, Machine.RW, Machine.PRIVATE);
        storeAll(task, other, 9);
        loadAll(task, base, 7);
        loadAll(task, other, 9);
    }

    @Test
    void aPageThatIsCutOffOrPunchedIsGoneForEver() throws IOException {
        boot(Time.VIRTUAL);
        fill();
        int out = firstOut();
        long before = machine.vm.stats().swapFree();
        machine.vm.punchPages(file, (long) out * PAGE, PAGE);
        assertThat(machine.vm.stats().swapFree()).isEqualTo(before + PAGE);
        expect(out, 0);
        int part = firstOut();
        machine.vm.truncatePages(file, (long) part * PAGE + 100);
        machine.vm.truncatePages(file, (long) PAGES * PAGE);
        byte[] bytes = new byte[PAGE];
        machine.vm.readPages(file, (long) part * PAGE, machine.vm.buffer(bytes, 0, PAGE));
        assertThat(Arrays.copyOf(bytes, 100)).containsOnly((byte) (part + 1));
        assertThat(Arrays.copyOfRange(bytes, 100, PAGE)).containsOnly(0);
        expect(part + 1, 0);
    }

    private int firstOut() {
        return (int) Arrays.stream(file.swapped.pages()).min().orElseThrow();
    }

    @Test
    void aWriteOfAWholePageReadsNothingBack() throws IOException {
        boot(Time.VIRTUAL);
        fill();
        int out = firstOut();
        long read = machine.vm.counters().swapIns;
        write(out, 99);
        assertThat(machine.vm.counters().swapIns).isEqualTo(read);
        expect(out, 99);
    }

    @Test
    void whatWasWrittenToAFileOfARomComesBackAndNotWhatTheRomHas() throws IOException {
        boot(Time.VIRTUAL);
        file.source = new PageSource("root", 0, (long) PAGES * PAGE);
        file.size = (long) PAGES * PAGE;
        fill();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < PAGES; i++) {
                expect(i, i + 1);
            }
        }
    }

    @Test
    void aSuccessorFindsWhatWasSwappedOut() throws Exception {
        boot(Time.REAL);
        fill();
        machine.swap();
        assertThat(file.swapped.count()).isPositive();
        for (int i = 0; i < PAGES; i++) {
            expect(i, i + 1);
        }
        fill();
    }

    @Test
    void swapSpaceThatIsGivenUpIsReadBack() throws IOException {
        boot(Time.REAL);
        fill();
        machine.vm.truncatePages(file, 200L * PAGE);
        long left = machine.vm.swapOff("swap0", 20);
        for (int i = 0; i < PAGES && left > 0; i++) {
            left = machine.vm.swapOff("swap0", 20);
        }
        assertThat(left).isZero();
        assertThat(file.swapped.count()).isZero();
        for (int i = 0; i < 200; i++) {
            expect(i, i + 1);
        }
        assertThat(machine.vm.swapOn("swap0")).isZero();
    }

    /** Names the next page that was not used since it came by last. */
    private static final class SecondChance implements Replacement {
        private int hand;

        @Override
        public String name() {
            return "second chance";
        }

        @Override
        public int victim(Pages pages) {
            for (int i = 0; i < 2 * pages.size(); i++) {
                hand = (hand + 1) % pages.size();
                if (pages.candidate(hand) && !pages.used(hand)) {
                    return hand;
                }
            }
            return -1;
        }
    }

    @Test
    void aPageThatIsUsedStaysWhileOthersGo() throws IOException {
        boot(Time.VIRTUAL);
        machine.kernel.replacement.fill(new SecondChance());
        write(0, 1);
        for (int i = 0; i < 5 * PAGES; i++) {
            write(1 + i % (PAGES - 1), i);
            expect(0, 1);
        }
        assertThat(machine.vm.counters().swapOuts).isGreaterThan(4 * PAGES);
        assertThat(machine.vm.counters().swapIns)
                .as("at first all have been used")
                .isLessThan(2);
    }
}
