package vkernel.guest.fs.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vkernel.fs.Inode;
import vkernel.fs.Mode;

/** Tar archives become the tree that they describe. */
class TarTest {
    private static byte[] sample() throws IOException {
        try (Tars tar = new Tars()) {
            return tar.file("dir/", "")
                    .file("dir/file", "hello", entry -> {
                        entry.setMode(04751);
                        entry.setUserId(7);
                        entry.setGroupId(8);
                        entry.setModTime(5_000L);
                    })
                    .link("link", '2', "dir/file")
                    .link("hard", '1', "dir/file")
                    .device("null", 1, 3)
                    .link("fifo", '6', "")
                    .done();
        }
    }

    @Test
    void everyKindOfFileIsThere() throws IOException {
        Mounted root = new Mounted(sample());
        Inode file = root.get("dir/file");
        assertThat(root.text("dir/file")).isEqualTo("hello");
        assertThat(file.mode).isEqualTo(Mode.S_IFREG | 04751);
        assertThat(file.uid).isEqualTo(7);
        assertThat(file.gid).isEqualTo(8);
        assertThat(file.mtime).isEqualTo(5_000_000_000L);
        assertThat(root.get("hard")).isSameAs(file);
        assertThat(file.nlink).isEqualTo(2);
        assertThat(root.get("link").target).isEqualTo("dir/file");
        assertThat(root.get("null").type()).isEqualTo(Mode.S_IFCHR);
        assertThat(root.get("null").rdev).isEqualTo(Mode.device(1, 3));
        assertThat(root.get("fifo").type()).isEqualTo(Mode.S_IFIFO);
    }

    @Test
    void contentsStayInTheRomUntilTheyAreWanted() throws IOException {
        Mounted root = new Mounted(sample());
        assertThat(root.kernel.memory.used()).isZero();
        root.text("dir/file");
        assertThat(root.kernel.memory.used()).isEqualTo(1);
        byte[] bytes = "J".getBytes();
        Inode file = root.get("dir/file");
        root.kernel.vm().writePages(file.pages, 0, root.kernel.vm().buffer(bytes, 0, 1));
        assertThat(root.text("dir/file")).isEqualTo("Jello");
    }

    @Test
    void aPackedArchiveGivesTheSameTree() throws IOException {
        Mounted packed = new Mounted(Tars.gzip(sample()));
        assertThat(packed.tree()).isEqualTo(new Mounted(sample()).tree()).hasSize(6);
        assertThat(packed.result.value().pages).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX})
    void longNamesAndLinks(int how) throws IOException {
        String name = "d".repeat(120) + "/" + "e".repeat(200) + "/f";
        try (Tars tar = new Tars(how)) {
            Mounted root = new Mounted(
                    tar.file(name, "x").link("l", '2', name).file("after", "y").done());
            assertThat(root.text(name)).isEqualTo("x");
            assertThat(root.get("l").target).isEqualTo(name);
            assertThat(root.text("after")).isEqualTo("y");
        }
    }

    @Test
    void namesAreBytes() throws IOException {
        try (Tars tar = new Tars()) {
            assertThat(new Mounted(tar.file("caf\u00c3\u00a9", "x").done()).has("caf\u00c3\u00a9"))
                    .isTrue();
        }
    }

    @Test
    void extendedHeadersGiveWhatTheOldOnesCannot() throws IOException {
        try (Tars tar = new Tars(TarArchiveOutputStream.LONGFILE_POSIX)) {
            Mounted root = new Mounted(tar.file("f", "x", entry -> {
                        entry.setUserId(3_000_000L);
                        entry.addPaxHeader("SCHILY.xattr.user.k", "v");
                        entry.addPaxHeader("mtime", "12.5");
                    })
                    .done());
            Inode file = root.get("f");
            assertThat(file.uid).isEqualTo(3_000_000);
            assertThat(file.mtime).isEqualTo(12_500_000_000L);
            assertThat(file.sb.xattrBytes).isEqualTo(7);
            assertThat(file.xattrs).containsOnly(Map.entry("user.k", new byte[] {'v'}));
        }
    }

    @Test
    void directoriesThatAreNotListedAreMade() throws IOException {
        try (Tars tar = new Tars()) {
            Mounted root = new Mounted(
                    tar.file("a/b/c", "x").file("a/", "", e -> e.setMode(0700)).done());
            assertThat(root.get("a/b").mode).isEqualTo(Mode.S_IFDIR | 0755);
            assertThat(root.get("a").mode).isEqualTo(Mode.S_IFDIR | 0700);
        }
    }

    @Test
    void aDirectoryKeepsItsTimeWhateverIsPutIntoIt() throws IOException {
        try (Tars tar = new Tars()) {
            Mounted root = new Mounted(tar.file("d/", "", e -> e.setModTime(9_000L))
                    .file("d/f", "x")
                    .done());
            assertThat(root.get("d").mtime).isEqualTo(9_000_000_000L);
        }
    }

    @Test
    void aLaterEntryReplacesAnEarlierOne() throws IOException {
        try (Tars tar = new Tars()) {
            Mounted root = new Mounted(tar.file("f", "old")
                    .file("f", "new")
                    .link("g", '2', "f")
                    .file("g", "plain")
                    .done());
            assertThat(root.text("f")).isEqualTo("new");
            assertThat(root.text("g")).isEqualTo("plain");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../f", "/f", "../../../f", "./f", "a/../../f", "//../f"})
    void noNameLeadsOut(String name) throws IOException {
        try (Tars tar = new Tars()) {
            assertThat(new Mounted(tar.file(name, "x").done()).text("f")).isEqualTo("x");
        }
    }

    @Test
    void linksOnTheWayAreFollowedWithinTheTree() throws IOException {
        try (Tars tar = new Tars()) {
            Mounted root = new Mounted(tar.file("usr/bin/", "")
                    .link("bin", '2', "usr/bin")
                    .file("bin/sh", "sh")
                    .link("out", '2', "/../../usr")
                    .file("out/bin/ls", "ls")
                    .done());
            assertThat(root.text("usr/bin/sh")).isEqualTo("sh");
            assertThat(root.text("usr/bin/ls")).isEqualTo("ls");
            assertThat(root.get("bin").target).isEqualTo("usr/bin");
        }
    }

    @Test
    void limitsOfTheTreeComeOnTopOfTheArchive() throws IOException {
        Mounted root = new Mounted(sample(), 1 << 10, "rom=root,size=40k,nr_inodes=5");
        assertThat(root.result.value().maxInodes).isEqualTo(5 + root.result.value().inodes);
        assertThat(root.result.value().maxPages).isEqualTo(10);
    }
}
