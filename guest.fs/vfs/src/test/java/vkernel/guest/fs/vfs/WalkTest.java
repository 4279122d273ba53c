package vkernel.guest.fs.vfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vkernel.fs.Dentry;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;

/** Paths lead where path_resolution(7) says. */
class WalkTest {
    private final Guest guest = new Guest();
    private final Guest.Process root = guest.rootProcess();
    private final Guest.Process user = guest.process(1000, 1000);

    @BeforeEach
    void tree() {
        root.mkdir("/a");
        root.mkdir("/a/b");
        root.file("/a/b/f", "text");
        root.symlink("b/f", "/a/l");
        root.symlink("/a/b", "/d");
        root.symlink("nowhere", "/dangling");
        root.symlink("loop", "/loop");
    }

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "///, /",
        "/.., /",
        "/../../a, /a",
        "/a/b/f, /a/b/f",
        "//a///b/./f, /a/b/f",
        "/a/b/../b/f, /a/b/f",
        "/a/l, /a/b/f",
        "/d/f, /a/b/f",
        "/d/.., /a",
        "/d/, /a/b",
        "a/b, /a/b",
        ".., /",
    })
    void leadsTo(String path, String place) {
        assertThat(root.name(path)).isEqualTo(place);
    }

    @ParameterizedTest
    @CsvSource({
        "'', ENOENT",
        "/none, ENOENT",
        "/a/none/f, ENOENT",
        "/a/b/f/g, ENOTDIR",
        "/a/b/f/, ENOTDIR",
        "/a/b/f/., ENOTDIR",
        "/a/b/f/.., ENOTDIR",
        "/a/l/, ENOTDIR",
        "/dangling, ENOENT",
        "/dangling/, ENOENT",
        "/loop, ELOOP",
        "/loop/x, ELOOP",
    })
    void failsWith(String path, String error) {
        assertThat(Errno.name((int) -root.error(path))).isEqualTo(error);
    }

    @Test
    void namesAndPathsHaveAGreatestLength() {
        assertThat(root.error("/" + "x".repeat(255))).isEqualTo(-Errno.ENOENT);
        assertThat(root.error("/" + "x".repeat(256))).isEqualTo(-Errno.ENAMETOOLONG);
        assertThat(root.error("/a/" + "./".repeat(2040))).isZero();
        assertThat(root.error("/a/" + "./".repeat(2047))).isEqualTo(-Errno.ENAMETOOLONG);
    }

    @Test
    void fortyLinksAreFollowedAndNoMore() {
        root.file("/l0", "end");
        for (int i = 1; i <= 41; i++) {
            root.symlink("l" + (i - 1), "/l" + i);
        }
        assertThat(root.error("/l40")).isZero();
        assertThat(root.error("/l41")).isEqualTo(-Errno.ELOOP);
    }

    @Test
    void theLastLinkIsFollowedOnlyWhenAsked() {
        assertThat(root.lstat("/a/l").symlink()).isTrue();
        assertThat(root.lstat("/d/").directory()).isTrue();
        assertThat(root.lstat("/dangling").symlink()).isTrue();
    }

    @Test
    void anEmptyPathIsTheBaseWhenAllowed() {
        var base = root.path("/a/b/f");
        assertThat(guest.vfs.walk(root.task, base, "", Vfs.EMPTY).value()).isEqualTo(base);
        assertThat(guest.vfs
                        .walk(root.task, base, "", Vfs.EMPTY | Vfs.DIRECTORY)
                        .error())
                .isEqualTo(-Errno.ENOTDIR);
    }

    @Test
    void everyDirectoryOnTheWayMustBeSearchable() {
        root.chmod("/a", 0600);
        assertThat(user.error("/a/b")).isEqualTo(-Errno.EACCES);
        assertThat(user.error("/a/none")).isEqualTo(-Errno.EACCES);
        assertThat(user.error("/a")).isZero();
        assertThat(root.error("/a/b")).isZero();
    }

    @Test
    void aChrootedTaskDoesNotGetOut() {
        user.cd("/a/b");
        user.task.fs.root = user.path("/a");
        assertThat(user.name("/b/f")).isEqualTo("/b/f");
        assertThat(user.name("../../../b")).isEqualTo("/b");
        assertThat(user.error("/a")).isEqualTo(-Errno.ENOENT);
        assertThat(user.error("/../d")).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void aPlaceOutsideOfTheRootIsUnreachable() {
        user.task.fs.root = root.path("/a/b");
        assertThat(guest.vfs.name(user.task, root.path("/a"))).isEqualTo("(unreachable)/a");
    }

    @Test
    void aRemovedPlaceIsCalledDeleted() {
        user.cd("/a/b");
        root.unlink("/a/b/f");
        root.rmdir("/a/b");
        assertThat(guest.vfs.name(user.task, user.task.fs.cwd)).isEqualTo("/a/b (deleted)");
        assertThat(user.error("f")).isEqualTo(-Errno.ENOENT);
        assertThat(user.name("..")).isEqualTo("/a");
    }

    @Test
    void aPlaceMovesWithItsName() {
        user.cd("/a/b");
        root.mkdir("/x");
        assertThat(root.rename("/a/b", "/x/y")).isZero();
        assertThat(guest.vfs.name(user.task, user.task.fs.cwd)).isEqualTo("/x/y");
        assertThat(user.name("f")).isEqualTo("/x/y/f");
        assertThat(root.error("/a/b")).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void aNameThatWasMissedIsFoundOnceItIsMade() {
        assertThat(root.error("/new")).isEqualTo(-Errno.ENOENT);
        root.file("/new", "");
        assertThat(root.error("/new")).isZero();
        root.unlink("/new");
        assertThat(root.error("/new")).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void missedNamesAreForgottenInTheEnd() {
        Dentry a = root.path("/a").dentry();
        for (int i = 0; i < 10_000; i++) {
            root.error("/a/none" + i);
        }
        assertThat(a.child("none0")).isNull();
        assertThat(a.child("none9999")).isNotNull();
    }

    @Test
    void pathsMayStartAtAnOpenDirectory() {
        var dir = root.open("/a", 0);
        root.task.files.set(5, dir, false);
        root.task.files.set(6, root.open("/a/b/f", 0), false);
        assertThat(guest.vfs.base(root.task, 5, "b").value()).isEqualTo(dir.path);
        assertThat(guest.vfs.base(root.task, 6, "b").error()).isEqualTo(-Errno.ENOTDIR);
        assertThat(guest.vfs.base(root.task, 6, "").ok()).isTrue();
        assertThat(guest.vfs.base(root.task, 9, "b").error()).isEqualTo(-Errno.EBADF);
        assertThat(guest.vfs.base(root.task, 9, "/b").ok()).isTrue();
        assertThat(guest.vfs.base(root.task, -100, "b").value()).isEqualTo(root.task.fs.cwd);
    }
}
