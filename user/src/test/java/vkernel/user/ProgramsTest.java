package vkernel.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

/** Our shell and tools print what dash and the host's tools print, for every script below {@code test}. */
class ProgramsTest {

    private static final String BUILD = "target/native-build";

    @Test
    void compiledForTheHostTheyAgreeWithItsOwn() {
        assumeHostTools();
        succeeds("make", "-j2", "check", "BUILD=" + BUILD);
    }

    @Test
    void theImagesOwnShellAgreesUnderEmulation() {
        assumeHostTools();
        assumeTrue(Command.exists("qemu-riscv64") && Command.exists("cpio"), "qemu and cpio are here");
        succeeds(
                "sh",
                "-c",
                "mkdir -p target/root && gzip -dc image/rootfs.cpio.gz | (cd target/root && cpio -idu --quiet)");
        // without a terminal: keys are timed, and emulation on a busy machine is too slow for them
        succeeds("test/run.sh", "target/root/bin/box", "qemu-riscv64");
    }

    private static void assumeHostTools() {
        assumeTrue(
                Command.exists("gcc") && Command.exists("make") && Command.exists("dash"), "gcc, make, dash are here");
    }

    private static void succeeds(String... words) {
        var outcome = Command.of(words).run();
        assertThat(outcome.status()).as(outcome.output()).isZero();
    }
}
