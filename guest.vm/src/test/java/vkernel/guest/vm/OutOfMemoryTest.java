package vkernel.guest.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.vm.Machine.PAGE;
import static vkernel.guest.vm.Machine.PRIVATE;
import static vkernel.guest.vm.Machine.RW;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.fs.Mode;
import vkernel.kern.Errno;
import vkernel.task.Task;
import vkernel.vm.PageCache;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** Short memory on a machine of 512 frames. */
class OutOfMemoryTest {
    private static final int FRAMES = 512;
    private static final byte[] ROM = new byte[1000 * PAGE];

    static {
        new Random(3).nextBytes(ROM);
    }

    private final Machine machine = new Machine(FRAMES * PAGE, ROM);
    private final Task init = machine.process();
    private final Task hog = machine.process();
    private final Task small = machine.process();
    private long hogMemory;
    private long smallMemory;

    @BeforeEach
    void memory() {
        hogMemory = machine.map(hog, 400 * PAGE, RW, PRIVATE);
        smallMemory = machine.map(small, 400 * PAGE, RW, PRIVATE);
    }

    @AfterEach
    void everythingIsAccountedFor() {
        machine.check();
        machine.close();
    }

    private int touch(Task task, long memory, int pages) {
        int done = Vm.FAULT_DONE;
        for (int i = 0; i < pages && done == Vm.FAULT_DONE; i++) {
            done = machine.store(task, memory + (long) i * PAGE, i);
        }
        return done;
    }

    @Test
    void theLargestProcessIsKilledAndTheOtherGoesOn() {
        assertThat(touch(hog, hogMemory, 300)).isEqualTo(Vm.FAULT_DONE);
        assertThat(touch(small, smallMemory, 250)).isEqualTo(Vm.FAULT_DONE);
        assertThat(machine.kernel.signalled).containsExactly(hog.process);
        assertThat(hog.memory().doomed).isTrue();
        assertThat(hog.memory().anonymousPages).isZero();
        assertThat(machine.vm.fault(hog, hogMemory, Vma.READ)).isEqualTo(Vm.FAULT_OOM);
        assertThat(machine.write(hog, hogMemory, new byte[1])).isFalse();
        assertThat(machine.map(hog, PAGE, RW, PRIVATE)).isEqualTo(-Errno.ENOMEM);
        assertThat(machine.vm.fork(hog.memory())).isNull();
        assertThat(machine.vm.counters().outOfMemory).isEqualTo(1);
        machine.end(hog);
        assertThat(machine.read(small, smallMemory + 249 * PAGE, 1)).containsExactly((byte) 249);
    }

    @Test
    void theHogIsKilledByItsOwnFault() {
        assertThat(touch(small, smallMemory, 100)).isEqualTo(Vm.FAULT_DONE);
        assertThat(touch(hog, hogMemory, 400)).isEqualTo(Vm.FAULT_OOM);
        assertThat(machine.kernel.signalled).containsExactly(hog.process);
        assertThat(touch(hog, hogMemory + 399 * PAGE, 1)).isEqualTo(Vm.FAULT_OOM);
        machine.end(hog);
        assertThat(touch(small, smallMemory, 400)).isEqualTo(Vm.FAULT_DONE);
    }

    @Test
    void scoresMoveTheChoice() {
        hog.process.oomScoreAdj = -1000;
        assertThat(touch(hog, hogMemory, 300)).isEqualTo(Vm.FAULT_DONE);
        small.process.oomScoreAdj = -999;
        assertThat(touch(small, smallMemory, 300)).isEqualTo(Vm.FAULT_OOM);
        assertThat(machine.kernel.signalled).containsExactly(small.process);
    }

    @Test
    void processOneIsKilledOnlyWhenItStandsAlone() {
        long memory = machine.map(init, 480 * PAGE, RW, PRIVATE);
        assertThat(touch(small, smallMemory, 20)).isEqualTo(Vm.FAULT_DONE);
        assertThat(touch(init, memory, 480)).isEqualTo(Vm.FAULT_DONE);
        assertThat(machine.kernel.signalled).contains(small.process).doesNotContain(init.process);
        long more = machine.map(init, 100 * PAGE, RW, PRIVATE);
        assertThat(touch(init, more, 100)).isEqualTo(Vm.FAULT_OOM);
        assertThat(machine.kernel.forced).containsExactly(init);
    }

    @Test
    void processesThatShareTheMemoryDieTogether() {
        Task vforked = machine.process(hog.memory());
        hog.memory().users++;
        touch(hog, hogMemory, 300);
        touch(small, smallMemory, 250);
        assertThat(machine.kernel.signalled).containsExactlyInAnyOrder(hog.process, vforked.process);
        machine.end(hog);
        machine.end(vforked);
    }

    @Test
    void pagesThatCanBeReadAgainGoBeforeAnybodyIsKilled() {
        PageCache pages = Machine.romPages(0, ROM.length);
        long mapped = machine.vm.map(
                small.memory(), 0, 1000 * PAGE, Vma.READ, Vm.MAP_PRIVATE, Machine.open(pages, Mode.O_RDONLY), 0);
        assertThat(touch(hog, hogMemory, 300)).isEqualTo(Vm.FAULT_DONE);
        for (int round = 0; round < 2; round++) {
            assertThat(machine.read(small, mapped, ROM.length)).isEqualTo(ROM);
        }
        assertThat(machine.read(hog, hogMemory + 299 * PAGE, 1)).containsExactly((byte) 299);
        byte[] all = new byte[ROM.length];
        assertThat(machine.vm.readPages(pages, 0, machine.vm.buffer(all, 0, all.length)))
                .isEqualTo(all.length);
        assertThat(all).isEqualTo(ROM);
        assertThat(machine.kernel.signalled).isEmpty();
    }

    @Test
    void aFileReadIntoShortMemoryStaysWhole() {
        touch(hog, hogMemory, 350);
        PageCache pages = Machine.romPages(7, 400 * PAGE);
        machine.kernel.current = small;
        long done = machine.vm.readPages(pages, 0, machine.vm.buffer(small, smallMemory, 100 * PAGE));
        assertThat(done).isEqualTo(100 * PAGE);
        byte[] expected = Arrays.copyOfRange(ROM, 7, 100 * PAGE + 7);
        assertThat(machine.read(small, smallMemory, 100 * PAGE)).isEqualTo(expected);
        assertThat(machine.kernel.signalled).isEmpty();
    }

    @Test
    void aFileThatFillsAllMemoryIsToldSoAndNobodyIsKilled() {
        PageCache pages = new PageCache();
        byte[] page = new byte[PAGE];
        long written = 0;
        long done = PAGE;
        while (done == PAGE) {
            done = machine.vm.writePages(pages, written, machine.vm.buffer(page, 0, PAGE));
            written += Math.max(done, 0);
        }
        assertThat(done).isEqualTo(-Errno.ENOSPC);
        assertThat(written).isBetween(400L * PAGE, FRAMES * PAGE - 1L);
        assertThat(machine.vm.page(pages, 9999, true)).isEqualTo(-Errno.ENOMEM);
        assertThat(machine.kernel.signalled).isEmpty();
        machine.vm.truncatePages(pages, 0);
    }
}
