package vkernel.boot.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vkernel.boot.image.Tars.file;
import static vkernel.boot.image.Tars.folder;
import static vkernel.boot.image.Tars.hardLink;
import static vkernel.boot.image.Tars.symlink;
import static vkernel.boot.image.Tars.tar;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayeredTarTest {
    @TempDir
    private Path work;

    private Map<String, String> merged(byte[]... layers) throws IOException {
        return Tars.merged(work, List.of(layers));
    }

    @Test
    void aLaterLayerReplacesAFileOfAnEarlierOne() throws IOException {
        Map<String, String> merged = merged(
                tar(folder("etc"), file("etc/a", "old"), file("etc/b", "stays")),
                tar(file("./etc/a", "new, and longer")));
        assertThat(merged)
                .containsEntry("etc", "/")
                .containsEntry("etc/a", "new, and longer")
                .containsEntry("etc/b", "stays")
                .hasSize(3);
    }

    @Test
    void aWhiteoutTakesAPathAndWhatIsBelowItAway() throws IOException {
        Map<String, String> merged = merged(
                tar(folder("a"), file("a/x", "1"), folder("b"), file("b/y", "2"), file("c", "3")),
                tar(file(".wh.a", ""), file("b/.wh.y", "")));
        assertThat(merged).containsOnlyKeys("b", "c");
    }

    @Test
    void aPathMayComeAgainAfterItsWhiteout() throws IOException {
        Map<String, String> merged =
                merged(tar(file("a", "1")), tar(file(".wh.a", "")), tar(folder("a"), file("a/b", "2")));
        assertThat(merged).containsEntry("a", "/").containsEntry("a/b", "2").hasSize(2);
    }

    @Test
    void anOpaqueFolderHidesWhatEarlierLayersHadThere() throws IOException {
        Map<String, String> merged = merged(
                tar(folder("d"), file("d/old", "1"), folder("other"), file("other/old", "1")),
                tar(folder("d"), file("d/new", "2"), file("d/.wh..wh..opq", "")));
        assertThat(merged).containsOnlyKeys("d", "d/new", "other", "other/old");
    }

    @Test
    void aFileInThePlaceOfAFolderTakesItsContentsAway() throws IOException {
        Map<String, String> merged = merged(tar(folder("d"), file("d/x", "1")), tar(file("d", "a file now")));
        assertThat(merged).containsEntry("d", "a file now").hasSize(1);
    }

    @Test
    void pathsThroughLinksToFoldersLeadToOnePlace() throws IOException {
        Map<String, String> merged = merged(
                tar(folder("usr"), folder("usr/bin"), symlink("bin", "usr/bin"), file("usr/bin/sh", "old")),
                tar(folder("bin"), file("bin/sh", "new"), hardLink("bin/dash", "bin/sh")));
        assertThat(merged)
                .containsEntry("bin", "-> usr/bin")
                .containsEntry("usr/bin/sh", "new")
                .containsEntry("usr/bin/dash", "= usr/bin/sh")
                .doesNotContainKeys("bin/sh", "bin/dash");
    }

    @Test
    void longNamesStayWhole() throws IOException {
        String name = "directory/".repeat(30) + "n".repeat(120);
        assertThat(merged(tar(file(name, "x")))).containsEntry(name, "x");
    }

    @Test
    void aPathThatLeadsOutIsRefused() {
        assertThatThrownBy(() -> merged(tar(file("a/../../etc/passwd", "x"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("leads out of it");
    }
}
