package vkernel.it.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;
import vkernel.boot.compose.ComposeException;
import vkernel.boot.compose.Described;
import vkernel.boot.compose.KernelFile;
import vkernel.boot.compose.Kernels;
import vkernel.boot.compose.Part;
import vkernel.boot.compose.Parts;
import vkernel.boot.compose.Resolution;
import vkernel.boot.compose.Workbench;

class ComposeTest {
    private static final Path HOME = Path.of(System.getProperty("vkernel.home"));
    private static final Parts PARTS = VirtualKernel.workbench().parts();

    @TempDir
    private Path own;

    private Workbench bench() {
        return new Workbench(new Kernels(HOME.resolve("kernels"), own), PARTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "posix", "net", "dev", "bench"})
    void thisResolverFindsWhatTheBuildsDid(String name) throws IOException {
        KernelFile shipped = bench().kernels().read(name);
        assertThat(bench().resolve(shipped).parts().stream().map(Part::name))
                .containsExactlyInAnyOrderElementsOf(shipped.bundles());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "net", "bench"})
    void eachRunsAProgram(String name) {
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard().withKernel(name))) {
            assertThat(kernel.run("/bin/echo", name).out()).isEqualTo(name + "\n");
        }
    }

    @Test
    void whatIsAddedBringsWhatItNeedsAndTakesItAlong() throws IOException {
        Workbench bench = bench();
        List<String> tiny = bench.create("mine", "tiny").bundles();
        assertThat(bench.add("mine", List.of("proc", "shell")).bundles())
                .contains("guest.fs.procfs", "shell", "org.apache.felix.gogo.runtime");
        assertThat(bench.said()).containsExactly("it mounts proc on /proc");
        KernelFile written = bench.kernels().read("mine");
        assertThat(written.options()).containsEntry("mounts", "proc:/proc");
        assertThat(bench.remove("mine", List.of("fs:proc", "shell")).bundles()).isEqualTo(tiny);
    }

    @Test
    void everyPartHasAReasonThatBeginsWithTheUser() throws IOException {
        Resolution posix = bench().resolve(bench().kernels().read("posix"));
        for (Part part : posix.parts()) {
            assertThat(posix.chain(part)).as(part.name()).isNotEmpty();
            assertThat(posix.chain(part).getFirst().who()).as(part.name()).isEqualTo("you");
        }
    }

    @Test
    void whatIsMissingIsToldInTheUsersWords() throws IOException {
        Workbench bench = bench();
        bench.create("mine", "tiny");
        assertThatThrownBy(() -> bench.add("mine", List.of("fs:nothing")))
                .isInstanceOf(ComposeException.class)
                .hasMessageStartingWith("nothing here gives fs:nothing; of its kind there are fs:archive");
        assertThatThrownBy(() -> bench.remove("mine", List.of("fs:tmpfs")))
                .isInstanceOf(ComposeException.class)
                .hasMessageContaining("fs:tmpfs cannot go: ")
                .hasMessageContaining("guest.kern wants fs:tmpfs");
        Path file = own.resolve("mine.bndrun");
        Files.writeString(file, Files.readString(file).replace("policy=rr", "policy=none"));
        assertThatThrownBy(() -> bench.refresh("mine"))
                .hasMessage("you want sched:none, and nothing here gives it; of its kind there are sched:fair and"
                        + " sched:rr");
    }

    @Test
    void whatSomebodyNeedsOneOfIsReplacedAndSoAreTheOptions() throws IOException {
        Workbench bench = bench();
        bench.create("mine", "tiny");
        KernelFile mine = bench.remove("mine", List.of("sched:rr"));
        assertThat(mine.bundles()).contains("guest.sched.fair").doesNotContain("guest.sched.rr");
        assertThat(mine.options()).containsEntry("sched", "fair");
        assertThat(bench.said()).containsExactly("it starts with the scheduler policy fair");
    }

    @Test
    void theShippedOnesStayAsTheyAre() {
        assertThatThrownBy(() -> bench().add("tiny", List.of("net"))).hasMessageContaining("vk kernel new");
    }

    @Test
    void theListOfSubsystemsIsFresh() throws IOException {
        List<String> written = Files.readAllLines(Path.of("../docs/subsystems.md"));
        List<String> now = Described.page(PARTS).lines().toList();
        assertThat(written.stream().map(ComposeTest::withoutFigures))
                .as("make it anew: ./vk kernel parts --markdown > docs/subsystems.md")
                .containsExactlyElementsOf(
                        now.stream().map(ComposeTest::withoutFigures).toList());
        for (int i = 0; i < now.size(); i++) {
            assertThat(kib(written.get(i)))
                    .as(written.get(i))
                    .isBetween(kib(now.get(i)) * 0.6 - 6, kib(now.get(i)) * 1.6 + 6);
        }
    }

    /** A line of the table without its last two columns: each change of a source changes a size by a little. */
    private static String withoutFigures(String line) {
        return line.replaceFirst("\\| [0-9]+ KiB \\|.*$", "");
    }

    private static double kib(String line) {
        return line.contains(" KiB |") ? Double.parseDouble(line.replaceFirst(".*\\| ([0-9]+) KiB \\|.*$", "$1")) : 0;
    }
}
