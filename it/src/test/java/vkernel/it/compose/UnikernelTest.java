package vkernel.it.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.it.Vk;

class UnikernelTest {
    @TempDir
    private Path folder;

    /** A shell that reads what it is given, in a jar of what it asked for. */
    private Path build(String name) {
        Path jar = folder.resolve(name);
        Vk.Ended built = Vk.run(
                "kernel",
                "build",
                "tiny",
                "--init",
                "/bin/sh",
                "--trace",
                "--trace-args",
                "-c exit",
                "--no-cache",
                "-o",
                jar.toString());
        assertThat(built.err()).isEmpty();
        assertThat(built.out()).contains("part guest.linux").doesNotContain("part guest.net");
        return jar;
    }

    private static Vk.Ended run(Path jar, String input, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-jar", jar.toString()));
        all.addAll(List.of(arguments));
        return java(all, input);
    }

    private static Vk.Ended java(List<String> arguments, String input) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).start();
        process.onExit().orTimeout(60, TimeUnit.SECONDS).exceptionally(late -> process.destroyForcibly());
        process.outputWriter().append(input).close();
        byte[] out = process.getInputStream().readAllBytes();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Vk.Ended(process.waitFor(), out, err);
    }

    @Test
    void isItsProgramAndTheSameEachTimeItIsBuilt() throws IOException, InterruptedException {
        Path jar = build("one.jar");
        Path other = build("two.jar");
        assertThat(jar).hasSameBinaryContentAs(other);
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            assertThat(zip.getEntry("vkernel/guest/linux/Linux.class")).isNotNull();
            assertThat(zip.getEntry("vkernel/guest/net/SocketStack.class")).isNull();
            assertThat(zip.getEntry("picocli/CommandLine.class")).isNull();
        }
        Vk.Ended ended = run(jar, "a line\n", "-c", "read x; echo \"$x, $0\"; echo wrong >&2; exit 7", "zero");
        assertThat(ended.out()).isEqualTo("a line, zero\n");
        assertThat(ended.err()).isEqualTo("wrong\n");
        assertThat(ended.status()).isEqualTo(7);
        assertThat(Files.size(jar)).isLessThan(4 << 20);
        List<String> traced = List.of("-Dvkernel.trace.start=1", "-jar", jar.toString(), "-c", "exit 3");
        Vk.Ended start = java(traced, "");
        assertThat(start.status()).isEqualTo(3);
        assertThat(start.err().lines().toList().getLast()).matches("start +[0-9]+ ms, processor .* ms: /bin/sh runs");
    }
}
