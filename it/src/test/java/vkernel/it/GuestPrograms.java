package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;

/** The C programs of it/guest, built. */
final class GuestPrograms {
    static final Path SOURCES = Path.of("guest");

    /** Builds all of them; a test that needs them is skipped where there is no cross compiler. */
    static void build() throws IOException, InterruptedException {
        boolean compiler = new ProcessBuilder("sh", "-c", "command -v riscv64-linux-gnu-gcc >/dev/null")
                        .start()
                        .waitFor()
                == 0;
        assumeTrue(compiler, "needs riscv64-linux-gnu-gcc (apt: gcc-riscv64-linux-gnu libc6-dev-riscv64-cross)");
        int status = new ProcessBuilder("make", "-s", "-j2", "-C", SOURCES.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status).as("make -C it/guest").isZero();
    }

    static Path binary(String name) {
        return SOURCES.resolve("target").resolve(name);
    }

    private GuestPrograms() {}
}
