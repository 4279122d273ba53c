package vkernel.guest.fs.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.host.FileStatus;
import vkernel.host.Folder;
import vkernel.host.HostException;

/** Nothing leads out of a folder: no name, no symbolic link, no hard link, no race with who renames on the host. */
class ConfinementTest {
    @TempDir
    private Path temp;

    private Path inside;
    private Path outside;
    private Folder folder;

    @BeforeEach
    void open() throws IOException {
        inside = Files.createDirectory(temp.resolve("inside"));
        outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createDirectory(inside.resolve("d"));
        Files.writeString(inside.resolve("d/secret"), "public");
        folder = Folder.of(inside, false);
    }

    @AfterEach
    void close() throws IOException {
        folder.close();
        assertThat(outside.resolve("secret")).hasContent("secret");
        try (var all = Files.list(outside)) {
            assertThat(all).hasSize(1);
        }
    }

    @Test
    void noNameLeadsOut() {
        for (String path : new String[] {
            "..", "../outside/secret", "d/../../outside/secret", "/etc/passwd", outside + "/secret", "d/.."
        }) {
            assertThat(folder.open(path, Folder.READ)).as(path).isNegative();
            assertThat(folder.create(path, 0600)).as(path).isNegative();
            assertThat(folder.unlink(path)).as(path).isNegative();
            assertThat(folder.mkdir(path, 0700)).as(path).isNegative();
            assertThat(folder.rename("d", path, 0)).as(path).isNegative();
            assertThat(folder.rename(path, "x", 0)).as(path).isNegative();
            assertThat(folder.link(path, "x")).as(path).isNegative();
            assertThat(folder.chmod(path, 0777)).as(path).isNegative();
        }
        assertThat(folder.list("..", (name, ino, type) -> {})).isNegative();
        assertThat(folder.open("../outside/secret", Folder.READ_WRITE)).isNegative();
        assertThat(folder.stat("..", new FileStatus())).isNegative();
    }

    @Test
    void noSymbolicLinkIsFollowed() throws IOException {
        Files.createSymbolicLink(inside.resolve("file"), outside.resolve("secret"));
        Files.createSymbolicLink(inside.resolve("way"), outside);
        Files.createSymbolicLink(inside.resolve("up"), Path.of("../outside"));
        Files.createSymbolicLink(inside.resolve("within"), Path.of("d"));
        for (String path : new String[] {"file", "way/secret", "up/secret", "within/secret"}) {
            assertThat(folder.open(path, Folder.READ)).as(path).isNegative();
            assertThat(folder.open(path, Folder.READ_WRITE)).as(path).isNegative();
        }
        for (String path : new String[] {"way/x", "up/x"}) {
            assertThat(folder.create(path, 0600)).as(path).isNegative();
            assertThat(folder.mkdir(path, 0700)).as(path).isNegative();
            assertThat(folder.symlink(path, "t")).as(path).isNegative();
            assertThat(folder.rename("d/secret", path, 0)).as(path).isNegative();
            assertThat(folder.link("d/secret", path)).as(path).isNegative();
        }
        assertThat(folder.unlink("way/secret")).isNegative();
        assertThat(folder.list("way", (name, ino, type) -> {})).isNegative();
        long before = Files.getLastModifiedTime(outside.resolve("secret")).toMillis();
        var permissions = Files.getPosixFilePermissions(outside.resolve("secret"));
        folder.utimes("file", 5, 5); // of the link itself
        folder.chmod("file", 0777);
        assertThat(Files.getLastModifiedTime(outside.resolve("secret")).toMillis())
                .isEqualTo(before);
        assertThat(Files.getPosixFilePermissions(outside.resolve("secret"))).isEqualTo(permissions);
        assertThat(folder.link("file", "second")).isZero(); // a name for the link, not for what it says
        assertThat(Files.isSymbolicLink(inside.resolve("second"))).isTrue();
        assertThat(folder.readlink("file")).isEqualTo(outside.resolve("secret").toString());
    }

    @Test
    void aFolderThatTheHostMovesAwayIsOutOfReach() throws IOException {
        assertThat(folder.open("d/secret", Folder.READ)).isPositive();
        Files.move(inside.resolve("d"), temp.resolve("elsewhere"));
        assertThat(folder.open("d/secret", Folder.READ)).isNegative();
        assertThat(folder.create("d/x", 0600)).isNegative();
        assertThat(temp.resolve("elsewhere/x")).doesNotExist();
    }

    /** The host exchanges a folder for a symbolic link that leads out and back, all the time. */
    @Test
    void whoeverRacesWithTheHostStaysInside() throws Exception {
        Files.createSymbolicLink(temp.resolve("trap"), outside);
        AtomicBoolean end = new AtomicBoolean();
        Thread renamer = Thread.ofPlatform().start(() -> {
            while (!end.get()) {
                exchange();
            }
        });
        byte[] bytes = new byte[16];
        int reached = 0;
        long until = System.nanoTime() + 2_000_000_000L;
        int round = 0;
        while (System.nanoTime() < until) {
            long handle = folder.open("d/secret", Folder.READ_WRITE);
            if (handle >= 0) {
                reached++;
                int n = (int) folder.read(handle, 0, bytes, 0, bytes.length);
                assertThat(new String(bytes, 0, n)).isEqualTo("public");
                folder.close(handle);
            }
            String name = "d/made" + round++;
            long made = folder.create(name, 0600);
            if (made >= 0) {
                folder.close(made);
            }
            folder.unlink(name);
            folder.mkdir("d/sub", 0700);
            folder.chmod("d/secret", 0644);
            folder.rename("d/sub", "d/sub2", 0);
            folder.rmdir("d/sub2");
            folder.rmdir("d/sub");
        }
        end.set(true);
        renamer.join();
        assertThat(reached).as("times that the folder was there").isPositive();
    }

    private void exchange() {
        try {
            Files.move(inside.resolve("d"), inside.resolve("away"), StandardCopyOption.ATOMIC_MOVE);
            Files.move(temp.resolve("trap"), inside.resolve("d"), StandardCopyOption.ATOMIC_MOVE);
            Files.move(inside.resolve("d"), temp.resolve("trap"), StandardCopyOption.ATOMIC_MOVE);
            Files.move(inside.resolve("away"), inside.resolve("d"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void whatCannotBeSharedIsSaid() {
        assertThatThrownBy(() -> Folder.of(temp.resolve("nowhere"), false))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("no such folder");
        assertThatThrownBy(() -> Folder.of(outside.resolve("secret"), false)).hasMessageContaining("no folder");
    }
}
