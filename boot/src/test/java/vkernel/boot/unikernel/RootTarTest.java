package vkernel.boot.unikernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootTarTest {
    private final RootTar root = new RootTar();

    @TempDir
    private Path folder;

    private static byte[] archive(Map<String, String> files, Map<String, String> links) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
            for (Map.Entry<String, String> link : links.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(link.getKey(), TarConstants.LF_SYMLINK);
                entry.setLinkName(link.getValue());
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private Map<String, String> written() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(root.bytes()))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String content = new String(tar.readAllBytes(), StandardCharsets.UTF_8);
                files.put(entry.getName(), entry.isSymbolicLink() ? "-> " + entry.getLinkName() : content);
            }
        }
        return files;
    }

    @Test
    void keepsWhatWasAskedForWithTheLinksThatLeadThere() throws IOException {
        root.addArchive(new ByteArrayInputStream(archive(
                Map.of("usr/bin/real", "#!/bin/inter x\n", "usr/bin/other", "no", "usr/bin/inter", "yes"),
                Map.of("bin", "usr/bin", "usr/bin/name", "./real", "usr/bin/unused", "other"))));
        root.keep(List.of("/bin/name", "/not/there"));
        assertThat(written())
                .containsOnly(
                        Map.entry("bin", "-> usr/bin"),
                        Map.entry("usr/bin/name", "-> ./real"),
                        Map.entry("usr/bin/real", "#!/bin/inter x\n"),
                        Map.entry("usr/bin/inter", "yes"));
    }

    @Test
    void aFileOfThisMachineHasNoTimeAndNoOwner() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "content");
        root.addHost(file, "/etc/a");
        byte[] first = root.bytes();
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(0));
        RootTar again = new RootTar();
        again.addHost(file, "/etc/a");
        assertThat(again.bytes()).isEqualTo(first);
        assertThat(written()).containsOnly(Map.entry("etc/a", "content"));
    }

    @Test
    void aCircleOfLinksLeadsNowhere() throws IOException {
        root.addArchive(new ByteArrayInputStream(archive(Map.of("a", "x"), Map.of("b", "c", "c", "b"))));
        root.keep(List.of("/b", "/a"));
        assertThat(written()).containsKey("a");
    }
}
