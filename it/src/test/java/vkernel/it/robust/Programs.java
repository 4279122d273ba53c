package vkernel.it.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;

/** The C programs of it/guest/robust. */
final class Programs {
    private static final Path SOURCES = Path.of("guest", "robust");

    /** The folder of the programs, built if they are not. */
    static synchronized Path built() {
        try {
            int found = new ProcessBuilder("sh", "-c", "command -v riscv64-linux-gnu-gcc >/dev/null")
                    .start()
                    .waitFor();
            assumeTrue(found == 0, "needs riscv64-linux-gnu-gcc (apt: gcc-riscv64-linux-gnu libc6-dev-riscv64-cross)");
            int made = new ProcessBuilder("make", "-s", "-C", SOURCES.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(made).as("make -C it/guest/robust").isZero();
            return SOURCES.resolve("target");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Programs() {}
}
