package vkernel.guest.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.vm.Machine.PAGE;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.host.MachineConfig.Time;
import vkernel.kern.Errno;
import vkernel.task.Task;
import vkernel.vm.Vm;

/** More memory than there is: pages go to swap space and come back. */
class SwapSpaceTest {
    private static final int PAGES = 1000;
    private static final int RAM = 2 << 20; // half of them

    @TempDir
    private Path folder;

    private Machine machine;
    private Task task;
    private long base;

    /** A file of so many pages. */
    static Path file(Path folder, int pages) throws IOException {
        Path path = folder.resolve("swap");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength((long) pages * PAGE);
        }
        return path;
    }

    private void boot(Time time) throws IOException {
        machine = new Machine(RAM, new byte[PAGE], file(folder, 2 * PAGES), time);
        task = machine.process();
        base = machine.map(task, (long) PAGES * PAGE, Machine.RW, Machine.PRIVATE);
        for (int i = 0; i < PAGES; i++) {
            assertThat(machine.store(task, base + (long) i * PAGE, i + 1)).isEqualTo(Vm.FAULT_DONE);
        }
    }

    @AfterEach
    void everythingIsAccountedFor() {
        machine.check();
        machine.close();
    }

    private void expectAll(Task of, int from) {
        long[] value = new long[1];
        for (int i = 0; i < PAGES; i++) {
            int done = machine.load(of, base + (long) i * PAGE, value);
            assertThat(done).as("page %d", i).isEqualTo(Vm.FAULT_DONE);
            assertThat(value[0]).as("page %d", i).isEqualTo(i + from);
        }
    }

    @Test
    void aProcessUsesTwiceTheMemoryThereIs() throws IOException {
        boot(Time.VIRTUAL);
        expectAll(task, 1);
        assertThat(machine.vm.counters().swapOuts).isGreaterThan(PAGES / 2);
        assertThat(machine.vm.counters().outOfMemory).isZero();
        machine.check();
        machine.end(task);
        assertThat(machine.vm.stats().swapFree()).isEqualTo(machine.vm.stats().swapTotal());
        assertThat(machine.vm.stats().anonymous()).isZero();
    }

    @Test
    void aTaskWaitsForTheHostAndTheKernelGoesOn() throws IOException {
        boot(Time.REAL);
        expectAll(task, 1);
        assertThat(machine.waits).isPositive();
        assertThat(machine.vm.counters().outOfMemory).isZero();
    }

    @Test
    void parentAndChildHaveThePageAsItWas() throws IOException {
        boot(Time.VIRTUAL);
        Task child = machine.process(machine.vm.fork(task.memory()));
        for (int i = 0; i < PAGES; i++) {
            machine.store(child, base + (long) i * PAGE, i + 5000);
        }
        expectAll(task, 1);
        expectAll(child, 5000);
        machine.check();
        machine.end(task);
        expectAll(child, 5000);
    }

    @Test
    void copiesOfTheKernelBringPagesBack() throws IOException {
        boot(Time.REAL);
        byte[] bytes = machine.read(task, base, PAGES * PAGE);
        for (int i = 0; i < PAGES; i++) {
            assertThat(bytes[i * PAGE] & 0xff | (bytes[i * PAGE + 1] & 0xff) << 8)
                    .isEqualTo(i + 1);
        }
    }

    @Test
    void aSuccessorFindsWhatWasSwappedOut() throws Exception {
        boot(Time.REAL);
        machine.swap();
        expectAll(task, 1);
    }

    @Test
    void swapSpaceCanBeGivenUpWhenThereIsRoom() throws IOException {
        boot(Time.REAL);
        assertThat(machine.vm.swapOff("other", 10)).isEqualTo(-Errno.EINVAL);
        assertThat(machine.vm.swapOff("swap0", PAGES)).isEqualTo(-Errno.ENOMEM);
        machine.check();
        machine.vm.unmap(task.memory(), base + 200 * PAGE, (long) (PAGES - 200) * PAGE);
        long left = machine.vm.swapOff("swap0", 20);
        while (left > 0) {
            left = machine.vm.swapOff("swap0", 20);
        }
        assertThat(left).isZero();
        assertThat(machine.vm.swap()).isEmpty();
        long[] value = new long[1];
        for (int i = 0; i < 200; i++) {
            machine.load(task, base + (long) i * PAGE, value);
            assertThat(value[0]).isEqualTo(i + 1);
        }
        assertThat(machine.vm.swapOn("swap0")).isZero();
    }

    @Test
    void onlyWhenSwapSpaceIsFullSomebodyIsKilled() throws IOException {
        boot(Time.VIRTUAL);
        int done = Vm.FAULT_DONE;
        for (int i = 0; i < 4 * PAGES && done == Vm.FAULT_DONE; i++) {
            done = machine.store(task, machine.map(task, PAGE, Machine.RW, Machine.PRIVATE), i);
        }
        assertThat(done).isEqualTo(Vm.FAULT_OOM);
        assertThat(machine.vm.stats().swapFree()).isZero();
    }
}
