package vkernel.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

/** Our shell and tools print what dash and the host's tools print, for every script below {@code test}. */
class ProgramsTest {

    @Test
    void compiledForTheHostTheyAgreeWithItsOwn() {
        assumeTrue(Command.exists("gcc") && Command.exists("make") && Command.exists("dash"), "gcc and dash are here");
        var check = Command.of("make", "check", "BUILD=target/native-build").run();
        assertThat(check.status()).as(check.output()).isZero();
    }

    @Test
    void theImagesOwnShellAgreesUnderEmulation() {
        assumeTrue(Command.exists("qemu-riscv64") && Command.exists("cpio") && Command.exists("dash"), "qemu is here");
        var unpack = Command.of(
                        "sh",
                        "-c",
                        "mkdir -p target/root && gzip -dc image/rootfs.cpio.gz | (cd target/root && cpio -idu --quiet)")
                .run();
        assertThat(unpack.status()).as(unpack.output()).isZero();
        var check = Command.of("test/run.sh", "target/root/bin/box", "qemu-riscv64").run();
        assertThat(check.status()).as(check.output()).isZero();
    }
}
