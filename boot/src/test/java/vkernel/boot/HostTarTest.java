package vkernel.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.host.ByteRom;
import vkernel.host.Rom;

/** The archive that is never made, read back by somebody else's reader. */
class HostTarTest {
    private record File(TarArchiveEntry entry, byte[] content) {}

    @TempDir
    private Path folder;

    private static byte[] all(Rom rom) {
        byte[] bytes = new byte[(int) rom.size()];
        assertThat(rom.read(0, bytes, 0, bytes.length)).isEqualTo(bytes.length);
        return bytes;
    }

    private static Map<String, File> unpacked(Rom rom) throws IOException {
        Map<String, File> files = new LinkedHashMap<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(all(rom)), "UTF-8")) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), new File(entry, in.readAllBytes()));
            }
        }
        return files;
    }

    private Path write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    @Test
    void oneFileIsAnExecutable() throws IOException {
        byte[] content = "a program".getBytes(StandardCharsets.UTF_8);
        File file = unpacked(HostTar.file("bin/program", new ByteRom(content))).get("bin/program");
        assertThat(file.content()).isEqualTo(content);
        assertThat(file.entry().getMode() & 0777).isEqualTo(0755);
    }

    @Test
    void aFolderKeepsContentsAndModes() throws IOException {
        byte[] big = new byte[100_001];
        new Random(1).nextBytes(big);
        write("a/big", big);
        write("a/empty", new byte[0]);
        Path script = write("run.sh", "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
        Map<String, File> files = unpacked(HostTar.folder(folder));
        assertThat(files.keySet()).containsExactlyInAnyOrder("a/", "a/big", "a/empty", "run.sh");
        assertThat(files.get("a/").entry().isDirectory()).isTrue();
        assertThat(files.get("a/big").content()).isEqualTo(big);
        assertThat(files.get("a/empty").content()).isEmpty();
        assertThat(files.get("run.sh").entry().getMode() & 0777).isEqualTo(0750);
    }

    @Test
    void linksAreLinks() throws IOException {
        String far = "../" + "far/".repeat(40) + "away";
        Files.createSymbolicLink(folder.resolve("near"), Path.of("target"));
        Files.createSymbolicLink(folder.resolve("far"), Path.of(far));
        Map<String, File> files = unpacked(HostTar.folder(folder));
        assertThat(files.get("near").entry().isSymbolicLink()).isTrue();
        assertThat(files.get("near").entry().getLinkName()).isEqualTo("target");
        assertThat(files.get("far").entry().getLinkName()).isEqualTo(far);
    }

    @Test
    void longAndForeignNamesStayWhole() throws IOException {
        String deep = "d".repeat(90) + "/" + "\u00fcber".repeat(20) + "/" + "f".repeat(200);
        write(deep, new byte[] {42});
        Map<String, File> files = unpacked(HostTar.folder(folder));
        assertThat(files).containsKey(deep);
        assertThat(files.get(deep).content()).containsExactly(42);
    }

    @Test
    void anyStretchReadsAsThatOfTheWhole() throws IOException {
        for (int i = 0; i < 20; i++) {
            write("file" + i, ("content " + i).repeat(i * 7).getBytes(StandardCharsets.UTF_8));
        }
        Rom rom = HostTar.folder(folder);
        byte[] whole = all(rom);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            int from = random.nextInt(whole.length);
            int length = random.nextInt(3_000);
            byte[] part = new byte[length + 2];
            int n = rom.read(from, part, 1, length);
            assertThat(n).as("seed %d", seed).isEqualTo(Math.min(length, whole.length - from));
            assertThat(Arrays.copyOfRange(part, 1, 1 + n)).isEqualTo(Arrays.copyOfRange(whole, from, from + n));
        }
    }

    @Test
    void aFileThatShrinksLaterReadsAsZeros() throws IOException {
        Path file = write("shrinks", "0123456789".getBytes(StandardCharsets.UTF_8));
        write("zzz", "behind".getBytes(StandardCharsets.UTF_8));
        Rom rom = HostTar.folder(folder);
        Files.writeString(file, "012");
        Map<String, File> files = unpacked(rom);
        assertThat(files.get("shrinks").content()).isEqualTo("012\0\0\0\0\0\0\0".getBytes(StandardCharsets.UTF_8));
        assertThat(files.get("zzz").content()).isEqualTo("behind".getBytes(StandardCharsets.UTF_8));
    }
}
