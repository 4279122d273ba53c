package vkernel.guest.fs.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.fs.Mode.*;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vkernel.fs.Inode;
import vkernel.kern.Errno;

/** Names that are made, moved and removed: what fails, and how. */
class NamesTest {
    private final Guest guest = new Guest();
    private final Guest.Process root = guest.rootProcess();
    private final Guest.Process user = guest.process(1000, 1000);

    @BeforeEach
    void tree() {
        root.mkdir("/dir");
        root.mkdir("/dir/sub");
        root.mkdir("/empty");
        root.file("/file", "text");
        root.file("/dir/f", "");
        root.symlink("file", "/link");
        root.symlink("dir", "/dirlink");
        root.mkdir("/mnt");
        root.mount("tmpfs", "/mnt", 0, "");
        root.file("/mnt/m", "");
        root.mkdir("/ro");
        root.mount("tmpfs", "/ro", 0, "");
        root.file("/ro/f", "");
        root.mkdir("/ro/d");
        root.mount("", "/ro", 1 | 32, "");
    }

    private static String text(long error) {
        return error == 0 ? "OK" : Errno.name((int) -error);
    }

    @ParameterizedTest
    @CsvSource({
        "/none, ENOENT", "/file, OK", "/file/, ENOTDIR", "/dir, EISDIR", "/dir/, EISDIR", "/, EISDIR",
        "/dir/., EISDIR", "/dir/.., EISDIR", "/link, OK", "/link/, ENOTDIR", "/mnt, EISDIR", "/ro/f, EROFS",
        "/ro/none, EROFS", "/file/x, ENOTDIR", "/none/x, ENOENT",
    })
    void unlink(String path, String expected) {
        assertThat(text(root.unlink(path))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/none, ENOENT",
        "/file, ENOTDIR",
        "/dir, ENOTEMPTY",
        "/empty, OK",
        "/empty/, OK",
        "/, EBUSY",
        "/empty/., EINVAL",
        "/empty/.., ENOTEMPTY",
        "/dirlink, ENOTDIR",
        "/mnt, EBUSY",
        "/ro/d, EROFS",
    })
    void rmdir(String path, String expected) {
        assertThat(text(root.rmdir(path))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/new, OK",
        "/new/, OK",
        "/dir, EEXIST",
        "/file, EEXIST",
        "/link, EEXIST",
        "/, EEXIST",
        "/., EEXIST",
        "/dir/.., EEXIST",
        "/none/new, ENOENT",
        "/file/new, ENOTDIR",
        "/ro/new, EROFS",
        "/ro/d, EEXIST",
    })
    void mkdir(String path, String expected) {
        assertThat(text(root.mkdir(path))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"/new, OK", "/new/, ENOENT", "/file, EEXIST", "/ro/new, EROFS", "/none/new, ENOENT"})
    void mknod(String path, String expected) {
        assertThat(text(root.mknod(path, S_IFIFO | 0644))).isEqualTo(expected);
    }

    @Test
    void onlyRootMakesDevices() {
        root.chmod("/dir", 0777);
        assertThat(user.mknod("/dir/c", S_IFCHR | 0666)).isEqualTo(-Errno.EPERM);
        assertThat(user.mknod("/dir/p", S_IFIFO | 0666)).isZero();
        assertThat(root.mknod("/dir/d", S_IFDIR | 0777)).isEqualTo(-Errno.EPERM);
        assertThat(root.mknod("/dir/l", S_IFLNK | 0777)).isEqualTo(-Errno.EINVAL);
    }

    @ParameterizedTest
    @CsvSource({
        "/file, /new, OK", "/file, /file, EEXIST", "/file, /dir, EEXIST", "/file, /new/, ENOENT",
        "/none, /new, ENOENT", "/dir, /new, EPERM", "/file, /mnt/new, EXDEV", "/file, /none/new, ENOENT",
        "/link, /new, OK", "/file, /ro/new, EROFS",
    })
    void link(String from, String to, String expected) {
        assertThat(text(root.link(from, to))).isEqualTo(expected);
    }

    @Test
    void aRemovedFileGetsNoNewName() {
        var file = root.open("/file", O_RDONLY);
        root.unlink("/file");
        assertThat(guest.vfs.link(root.task, file.path, root.task.fs.cwd, "/again"))
                .isEqualTo(-Errno.ENOENT);
    }

    @ParameterizedTest
    @CsvSource({"'', ENOENT", "x, OK"})
    void symlinkTarget(String target, String expected) {
        assertThat(text(root.symlink(target, "/new"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // flags: 0, 1 NOREPLACE, 2 EXCHANGE
        "/file, /new, 0, OK",
        "/file, /dir/f, 0, OK",
        "/file, /dir, 0, EISDIR",
        "/file, /empty, 0, EISDIR",
        "/dir, /file, 0, ENOTDIR",
        "/dir, /empty, 0, OK",
        "/empty, /dir, 0, ENOTEMPTY",
        "/dir, /dir/sub/new, 0, EINVAL",
        "/dir, /dir/sub, 0, EINVAL",
        "/dir/sub, /dir, 0, ENOTEMPTY",
        "/dir/sub, /dir, 2, EINVAL",
        "/dir, /dir, 0, OK",
        "/file, /file, 0, OK",
        "/none, /new, 0, ENOENT",
        "/file, /none/new, 0, ENOENT",
        "/file, /new/, 0, ENOTDIR",
        "/file/, /new, 0, ENOTDIR",
        "/dir/, /new/, 0, OK",
        "/file, /mnt/new, 0, EXDEV",
        "/mnt, /new, 0, EBUSY",
        "/empty, /mnt, 0, EBUSY",
        "/dir/., /new, 0, EBUSY",
        "/dir/.., /new, 0, EBUSY",
        "/, /new, 0, EBUSY",
        "/dir, /, 0, EBUSY",
        "/file, /., 1, EEXIST",
        "/file, /dir/f, 1, EEXIST",
        "/file, /new, 1, OK",
        "/file, /new, 2, ENOENT",
        "/file, /dir, 2, OK",
        "/file, /dir/, 2, OK",
        "/file, /link/, 2, ENOTDIR",
        "/file, /new, 3, EINVAL",
        "/file, /new, 4, OK",
        "/file, /new, 6, EINVAL",
        "/ro/f, /ro/g, 0, EROFS",
        "/link, /new, 0, OK",
    })
    void rename(String from, String to, int flags, String expected) {
        assertThat(text(root.rename(from, to, flags))).isEqualTo(expected);
    }

    @Test
    void renamingOneNameOfAFileOverAnotherDoesNothing() {
        root.link("/file", "/other");
        assertThat(root.rename("/file", "/other")).isZero();
        assertThat(root.list("/")).contains("file", "other");
    }

    @Test
    void aReplacedFileIsGoneWithItsPages() {
        root.file("/a", "1");
        root.file("/b", "2");
        int before = guest.kernel.memory.used();
        root.rename("/a", "/b");
        assertThat(root.content("/b")).isEqualTo("1");
        assertThat(root.error("/a")).isEqualTo(-Errno.ENOENT);
        assertThat(guest.kernel.memory.used()).isEqualTo(before - 1);
    }

    @Test
    void anExchangeChangesNamesOfWhoeverStandsThere() {
        user.cd("/dir/sub");
        assertThat(root.rename("/dir", "/file", 2)).isZero();
        assertThat(guest.vfs.name(user.task, user.task.fs.cwd)).isEqualTo("/file/sub");
        assertThat(root.content("/dir")).isEqualTo("text");
    }

    @Test
    void inAStickyDirectoryOnlyOwnersRemove() {
        root.mkdir("/tmp");
        root.chmod("/tmp", 01777);
        user.file("/tmp/mine", "");
        Guest.Process other = guest.process(1001, 1001);
        assertThat(other.unlink("/tmp/mine")).isEqualTo(-Errno.EPERM);
        assertThat(other.rename("/tmp/mine", "/tmp/x")).isEqualTo(-Errno.EPERM);
        other.file("/tmp/his", "");
        assertThat(other.rename("/tmp/his", "/tmp/mine")).isEqualTo(-Errno.EPERM);
        assertThat(user.unlink("/tmp/mine")).isZero();
        assertThat(root.unlink("/tmp/his")).isZero();
    }

    @Test
    void withoutTheRightToWriteADirectoryNothingChanges() {
        assertThat(user.unlink("/file")).isEqualTo(-Errno.EACCES);
        assertThat(user.mkdir("/new")).isEqualTo(-Errno.EACCES);
        assertThat(user.mkdir("/file")).isEqualTo(-Errno.EEXIST);
        assertThat(user.rename("/file", "/new")).isEqualTo(-Errno.EACCES);
        assertThat(user.rmdir("/file")).isEqualTo(-Errno.EACCES);
    }

    @Test
    void movingADirectoryNeedsTheRightToWriteIt() {
        root.mkdir("/w");
        root.chmod("/w", 0777);
        root.mkdir("/w/other");
        root.chmod("/w/other", 0777);
        root.mkdir("/w/theirs");
        assertThat(user.rename("/w/theirs", "/w/same")).isZero();
        assertThat(user.rename("/w/same", "/w/other/d")).isEqualTo(-Errno.EACCES);
    }

    @Test
    void inARemovedDirectoryNothingIsMade() {
        root.cd("/empty");
        root.rmdir("/empty");
        assertThat(root.mkdir("x")).isEqualTo(-Errno.ENOENT);
        assertThat(root.openError("x", O_CREAT | O_RDWR)).isEqualTo(-Errno.ENOENT);
        assertThat(root.rename("/file", "x")).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void linksAreCounted() {
        Inode file = root.stat("/file");
        root.link("/file", "/two");
        assertThat(file.nlink).isEqualTo(2);
        root.unlink("/file");
        assertThat(file.nlink).isEqualTo(1);
        assertThat(root.stat("/two")).isSameAs(file);
    }

    @Test
    void aLinkTellsItsTargetAndNothingElseDoes() {
        assertThat(guest.vfs.readlink(root.task, root.walk("/link", 0).value()).value())
                .isEqualTo("file");
        assertThat(guest.vfs.readlink(root.task, root.path("/file")).error()).isEqualTo(-Errno.EINVAL);
    }
}
