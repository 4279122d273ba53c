package vkernel.guest.fs.ext;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import vkernel.fs.Inode;

/** How many requests it takes to read a file that is not in memory. */
class ReadAheadTest {
    private static final int PAGE = 4096;
    private static final int PAGES = 2000;
    /** Of one request here: a 64th of memory. */
    private static final int MOST = 64;

    private final byte[] written = new byte[PAGES * PAGE];
    private final Machine machine = cold();

    private Machine cold() {
        new Random(7).nextBytes(written);
        Machine before = Machine.mounted(Images.make(16, "-t", "ext4", "-b", "4096"));
        before.write(before.file(before.root(), "long").value(), 0, written);
        return Machine.mounted(before.unmounted());
    }

    @Test
    void whatIsReadInOrderComesInRequestsThatGrow() {
        Inode file = machine.lookup(machine.root(), "long");
        int before = machine.disk.requests;
        for (int page = 0; page < PAGES; page++) {
            byte[] bytes = machine.read(file, (long) page * PAGE, PAGE);
            assertThat(bytes).isEqualTo(java.util.Arrays.copyOfRange(written, page * PAGE, (page + 1) * PAGE));
        }
        assertThat(machine.disk.requests - before).isBetween(PAGES / MOST, PAGES / MOST + 4);
    }

    @Test
    void whatIsReadHereAndThereBringsNothingElse() {
        Inode file = machine.lookup(machine.root(), "long");
        machine.read(file, 100L * PAGE, PAGE); // where it lies is known then
        int before = machine.disk.requests;
        long free = machine.kernel.vm().stats().free();
        for (int page = 300; page < PAGES; page += 100) {
            machine.read(file, (long) page * PAGE, PAGE);
        }
        assertThat(machine.disk.requests - before).isEqualTo(17);
        assertThat(free - machine.kernel.vm().stats().free()).isLessThanOrEqualTo(17L * PAGE);
    }
}
