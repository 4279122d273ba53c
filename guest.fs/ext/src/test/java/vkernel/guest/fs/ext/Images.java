package vkernel.guest.fs.ext;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Images made and checked by e2fsprogs, the reference. */
final class Images {
    private static final Path MKE2FS = Path.of("/usr/sbin/mke2fs");

    private static final Map<String, byte[]> MADE = new ConcurrentHashMap<>();

    /** Makes an image. @param options of mke2fs */
    static byte[] make(int megabytes, String... options) {
        return MADE.computeIfAbsent(megabytes + List.of(options).toString(), key -> made(megabytes, options))
                .clone();
    }

    private static byte[] made(int megabytes, String... options) {
        Assumptions.assumeTrue(Files.isExecutable(MKE2FS), "e2fsprogs are not here");
        return with(new byte[megabytes << 20], file -> {
            List<String> command = new ArrayList<>(List.of(MKE2FS.toString(), "-q", "-F"));
            command.addAll(List.of(options));
            command.add(file.toString());
            assertThat(run(command)).isEmpty();
        });
    }

    /** Looks whether e2fsck finds nothing to complain of. */
    static void check(byte[] image, String what) {
        with(
                image,
                file -> assertThat(run(List.of("/usr/sbin/e2fsck", "-fn", file.toString())))
                        .as(what)
                        .contains("Pass 5")
                        .doesNotContain("FILE SYSTEM WAS MODIFIED")
                        .doesNotContain("no\n")
                        .doesNotContain("ecovery")
                        .doesNotContain("still has errors"));
    }

    /** What debugfs says of an image. */
    static String debugfs(byte[] image, String request) {
        String[] said = {""};
        with(image, file -> said[0] = run(List.of("/usr/sbin/debugfs", "-R", request, file.toString())));
        return said[0];
    }

    /** An image with a directory {@code dir} of many names that e2fsck has hashed. */
    static byte[] hashed(byte[] image, int names) {
        Machine machine = Machine.mounted(image);
        var dir =
                machine.fs().mkdir(machine.task, machine.root(), "dir", 040755).value();
        for (int i = 0; i < names; i++) {
            machine.file(dir, "name number " + i);
        }
        return with(machine.unmounted(), file -> run(List.of("/usr/sbin/e2fsck", "-fyD", file.toString())));
    }

    /** Changes an image with debugfs. */
    static byte[] change(byte[] image, String... requests) {
        return with(image, file -> {
            for (String request : requests) {
                run(List.of("/usr/sbin/debugfs", "-w", "-R", request, file.toString()));
            }
        });
    }

    /** Puts a block into the journal alone, by e2fsprogs: it is in its place when somebody has replayed that. */
    static byte[] journal(byte[] image, long block, String contents) {
        return with(image, file -> {
            Path text = Files.writeString(Files.createTempFile("ext", ".block"), contents);
            Path script = Files.createTempFile("ext", ".debugfs");
            Files.writeString(script, "jo\njw -b %d %s\njc\n".formatted(block, text));
            run(List.of("/usr/sbin/debugfs", "-w", "-f", script.toString(), file.toString()));
            Files.delete(text);
            Files.delete(script);
        });
    }

    /** Something done with an image in a file. */
    interface Work {
        void on(Path file) throws IOException;
    }

    static byte[] with(byte[] image, Work work) {
        try {
            Path file = Files.createTempFile("ext", ".img");
            try {
                Files.write(file, image);
                work.on(file);
                return Files.readAllBytes(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Images() {}
}
