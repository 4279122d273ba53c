package vkernel.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways in which editors and people save. */
class FolderWatchTest {
    @TempDir
    private Path outside;

    private Path home;
    private FolderWatch watch;

    @BeforeEach
    void start() throws IOException {
        home = Files.createDirectories(outside.resolve("src"));
        Files.writeString(home.resolve("A.java"), "class A {}");
        watch = new FolderWatch(new SourceFolder(home));
    }

    @AfterEach
    void stop() {
        watch.close();
    }

    @Test
    void writingInPlaceIsAChange() throws Exception {
        Files.writeString(home.resolve("A.java"), "class A { int a; }");
        assertThat(next().snapshot().files()).containsOnlyKeys(home.resolve("A.java"));
    }

    @Test
    void renamingAnotherFileOverItIsAChangeThoughItsDateAndSizeAreTheSame() throws Exception {
        Path file = home.resolve("A.java");
        FileTime date = FileTime.from(Instant.now().minus(Duration.ofDays(1)));
        Files.setLastModifiedTime(file, date);
        Snapshot before = next().snapshot();
        Path fresh = outside.resolve("A.java");
        Files.writeString(fresh, "class B {}");
        Files.setLastModifiedTime(fresh, date);
        Instant save = Instant.now();
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        FolderWatch.Change change = next();
        assertThat(change.snapshot().changedSince(before)).containsOnly(file);
        assertThat(change.saved()).as("not its old date").isAfterOrEqualTo(save);
    }

    @Test
    void backupsAndSwapFilesAreNone() throws Exception {
        Files.writeString(home.resolve("A.java~"), "class A {}");
        Files.writeString(home.resolve(".A.java.swp"), "vi");
        Files.writeString(home.resolve("4913"), "");
        Files.delete(home.resolve("4913"));
        Files.createSymbolicLink(home.resolve(".#A.java"), Path.of("emacs@host"));
        Files.writeString(home.resolve("B.java"), "class B {}");
        assertThat(next().snapshot().files()).containsOnlyKeys(home.resolve("A.java"), home.resolve("B.java"));
    }

    @Test
    void severalFilesSavedAtOnceAreOneChange() throws Exception {
        for (int i = 0; i < 20; i++) {
            Files.writeString(home.resolve("A" + i + ".java"), "class A" + i + " {}");
        }
        assertThat(next().snapshot().files()).hasSize(21);
    }

    @Test
    void aFolderThatIsMadeWithFilesInItIsWatchedToo() throws Exception {
        Path sub = Files.createDirectories(outside.resolve("sub"));
        Files.writeString(sub.resolve("C.java"), "class C {}");
        Files.move(sub, home.resolve("sub"));
        assertThat(next().snapshot().files()).containsKey(home.resolve("sub/C.java"));
        Files.writeString(home.resolve("sub/C.java"), "class C { int c; }");
        assertThat(next().snapshot().files()).containsKey(home.resolve("sub/C.java"));
    }

    @Test
    void aFileThatGoesIsAChange() throws Exception {
        Files.delete(home.resolve("A.java"));
        assertThat(next().snapshot().files()).isEmpty();
    }

    @Test
    void theTimeOfTheSaveIsTheFiles() throws Exception {
        Files.writeString(home.resolve("A.java"), "class A { long a; }");
        Instant saved = next().saved();
        assertThat(saved)
                .isEqualTo(Files.getLastModifiedTime(home.resolve("A.java")).toInstant());
    }

    @Test
    void aFolderThatGoesEndsTheWatch() throws Exception {
        Files.delete(home.resolve("A.java"));
        Files.delete(home);
        assertThatThrownBy(this::next).rootCause().isInstanceOf(NoSuchFileException.class);
    }

    private FolderWatch.Change next() throws Exception {
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        return watch.next();
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .get(20, TimeUnit.SECONDS);
    }
}
