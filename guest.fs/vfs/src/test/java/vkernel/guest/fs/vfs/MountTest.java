package vkernel.guest.fs.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.fs.Mode.*;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.kern.Errno;

/** mount(2) and umount(2). */
class MountTest {
    private static final long RDONLY = 1;
    private static final long NOEXEC = 8;
    private static final long REMOUNT = 32;
    private static final long BIND = 4096;
    private static final long MOVE = 8192;
    private static final long REC = 16384;
    private static final int DETACH = 2;

    private final Guest guest = new Guest();
    private final Guest.Process root = guest.rootProcess();

    @BeforeEach
    void tree() {
        root.mkdir("/mnt");
        root.mkdir("/other");
        root.mkdir("/dir");
        root.file("/dir/f", "f");
        root.file("/mnt/hidden", "");
    }

    private long umount(String path, int flags) {
        return guest.vfs.umount(root.task, root.path(path), flags);
    }

    private long mount(String source, String at, long flags) {
        return guest.vfs.mount(root.task, source, root.path(at), "", flags, "");
    }

    @Test
    void aMountCoversWhatIsThereUntilItIsTakenOff() {
        assertThat(root.mount("tmpfs", "/mnt", 0, "")).isZero();
        assertThat(root.list("/mnt")).isEmpty();
        root.file("/mnt/f", "x");
        assertThat(root.name("/mnt/f")).isEqualTo("/mnt/f");
        assertThat(root.name("/mnt/..")).isEqualTo("/");
        assertThat(root.stat("/mnt").sb).isNotSameAs(root.stat("/").sb);
        assertThat(umount("/mnt", 0)).isZero();
        assertThat(root.list("/mnt")).containsExactly("hidden");
        assertThat(guest.kernel.memory.used()).as("only /dir/f").isEqualTo(1);
    }

    @Test
    void whoHoldsAPlaceDoesNotKeepItsMount() {
        root.mount("tmpfs", "/mnt", 0, "");
        root.mkdir("/mnt/dir");
        root.file("/mnt/dir/f", "x");
        Path place = root.path("/mnt/dir/f");
        assertThat(place.dentry().place(place.mount()).value()).as("remembered").isSameAs(place);
        assertThat(umount("/mnt", 0)).isZero();
        assertThat(place.dentry().place(place.mount()).value()).isNotSameAs(place);
    }

    @Test
    void mountsOnTopOfEachOtherAreTakenOffInTurn() {
        root.mount("tmpfs", "/mnt", 0, "");
        root.file("/mnt/one", "");
        root.mount("tmpfs", "/mnt", 0, "");
        assertThat(root.list("/mnt")).isEmpty();
        assertThat(umount("/mnt", 0)).isZero();
        assertThat(root.list("/mnt")).containsExactly("one");
        assertThat(guest.vfs.mounts()).hasSize(2);
    }

    @Test
    void errorsAreToldApart() {
        assertThat(root.mount("nofs", "/mnt", 0, "")).isEqualTo(-Errno.ENODEV);
        assertThat(root.mount("tmpfs", "/dir/f", 0, "")).isEqualTo(-Errno.ENOTDIR);
        assertThat(root.mount("tmpfs", "/mnt", 0, "size=x")).isEqualTo(-Errno.EINVAL);
        assertThat(guest.process(1, 1).mount("tmpfs", "/mnt", 0, "")).isEqualTo(-Errno.EPERM);
        assertThat(umount("/mnt", 0)).as("no mount").isEqualTo(-Errno.EINVAL);
        assertThat(umount("/", 0)).isEqualTo(-Errno.EBUSY);
        assertThat(umount("/", 0x100)).isEqualTo(-Errno.EINVAL);
        assertThat(mount("/none", "/mnt", BIND)).isEqualTo(-Errno.ENOENT);
        assertThat(mount("/dir", "/mnt", MOVE)).isEqualTo(-Errno.EINVAL);
        assertThat(mount("", "/dir", REMOUNT)).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void aMountInUseIsBusy() {
        root.mount("tmpfs", "/mnt", 0, "");
        root.mkdir("/mnt/sub");
        OpenFile file = root.open("/mnt", O_RDONLY);
        assertThat(umount("/mnt", 0)).isEqualTo(-Errno.EBUSY);
        guest.vfs.close(file);
        root.cd("/mnt/sub");
        assertThat(umount("/mnt", 0)).isEqualTo(-Errno.EBUSY);
        root.cd("/");
        root.mount("tmpfs", "/mnt/sub", 0, "");
        assertThat(umount("/mnt", 0)).isEqualTo(-Errno.EBUSY);
        assertThat(umount("/mnt/sub", 0)).isZero();
        assertThat(umount("/mnt", 0)).isZero();
    }

    @Test
    void aDetachedMountLivesUntilItsFilesAreClosed() {
        root.mount("tmpfs", "/mnt", 0, "");
        root.mkdir("/mnt/sub");
        root.mount("tmpfs", "/mnt/sub", 0, "");
        root.file("/mnt/f", "text");
        OpenFile file = root.open("/mnt/f", O_RDONLY);
        int before = guest.kernel.memory.used();
        assertThat(umount("/mnt", DETACH)).isZero();
        assertThat(guest.vfs.mounts()).hasSize(1);
        assertThat(root.read(file, 10)).isEqualTo("text");
        guest.vfs.close(file);
        assertThat(guest.kernel.memory.used()).isEqualTo(before - 1);
    }

    @Test
    void aReadOnlyMountIsNotWritten() {
        root.mount("tmpfs", "/mnt", 0, "");
        root.file("/mnt/f", "x");
        OpenFile file = root.open("/mnt/f", O_WRONLY);
        assertThat(mount("", "/mnt", REMOUNT | RDONLY)).isEqualTo(-Errno.EBUSY);
        guest.vfs.close(file);
        assertThat(mount("", "/mnt", REMOUNT | RDONLY)).isZero();
        assertThat(root.openError("/mnt/f", O_WRONLY)).isEqualTo(-Errno.EROFS);
        assertThat(root.openError("/mnt/f", O_TRUNC)).isEqualTo(-Errno.EROFS);
        assertThat(root.openError("/mnt/g", O_CREAT)).isEqualTo(-Errno.EROFS);
        assertThat(root.chmod("/mnt/f", 0)).isEqualTo(-Errno.EROFS);
        assertThat(root.chown("/mnt/f", 1, 1)).isEqualTo(-Errno.EROFS);
        assertThat(guest.vfs.utimes(root.task, root.path("/mnt/f"), 0, 0)).isEqualTo(-Errno.EROFS);
        assertThat(guest.vfs.truncate(root.task, root.path("/mnt/f"), 0)).isEqualTo(-Errno.EROFS);
        assertThat(guest.vfs.permission(root.task, root.path("/mnt/f"), 2, false))
                .isEqualTo(-Errno.EROFS);
        assertThat(mount("", "/mnt", REMOUNT)).isZero();
        assertThat(root.openError("/mnt/f", O_WRONLY)).isZero();
    }

    @Test
    void programsOnANoexecMountMayNotRun() {
        root.mount("tmpfs", "/mnt", NOEXEC, "");
        root.file("/mnt/f", "");
        root.chmod("/mnt/f", 0755);
        assertThat(guest.vfs.permission(root.task, root.path("/mnt/f"), 1, false))
                .isEqualTo(-Errno.EACCES);
        assertThat(guest.vfs.permission(root.task, root.path("/mnt"), 1, false)).isZero();
    }

    @Test
    void aBindShowsTheSameFilesElsewhere() {
        assertThat(mount("/dir", "/mnt", BIND)).isZero();
        assertThat(root.content("/mnt/f")).isEqualTo("f");
        root.file("/mnt/g", "g");
        assertThat(root.content("/dir/g")).isEqualTo("g");
        assertThat(root.name("/mnt/..")).isEqualTo("/");
        assertThat(root.rename("/mnt/g", "/dir/h")).isEqualTo(-Errno.EXDEV);
        assertThat(umount("/mnt", 0)).isZero();
        assertThat(root.content("/dir/g")).isEqualTo("g");
    }

    @Test
    void aFileIsBoundOnAFile() {
        root.file("/target", "t");
        assertThat(mount("/dir/f", "/target", BIND)).isZero();
        assertThat(root.content("/target")).isEqualTo("f");
        assertThat(mount("/dir", "/target", BIND)).isEqualTo(-Errno.ENOTDIR);
        assertThat(root.unlink("/target")).isEqualTo(-Errno.EBUSY);
        assertThat(umount("/target", 0)).isZero();
        assertThat(root.content("/target")).isEqualTo("t");
    }

    @Test
    void aRecursiveBindTakesWhatIsMountedBelow() {
        root.mkdir("/dir/sub");
        root.mount("tmpfs", "/dir/sub", 0, "");
        root.file("/dir/sub/deep", "");
        mount("/dir", "/mnt", BIND);
        assertThat(root.list("/mnt/sub")).isEmpty();
        mount("/dir", "/other", BIND | REC);
        assertThat(root.list("/other/sub")).containsExactly("deep");
    }

    @Test
    void aMountMovesWithWhatIsOnIt() {
        root.mount("tmpfs", "/mnt", 0, "");
        root.mkdir("/mnt/sub");
        root.mount("tmpfs", "/mnt/sub", 0, "");
        root.file("/mnt/sub/deep", "");
        assertThat(mount("/mnt", "/mnt/sub", MOVE)).isEqualTo(-Errno.ELOOP);
        assertThat(mount("/mnt", "/other", MOVE)).isZero();
        assertThat(root.list("/other/sub")).containsExactly("deep");
        assertThat(root.list("/mnt")).containsExactly("hidden");
        assertThat(root.name("/other/sub/deep")).isEqualTo("/other/sub/deep");
    }

    @Test
    void statfsTellsOfTheMountedFileSystem() {
        root.mount("tmpfs", "/mnt", 0, "size=40k");
        assertThat(guest.vfs.stat(root.path("/mnt")).blocks()).isEqualTo(10);
    }

    @Test
    void onlyRootMayChangeTheRoot() {
        assertThat(guest.vfs.mayChroot(root.task, root.path("/dir"))).isZero();
        assertThat(guest.vfs.mayChroot(root.task, root.path("/dir/f"))).isEqualTo(-Errno.ENOTDIR);
        assertThat(guest.vfs.mayChroot(guest.process(1, 1).task, root.path("/dir")))
                .isEqualTo(-Errno.EPERM);
    }
}
