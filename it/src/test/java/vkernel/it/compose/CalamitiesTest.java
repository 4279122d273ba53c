package vkernel.it.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.it.Vk;

/** However a kernel with a JVM of its own ends, it is said, and the others do not notice. */
class CalamitiesTest {
    private final String healthy = "it-healthy-" + ProcessHandle.current().pid();
    private final String name = "it-dying-" + ProcessHandle.current().pid();

    @TempDir
    private Path folder;

    private Map<String, String> environment;

    @BeforeEach
    void boot() {
        environment = Map.of(
                "XDG_RUNTIME_DIR", folder.toString(),
                "XDG_STATE_HOME", folder.resolve("state").toString(),
                "VK_JAVA_OPTIONS", "-Xmx256m -Dvkernel.hang.seconds=2");
        boot(healthy);
    }

    private void boot(String kernel) {
        assertThat(vk("boot", "-d", "--name", kernel, "--init", "/bin/sh").err())
                .isEmpty();
    }

    private Vk.Ended vk(String... arguments) {
        return Vk.run(environment, arguments);
    }

    @AfterEach
    void theOtherGoesOn() {
        assertThat(vk("exec", healthy, "echo", "well").out()).isEqualTo("well\n");
        vk("stop", healthy, name);
    }

    /** Starts a bundle in it, which does what it is named after, and waits for the end. @return its row of vk ps */
    private String dies(String calamity) throws IOException {
        boot(name);
        Path jar = bundle(calamity);
        assertThat(vk("shell", name, "-c", "felix:start " + jar.toUri()).err()).isEmpty();
        return row();
    }

    private String row() {
        assertThat(vk("logs", "-f", name).status()).isZero(); // until it has ended
        return vk("ps").out()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .orElseThrow();
    }

    private Path bundle(String calamity) throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.putValue("Manifest-Version", "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", calamity);
        headers.putValue("Bundle-Activator", Calamity.class.getName());
        headers.putValue("Import-Package", "org.osgi.framework,vkernel.kern");
        headers.putValue("Calamity", calamity);
        Path jar = folder.resolve(calamity + ".jar");
        String type = Calamity.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream in = Calamity.class.getResourceAsStream("/" + type)) {
            out.putNextEntry(new JarEntry(type));
            in.transferTo(out);
            out.closeEntry();
        }
        return jar;
    }

    private String report() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("state/vkernel"))) {
            List<Path> reports = files.toList();
            assertThat(reports).hasSize(1);
            return Files.readString(reports.getFirst());
        }
    }

    @Test
    void aPanicLeavesAReport() throws IOException {
        assertThat(dies("panic")).contains(" ended ", "panic 125 for a test, see ", "crash-");
        assertThat(report())
                .startsWith("panic: for a test\n")
                .contains("# kernel log", "vkernel: 256 MiB")
                .contains("# tasks", "pid 1 tid 1 sh blocked", "pc=", "x2=")
                .contains("# threads of the JVM", "\"control\"");
    }

    @Test
    void aHangIsNoticedAndLeavesAReport() throws IOException {
        assertThat(dies("hang")).contains(" ended ", "hang 124 the kernel's lock was held for 2 s, see ");
        assertThat(report()).startsWith("hang: ").contains("pid 1 tid 1 sh", "\"holder\"", "Calamity.waitFor");
    }

    @Test
    void anInstanceWithoutHeapAndOneThatIsKilledAreToldApart() throws IOException {
        assertThat(dies("heap")).contains(" gone ", "its JVM was out of memory, see ", "jvm-crash.txt");
        vk("rm", name);
        boot(name);
        String pid = vk("ps").out()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.trim().split("\\s+")[1])
                .findFirst()
                .orElseThrow();
        ProcessHandle process = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        String row = row();
        assertThat(row).contains(" gone ", "its JVM was killed, see ");
        assertThat(Path.of(row.substring(row.lastIndexOf(' ') + 1).strip()))
                .content()
                .contains("vkernel: 256 MiB");
    }
}
