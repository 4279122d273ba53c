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
import vkernel.host.FileRom;

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
            FileRom root = new FileRom(Guest.debian(suite.packages()).archive());
            SuiteKernel kernel = new SuiteKernel(suite, root, Guest.SECONDS);
            suites.add(DynamicContainer.dynamicContainer(
                    suite.name(),
                    suite.cases().stream()
                            .map(each -> test(kernel, each, later.get(suite.name() + " | " + each.name())))
                            .onClose(kernel::close)));
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

    private static DynamicTest test(SuiteKernel kernel, Suite.Case each, @Nullable String later) {
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
}
