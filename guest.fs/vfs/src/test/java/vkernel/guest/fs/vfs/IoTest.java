package vkernel.guest.fs.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.fs.Mode.*;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.fs.Inode;
import vkernel.fs.OpenFile;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.task.Limits;
import vkernel.task.Signal;

/** Reading, writing, positions, limits and times. */
class IoTest {
    private static final int SET = 0;
    private static final int CUR = 1;
    private static final int END = 2;
    private static final int DATA = 3;
    private static final int HOLE = 4;

    private final Guest guest = new Guest();
    private final Guest.Process root = guest.rootProcess();
    private OpenFile file;

    @BeforeEach
    void file() {
        root.file("/f", "0123456789");
        file = root.open("/f", O_RDWR);
    }

    private long seek(long offset, int whence) {
        return guest.vfs.seek(root.task, file, offset, whence);
    }

    @Test
    void thePositionMovesWithReadsAndWrites() {
        assertThat(root.read(file, 4)).isEqualTo("0123");
        assertThat(root.write(file, "ab")).isEqualTo(2);
        assertThat(root.read(file, 100)).isEqualTo("6789");
        assertThat(root.read(file, 100)).isEmpty();
        assertThat(root.write(file, "XY", 1)).isEqualTo(2);
        assertThat(file.position).isEqualTo(10);
        assertThat(root.content("/f")).isEqualTo("0XY3ab6789");
    }

    @Test
    void seekGoesWhereItIsTold() {
        assertThat(seek(3, SET)).isEqualTo(3);
        assertThat(seek(3, CUR)).isEqualTo(6);
        assertThat(seek(-1, END)).isEqualTo(9);
        assertThat(seek(100, END)).isEqualTo(110);
        assertThat(seek(-1, SET)).isEqualTo(-Errno.EINVAL);
        assertThat(seek(-200, CUR)).isEqualTo(-Errno.EINVAL);
        assertThat(seek(Long.MAX_VALUE, CUR)).isEqualTo(-Errno.EOVERFLOW);
        assertThat(seek(0, 9)).isEqualTo(-Errno.EINVAL);
        assertThat(file.position).isEqualTo(110);
    }

    @Test
    void dataAndHolesAreFound() {
        guest.vfs.truncate(root.task, file, 100 * 4096);
        root.write(file, "x", 50 * 4096 + 7);
        assertThat(seek(5, DATA)).isEqualTo(5);
        assertThat(seek(5, HOLE)).isEqualTo(4096);
        assertThat(seek(4096, DATA)).isEqualTo(50 * 4096);
        assertThat(seek(50 * 4096, HOLE)).isEqualTo(51 * 4096);
        assertThat(seek(51 * 4096, DATA)).isEqualTo(-Errno.ENXIO);
        assertThat(seek(100 * 4096, HOLE)).isEqualTo(-Errno.ENXIO);
        assertThat(seek(-1, DATA)).isEqualTo(-Errno.ENXIO);
        guest.vfs.truncate(root.task, file, 10);
        assertThat(seek(0, HOLE)).isEqualTo(10);
    }

    @Test
    void aFileSizeLimitShortensAndThenKills() {
        Guest.Process user = guest.process(1, 1);
        root.chmod("/f", 0666);
        OpenFile mine = user.open("/f", O_RDWR);
        user.task.process.softLimits[Limits.FSIZE] = 12;
        assertThat(user.write(mine, "abcdef", 10)).isEqualTo(2);
        assertThat(guest.kernel.signals).isEmpty();
        assertThat(user.write(mine, "g", 12)).isEqualTo(-Errno.EFBIG);
        assertThat(guest.kernel.signals).extracting("signal").containsExactly(Signal.SIGXFSZ);
        assertThat(guest.vfs.truncate(user.task, mine, 13)).isEqualTo(-Errno.EFBIG);
        assertThat(guest.vfs.truncate(user.task, mine, 5)).isZero();
    }

    @Test
    void nothingIsWrittenBehindTheLargestSize() {
        assertThat(root.write(file, "xy", Long.MAX_VALUE)).isEqualTo(-Errno.EFBIG);
        assertThat(root.content("/f")).hasSize(10);
    }

    @Test
    void badUserMemoryGivesEfaultOrWhatWentBefore() {
        byte[] bytes = new byte[10];
        assertThat(guest.vfs.read(root.task, file, guest.kernel.memory.faulting(bytes, 0), -1))
                .isEqualTo(-Errno.EFAULT);
        assertThat(file.position).isZero();
        assertThat(guest.vfs.write(root.task, file, guest.kernel.memory.faulting(bytes, 3), 0))
                .isEqualTo(3);
    }

    @Test
    void timesMoveWithUse() {
        Inode inode = file.inode();
        long before = inode.mtime;
        root.write(file, "x", 0);
        assertThat(inode.mtime).isGreaterThan(before).isEqualTo(inode.ctime);
        root.read(file, 1);
        assertThat(inode.atime).as("first read after a write").isGreaterThan(inode.mtime);
        long read = inode.atime;
        root.read(file, 1);
        assertThat(inode.atime).as("relatime").isEqualTo(read);
    }

    @Test
    void noatimeLeavesTheAccessTime() {
        OpenFile quiet = root.open("/f", O_RDONLY | O_NOATIME);
        long before = quiet.inode().atime;
        root.read(quiet, 1);
        assertThat(quiet.inode().atime).isEqualTo(before);
        root.mkdir("/mnt");
        root.mount("tmpfs", "/mnt", 1024, "");
        root.file("/mnt/f", "x");
        root.content("/mnt/f");
        assertThat(root.stat("/mnt/f").atime).isEqualTo(root.stat("/mnt/f").btime);
    }

    @Test
    void aWriteByAnotherTakesSetIdsAway() {
        root.chmod("/f", 06777);
        root.write(file, "x");
        assertThat(file.inode().mode & 07777).as("root keeps them").isEqualTo(06777);
        Guest.Process user = guest.process(1, 1);
        user.write(user.open("/f", O_WRONLY), "x");
        assertThat(file.inode().mode & 07777).isEqualTo(0777);
    }

    @Test
    void directoriesAreListedNotRead() {
        root.mkdir("/d");
        root.file("/d/a", "");
        OpenFile dir = root.open("/d", O_RDONLY);
        assertThat(root.read(dir, 1)).isEqualTo("error " + -Errno.EISDIR);
        assertThat(guest.vfs.readdir(root.task, file, (n, i, t, x) -> true)).isEqualTo(-Errno.ENOTDIR);
        assertThat(guest.vfs.seek(root.task, dir, 0, END)).isEqualTo(-Errno.EINVAL);
        root.unlink("/d/a");
        root.rmdir("/d");
        assertThat(guest.vfs.readdir(root.task, dir, (n, i, t, x) -> true)).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void aListingGoesOnAfterSeek() {
        OpenFile dir = root.open("/", O_RDONLY);
        guest.vfs.readdir(root.task, dir, (n, i, t, x) -> true);
        assertThat(guest.vfs.seek(root.task, dir, 0, SET)).isZero();
        int[] count = {0};
        guest.vfs.readdir(root.task, dir, (n, i, t, x) -> count[0]++ >= 0);
        assertThat(count[0]).isEqualTo(3);
    }

    @Test
    void allocationIsChecked() {
        assertThat(guest.vfs.allocate(root.task, file, 0, -1, 5)).isEqualTo(-Errno.EINVAL);
        assertThat(guest.vfs.allocate(root.task, file, 0, 0, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(guest.vfs.allocate(root.task, file, 0, Long.MAX_VALUE, 5)).isEqualTo(-Errno.EFBIG);
        assertThat(guest.vfs.allocate(root.task, root.open("/f", O_RDONLY), 0, 0, 5))
                .isEqualTo(-Errno.EBADF);
        assertThat(guest.vfs.allocate(root.task, file, 0, 0, 5000)).isZero();
        assertThat(file.inode().length()).isEqualTo(5000);
    }

    @Test
    void truncationIsChecked() {
        root.mkdir("/d");
        assertThat(guest.vfs.truncate(root.task, root.path("/d"), 0)).isEqualTo(-Errno.EISDIR);
        assertThat(guest.vfs.truncate(root.task, root.path("/f"), -1)).isEqualTo(-Errno.EINVAL);
        assertThat(guest.vfs.truncate(root.task, root.open("/f", O_RDONLY), 0)).isEqualTo(-Errno.EINVAL);
        assertThat(guest.vfs.truncate(guest.process(1, 1).task, root.path("/f"), 0))
                .isEqualTo(-Errno.EACCES);
        assertThat(guest.vfs.truncate(root.task, root.path("/f"), 3)).isZero();
        assertThat(root.content("/f")).isEqualTo("012");
    }

    @Test
    void givenTimesNeedTheOwnerNowOnlyTheRightToWrite() {
        Guest.Process user = guest.process(1, 1);
        var path = root.path("/f");
        assertThat(guest.vfs.utimes(user.task, path, 1, 2)).isEqualTo(-Errno.EPERM);
        assertThat(guest.vfs.utimes(user.task, path, Vfs.UTIME_NOW, Vfs.UTIME_NOW))
                .isEqualTo(-Errno.EACCES);
        root.chmod("/f", 0666);
        assertThat(guest.vfs.utimes(user.task, path, Vfs.UTIME_NOW, Vfs.UTIME_NOW))
                .isZero();
        assertThat(guest.vfs.utimes(root.task, path, 5, Vfs.UTIME_OMIT)).isZero();
        assertThat(path.inode().atime).isEqualTo(5);
        assertThat(path.inode().mtime).isNotEqualTo(5);
    }
}
