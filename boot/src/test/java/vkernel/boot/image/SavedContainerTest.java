package vkernel.boot.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vkernel.boot.image.Tars.file;
import static vkernel.boot.image.Tars.folder;
import static vkernel.boot.image.Tars.tar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedContainerTest {
    @TempDir
    private Path work;

    private static byte[] lower() throws IOException {
        return tar(folder("etc"), file("etc/name", "lower"), file("etc/gone", "x"));
    }

    private static byte[] upper() throws IOException {
        return tar(file("etc/name", "upper"), file("etc/.wh.gone", ""));
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    /** As {@code docker save} writes it. */
    private static byte[] docker(String architecture) throws IOException {
        return tar(
                file("config.json", "{\"architecture\": \"%s\", \"os\": \"linux\"}".formatted(architecture)),
                file("one/layer.tar", lower()),
                file("two/layer.tar", upper()),
                file("manifest.json", """
                        [{"Config": "config.json", "RepoTags": ["a:b"], "Layers": ["one/layer.tar", "two/layer.tar"]}]
                        """));
    }

    /** An OCI image layout for two architectures, layers compressed. */
    private static byte[] oci(String architecture) throws IOException {
        return tar(
                file("oci-layout", "{\"imageLayoutVersion\": \"1.0.0\"}"),
                file("index.json", """
                        {"manifests": [
                          {"digest": "sha256:aa", "platform": {"architecture": "amd64", "os": "linux"}},
                          {"digest": "sha256:bb", "platform": {"architecture": "%s", "os": "linux"}}]}
                        """.formatted(architecture)),
                file("blobs/sha256/bb", """
                        {"config": {"digest": "sha256:cc"},
                         "layers": [{"digest": "sha256:11"}, {"digest": "sha256:22"}]}
                        """),
                file("blobs/sha256/cc", "{\"architecture\": \"%s\"}".formatted(architecture)),
                file("blobs/sha256/11", gzip(lower())),
                file("blobs/sha256/22", gzip(upper())));
    }

    private Map<String, String> imported(byte[] image) throws IOException {
        Path file = Files.write(work.resolve("image.tar"), image);
        Path archive = work.resolve("root.tar");
        ImportedImage.write(file, archive);
        return Tars.contents(archive);
    }

    private static void isTheRoot(Map<String, String> contents) {
        assertThat(contents)
                .containsEntry("etc", "/")
                .containsEntry("etc/name", "upper")
                .hasSize(2);
    }

    @Test
    void layersOfADockerImageBecomeOneRoot() throws IOException {
        isTheRoot(imported(docker("riscv64")));
    }

    @Test
    void theManifestOfThisArchitectureIsChosenFromAnOciIndex() throws IOException {
        isTheRoot(imported(oci("riscv64")));
    }

    /** As builders write it: the index names an index, which names manifests, and papers beside them. */
    @Test
    void anIndexInTheIndexIsFollowed() throws IOException {
        isTheRoot(imported(tar(
                file("index.json", """
                        {"manifests": [{"mediaType": "application/vnd.oci.image.index.v1+json", "digest": "sha256:ii"}]}
                        """),
                file("blobs/sha256/ii", """
                        {"manifests": [
                          {"digest": "sha256:bb", "platform": {"architecture": "riscv64", "os": "linux"}},
                          {"digest": "sha256:pp", "platform": {"architecture": "unknown", "os": "unknown"}}]}
                        """),
                file("blobs/sha256/bb", """
                        {"config": {"digest": "sha256:cc"},
                         "layers": [{"digest": "sha256:11"}, {"digest": "sha256:22"}]}
                        """),
                file("blobs/sha256/cc", "{\"architecture\": \"riscv64\"}"),
                file("blobs/sha256/11", gzip(lower())),
                file("blobs/sha256/22", gzip(upper())))));
    }

    @Test
    void aRootWithProgramsOfAnotherMachineIsRefusedByName() throws IOException {
        assertThat(imported(tar(file("bin/sh", elf(243))))).containsKey("bin/sh");
        assertThatThrownBy(() -> imported(tar(file("etc/x", "x"), file("./usr/bin/sh", elf(62)))))
                .isInstanceOf(ImageException.class)
                .hasMessage("the archive's programs are for x86-64; vkernel runs riscv64 (./usr/bin/sh)");
        assertThatThrownBy(() -> imported(gzip(tar(file("bin/sh", elf(183))))))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("arm64");
    }

    private static byte[] elf(int machine) {
        byte[] header = new byte[64];
        header[0] = 0x7f;
        header[1] = 'E';
        header[2] = 'L';
        header[3] = 'F';
        header[4] = 2;
        header[18] = (byte) machine;
        return header;
    }

    @Test
    void theWholeMayBeCompressed() throws IOException {
        isTheRoot(imported(gzip(docker("riscv64"))));
    }

    @Test
    void anotherArchitectureIsRefusedByName() {
        assertThatThrownBy(() -> imported(docker("arm64")))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("is for arm64; vkernel runs riscv64");
        assertThatThrownBy(() -> imported(oci("s390x")))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("is for amd64, s390x; vkernel runs riscv64");
    }

    @Test
    void aPlainArchiveIsTheRootItself() throws IOException {
        assertThat(imported(tar(file("hello", "world"))))
                .containsEntry("hello", "world")
                .hasSize(1);
    }

    @Test
    void anIncompleteImageIsRefusedWithWhatIsMissing() {
        assertThatThrownBy(() -> imported(tar(file("manifest.json", "[{\"Config\": \"c\", \"Layers\": []}]"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("incomplete: it has no c");
    }

    @Test
    void whatIsNoArchiveIsRefused() {
        byte[] text = "not an archive at all\n".repeat(100).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> imported(text)).isInstanceOf(IOException.class);
    }
}
