package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;
import vkernel.host.MachineConfig;

/** Debian's own programs print here what they print on a real Linux. */
class ConformanceTest {
    private static final Path SUITES = Path.of("src/test/resources/conformance");

    @TestFactory
    Stream<DynamicNode> aProgramPrintsWhatItPrintsOnLinux() throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(SUITES)) {
            files = list.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        }
        Map<String, String> later = later();
        List<DynamicNode> suites = new ArrayList<>();
        for (Path file : files) {
            Suite suite = Suite.read(file);
            OneKernel kernel = new OneKernel(suite);
            suites.add(DynamicContainer.dynamicContainer(
                    suite.name(),
                    suite.cases().stream()
                            .map(each -> test(kernel, each, later.get(suite.name() + " | " + each.name())))));
        }
        return suites.stream();
    }

    /** Names of cases that cannot pass yet, with the reason. */
    private static Map<String, String> later() throws IOException {
        Map<String, String> reasons = new HashMap<>();
        for (String line : Files.readAllLines(SUITES.resolve("later"))) {
            int end = line.lastIndexOf(" | ");
            if (!line.startsWith("#") && end > 0) {
                reasons.put(line.substring(0, end), line.substring(end + 3));
            }
        }
        return reasons;
    }

    private static DynamicTest test(OneKernel kernel, Suite.Case each, @Nullable String later) {
        return DynamicTest.dynamicTest(each.line() + ": " + each.name(), () -> {
            Guest.Answer answer = kernel.answer(each.command());
            boolean same = answer.output().equals(each.output()) && answer.status() == each.status();
            if (later != null) {
                assertThat(same)
                        .as("passes now: it must leave the list of later ones")
                        .isFalse();
                assumeTrue(false, "needs " + later);
            }
            assertThat(answer.output()).as(each.command()).isEqualTo(each.output());
            assertThat(answer.status()).as(each.command()).isEqualTo(each.status());
        });
    }

    /** A kernel for all cases of a suite; a new one after a case that did not end. */
    private static final class OneKernel {
        private final Suite suite;
        private VirtualKernel kernel;

        OneKernel(Suite suite) {
            this.suite = suite;
        }

        Guest.Answer answer(String command) {
            try {
                shell(boot(), "/", "mkdir -m 755 /tmp/case");
                return shell(boot(), "/tmp/case", command);
            } catch (AssertionError stuck) {
                kernel.close();
                kernel = null;
                throw stuck;
            } finally {
                if (kernel != null) {
                    shell(kernel, "/", "chmod -R u+rwx /tmp/case; rm -rf /tmp/*");
                }
            }
        }

        private VirtualKernel boot() {
            if (kernel == null) {
                FileRom root = new FileRom(Guest.debian(suite.packages()).archive());
                kernel = VirtualKernel.boot(
                        BootConfig.standard()
                                .withMemory(512 << 20)
                                // what commands wait for comes when it is due, however busy this machine is
                                .withTime(MachineConfig.Time.VIRTUAL, 1)
                                .withRoots(List.of(root))
                                .withOption(
                                        "mounts",
                                        "devtmpfs:/dev proc:/proc devpts:/dev/pts:gid=5,mode=620,ptmxmode=666 sysfs:/sys tmpfs:/tmp"));
                if (!suite.before().isEmpty()) {
                    shell(kernel, "/", suite.before());
                }
            }
            return kernel;
        }

        private Guest.Answer shell(VirtualKernel in, String cwd, String command) {
            List<String> argv = new ArrayList<>(suite.argv());
            argv.add(command);
            return Guest.run(in, cwd, argv);
        }
    }
}
