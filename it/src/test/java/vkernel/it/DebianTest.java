package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import vkernel.boot.image.ImageException;
import vkernel.host.FileRom;

/** Large programs of Debian do here what they do on a real Linux. Minutes of work: with {@code -Pdebian}. */
@EnabledIfSystemProperty(named = "vkernel.debian", matches = "true", disabledReason = "takes minutes: -Pdebian runs it")
class DebianTest {
    private static final Path SUITES = Path.of("src/test/resources/debian");
    private static final long SECONDS = 300;

    @TestFactory
    Stream<DynamicTest> languagesDatabasesAndTerminals() throws IOException {
        return tests(Suite.read(SUITES.resolve("programs.txt")));
    }

    @TestFactory
    Stream<DynamicTest> pythonsOwnTests() throws IOException {
        return tests(Suite.read(SUITES.resolve("python.txt")));
    }

    @TestFactory
    Stream<DynamicTest> theCompiler() throws IOException {
        return tests(Suite.read(SUITES.resolve("build.txt")));
    }

    @TestFactory
    Stream<DynamicTest> serversAndStress() throws IOException {
        return tests(Suite.read(SUITES.resolve("servers.txt")));
    }

    @TestFactory
    Stream<DynamicTest> packages() throws IOException {
        return tests(Suite.read(SUITES.resolve("packages.txt")));
    }

    private static Stream<DynamicTest> tests(Suite suite) {
        SuiteKernel kernel = new SuiteKernel(suite, root(suite), SECONDS);
        return suite.cases().stream()
                .onClose(kernel::close)
                .map(each -> DynamicTest.dynamicTest(each.line() + ": " + each.name(), () -> {
                    Guest.Answer answer = kernel.answer(each.command());
                    assertThat(answer.output()).as(each.command()).isEqualTo(each.output());
                    assertThat(answer.status()).as(each.command()).isEqualTo(each.status());
                }));
    }

    private static FileRom root(Suite suite) {
        try {
            return new FileRom(Guest.debian(suite.packages()).archive());
        } catch (ImageException unreachable) {
            return abort("Debian's packages cannot be had here: " + unreachable.getMessage());
        }
    }
}
