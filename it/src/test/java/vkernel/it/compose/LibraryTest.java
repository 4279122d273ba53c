package vkernel.it.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.it.Vk;

/** Parts of the kernel without the kernel: {@code vk fs}, and the examples of docs/libraries.md on a plain class path. */
class LibraryTest {
    private static final Path HOME = Path.of(System.getProperty("vkernel.home"));
    private static final Path EXAMPLES =
            HOME.resolve("../../../docs/examples").toAbsolutePath().normalize();
    private static final Path MKE2FS = Path.of("/usr/sbin/mke2fs");

    @TempDir
    private Path folder;

    /** An ext4 image of 16 MiB with what is in a folder. */
    private Path image(Path content) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(MKE2FS), "e2fsprogs are not here");
        Path image = folder.resolve("disk.img");
        Files.write(image, new byte[16 << 20]);
        String said =
                run(List.of(MKE2FS.toString(), "-q", "-F", "-t", "ext4", "-d", content.toString(), image.toString()));
        assertThat(said).isEmpty();
        return image;
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(out).isZero();
        return out;
    }

    /** Runs an example with the API bundles and those of its parts, and no framework. */
    private static String example(String name, List<String> parts, String... arguments) throws Exception {
        String path = Stream.concat(
                        Stream.of("lib/host.api", "lib/guest.api", "lib/rump", "bundles/slf4j-api"),
                        parts.stream().map(part -> "bundles/" + part))
                .map(jar -> HOME.resolve(jar + ".jar").toString())
                .collect(Collectors.joining(":"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                path,
                EXAMPLES.resolve(name + ".java").toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    @Test
    void aPolicyRunsASimulatedLoad() throws Exception {
        String shares = example("SimulatedLoad", List.of("guest.sched.fair", "guest.sched.rr"));
        assertThat(shares.lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "rr nice 0 33 %",
                        "rr nice 0 33 %",
                        "rr nice 10 33 %",
                        "fair nice 0 47 %",
                        "fair nice 0 47 %",
                        "fair nice 10 5 %");
    }

    @Test
    void twoStacksTalkOverASwitch() throws Exception {
        assertThat(example("TwoHosts", List.of("guest.net", "drivers.net")))
                .isEqualTo("connected: 0\nserver received: GET /\nclient received: hello\n");
    }

    @Test
    void aFileSystemAndItsDriverServeAProgram() throws Exception {
        Path image = image(Files.createDirectory(folder.resolve("empty")));
        assertThat(example("ReadImage", List.of("guest.fs.ext", "drivers.disk"), image.toString()))
                .isEqualTo("written without a kernel\nlost+found\nnote\n");
        assertThat(run(List.of("/usr/sbin/e2fsck", "-fn", image.toString()))).contains("Pass 5");
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void vkLooksIntoAnImageAndChangesIt() throws Exception {
        Path content = folder.resolve("content");
        write(content.resolve("etc/motd"), "hello\n");
        write(content.resolve("etc/deep/file"), "x".repeat(100_000));
        Files.createSymbolicLink(content.resolve("etc/link"), Path.of("deep/../motd"));
        String image = image(content).toString();
        assertThat(Vk.run("fs", "ls", image, "/etc").out()).isEqualTo("deep\nlink\nmotd\n");
        assertThat(Vk.run("fs", "ls", "-l", image, "/etc").out())
                .containsPattern("drwxr.xr.x .* deep\n")
                .containsPattern("lrwxrwxrwx .* link -> deep/../motd\n");
        assertThat(Vk.run("fs", "cat", image, "/etc/link").out()).isEqualTo("hello\n");
        assertThat(Vk.run("fs", "tree", image).out()).contains("│   ├── deep\n│   │   └── file\n");
        assertThat(Vk.run("fs", "cp", image, content.toString(), ":/").status()).isZero();
        Path back = folder.resolve("back");
        assertThat(Vk.run("fs", "cp", image, ":/content", back.toString()).status())
                .isZero();
        assertThat(run(List.of("diff", "-r", content.toString(), back.toString())))
                .isEmpty();
        assertThat(Vk.run("fs", "fsck", image).out()).contains(": clean, ");
        assertThat(run(List.of("/usr/sbin/e2fsck", "-fn", image))).contains("Pass 5");
    }

    @Test
    void vkSaysWhatIsWrong() throws Exception {
        String image = image(Files.createDirectory(folder.resolve("empty"))).toString();
        assertThat(Vk.run("fs", "cat", image, "/none").err()).isEqualTo("vk: /none: no such file or folder\n");
        assertThat(Vk.run("fs", "ls", "/no/image").err()).isEqualTo("vk: there is no image /no/image\n");
        Path text = folder.resolve("text");
        Files.writeString(text, "no file system".repeat(10_000));
        assertThat(Vk.run("fs", "ls", text.toString()).err())
                .isEqualTo("vk: " + text + ": no file system that is known here\n");
        assertThat(Vk.run("fs", "cp", image, "a", "b").status()).isEqualTo(2);
        run(List.of("/usr/sbin/debugfs", "-w", "-R", "set_super_value free_blocks_count 17", image));
        Vk.Ended damaged = Vk.run("fs", "fsck", image);
        assertThat(damaged.status()).isEqualTo(4);
        assertThat(damaged.out()).contains("free blocks of the super block: 17");
    }
}
