package vkernel.guest.fs.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.fs.Mode.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.fs.FileLock;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;

/** flock(2) and record locks. */
class LockTest {
    private static final int SHARED = 1;
    private static final int EXCLUSIVE = 2;
    private static final int NOW = 4;
    private static final int UNLOCK = 8;
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int NONE = 2;

    private final Guest guest = new Guest();
    private final Guest.Process one = guest.rootProcess();
    private final Guest.Process two = guest.rootProcess();
    private OpenFile a;
    private OpenFile b;

    @BeforeEach
    void files() {
        one.file("/f", "0123456789");
        one.file("/g", "");
        a = one.open("/f", O_RDWR);
        b = two.open("/f", O_RDWR);
    }

    private long flock(Guest.Process process, OpenFile file, int operation) {
        return process.called(guest.vfs.flock(process.task, file, operation));
    }

    private long lock(Guest.Process process, OpenFile file, int type, long start, long end, boolean wait) {
        return process.called(guest.vfs.lock(process.task, file, process.task.files, type, start, end, wait));
    }

    @Test
    void manyShareButOneExcludes() {
        assertThat(flock(one, a, SHARED)).isZero();
        assertThat(flock(two, b, SHARED)).isZero();
        assertThat(flock(one, a, EXCLUSIVE | NOW)).isEqualTo(-Errno.EAGAIN);
        assertThat(flock(two, b, EXCLUSIVE | NOW))
                .as("the other lost its lock in the try")
                .isZero();
        assertThat(flock(one, a, 3)).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void whoWaitsIsWokenByTheUnlock() {
        flock(one, a, EXCLUSIVE);
        assertThat(flock(two, b, EXCLUSIVE)).isEqualTo(Kernel.BLOCKED);
        flock(one, a, UNLOCK);
        assertThat(two.runnable()).isTrue();
        assertThat(flock(two, b, EXCLUSIVE)).isZero();
    }

    @Test
    void aFlockGoesWithTheLastReferenceOnly() {
        flock(one, a, EXCLUSIVE);
        a.refs++;
        guest.vfs.close(a);
        assertThat(flock(two, b, SHARED | NOW)).isEqualTo(-Errno.EAGAIN);
        guest.vfs.close(a);
        assertThat(flock(two, b, SHARED | NOW)).isZero();
    }

    @Test
    void flockAndRecordLocksDoNotSeeEachOther() {
        flock(one, a, EXCLUSIVE);
        assertThat(lock(two, b, WRITE, 0, Long.MAX_VALUE, false)).isZero();
    }

    @Test
    void recordLocksOfOneProcessNeverStandInItsWay() {
        assertThat(lock(one, a, WRITE, 0, 10, false)).isZero();
        assertThat(lock(one, a, READ, 5, 20, false)).isZero();
        assertThat(locks()).containsExactlyInAnyOrder("W0-5", "R5-20");
    }

    @Test
    void rangesAreCutAndJoined() {
        lock(one, a, WRITE, 0, 100, false);
        lock(one, a, NONE, 40, 60, false);
        assertThat(locks()).containsExactlyInAnyOrder("W0-40", "W60-100");
        lock(one, a, WRITE, 40, 60, false);
        assertThat(locks()).containsExactly("W0-100");
        lock(one, a, NONE, 0, Long.MAX_VALUE, false);
        assertThat(locks()).isEmpty();
    }

    private List<String> locks() {
        List<String> texts = new ArrayList<>();
        for (FileLock lock : a.inode().locks) {
            texts.add((lock.exclusive ? "W" : "R") + lock.start + "-" + lock.end);
        }
        return texts;
    }

    @Test
    void whoeverWaitsForARangeIsWokenWhenPartOfItGoes() {
        lock(one, a, WRITE, 0, 100, false);
        assertThat(lock(two, b, WRITE, 10, 20, true)).isEqualTo(Kernel.BLOCKED);
        lock(one, a, NONE, 0, 50, false);
        assertThat(two.runnable()).isTrue();
        assertThat(lock(two, b, WRITE, 10, 20, true)).isZero();
        assertThat(lock(two, b, WRITE, 60, 70, false)).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void theLockInTheWayIsTold() {
        lock(one, a, WRITE, 5, 10, false);
        FileLock found = guest.vfs.blockingLock(b, two.task.files, READ, 0, 100);
        assertThat(found).isNotNull();
        assertThat(List.of(found.pid, (int) found.start, (int) found.end)).containsExactly(one.task.process.pid, 5, 10);
        assertThat(guest.vfs.blockingLock(a, one.task.files, WRITE, 0, 100)).isNull();
    }

    @Test
    void closingAnyDescriptorOfTheFileDropsTheProcessesLocks() {
        one.task.files.set(3, one.open("/f", O_RDONLY), false);
        lock(one, a, WRITE, 0, 10, false);
        assertThat(guest.vfs.close(one.task, 3)).isZero();
        assertThat(lock(two, b, WRITE, 0, 10, false)).isZero();
        assertThat(guest.vfs.close(one.task, 3)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void theEndOfAProcessDropsItsLocksAndFiles() {
        one.task.files.set(3, a, false);
        lock(one, a, WRITE, 0, 10, false);
        one.task.files.users = 2;
        guest.vfs.drop(one.task, one.task.files);
        assertThat(locks()).hasSize(1);
        guest.vfs.drop(one.task, one.task.files);
        assertThat(locks()).isEmpty();
        assertThat(b.inode().opens).isEqualTo(1);
    }

    @Test
    void aCircleOfWaitersIsADeadlock() {
        OpenFile g1 = one.open("/g", O_RDWR);
        OpenFile g2 = two.open("/g", O_RDWR);
        lock(one, a, WRITE, 0, 1, true);
        lock(two, g2, WRITE, 0, 1, true);
        assertThat(lock(one, g1, WRITE, 0, 1, true)).isEqualTo(Kernel.BLOCKED);
        assertThat(lock(two, b, WRITE, 0, 1, true)).isEqualTo(-Errno.EDEADLK);
        one.interrupt();
        assertThat(lock(two, b, WRITE, 0, 1, true))
                .as("who gave up waits no more")
                .isEqualTo(Kernel.BLOCKED);
    }

    @Test
    void locksNeedTheRightKindOfOpening() {
        OpenFile readOnly = one.open("/f", O_RDONLY);
        assertThat(lock(one, readOnly, WRITE, 0, 1, false)).isEqualTo(-Errno.EBADF);
        assertThat(lock(one, one.open("/f", O_WRONLY), READ, 0, 1, false)).isEqualTo(-Errno.EBADF);
        assertThat(lock(one, a, READ, 5, 5, false)).isEqualTo(-Errno.EINVAL);
        assertThat(lock(one, a, 3, 0, 5, false)).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void randomLocksAgreeWithAModelOfBytes() {
        long seed = Long.getLong("vkernel.seed", System.nanoTime());
        System.out.println("LockTest seed " + seed + " (-Dvkernel.seed=)");
        Random random = new Random(seed);
        Guest.Process[] processes = {one, two};
        OpenFile[] files = {a, b};
        int[][] held = new int[2][64]; // 0 none, 1 read, 2 write
        for (int i = 0; i < 3000; i++) {
            int who = random.nextInt(2);
            int type = random.nextInt(3);
            int start = random.nextInt(63);
            int end = start + 1 + random.nextInt(64 - start - 1 + 1);
            boolean conflict = false;
            for (int at = start; at < end; at++) {
                int other = held[1 - who][at];
                conflict |= type != NONE && (other == 2 || other == 1 && type == WRITE);
            }
            long result = lock(processes[who], files[who], type, start, end, false);
            assertThat(result).isEqualTo(conflict ? -Errno.EAGAIN : 0);
            for (int at = start; at < end && !conflict; at++) {
                held[who][at] = type == NONE ? 0 : type + 1;
            }
        }
        lock(one, a, NONE, 0, Long.MAX_VALUE, false);
        lock(two, b, NONE, 0, Long.MAX_VALUE, false);
        assertThat(locks()).isEmpty();
        assertThat(guest.vfs.release().locks()).isZero();
    }
}
