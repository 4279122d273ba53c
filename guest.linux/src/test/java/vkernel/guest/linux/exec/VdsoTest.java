package vkernel.guest.linux.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import vkernel.guest.linux.user.Le;

class VdsoTest {
    private static final Path SOURCES = Path.of("src/vdso");

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Vdso.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void itIsMadeFromItsSources() throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (String source : List.of("vdso.S", "vdso.lds", "Makefile")) {
            digest.update(Files.readAllBytes(SOURCES.resolve(source)));
        }
        assertThat(HexFormat.of().formatHex(digest.digest()))
                .as("run make in guest.linux/src/vdso")
                .isEqualTo(new String(resource("vdso.sha256"), StandardCharsets.US_ASCII).trim());
    }

    @Test
    void buildingItAgainGivesTheSameBytes() throws IOException, InterruptedException {
        assumeTrue(runs("command -v riscv64-linux-gnu-gcc"), "needs the cross compiler");
        assertThat(runs("make -s -C src/vdso check"))
                .as("make check in src/vdso")
                .isTrue();
    }

    private static boolean runs(String command) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", command + " >&2").start().waitFor() == 0;
    }

    @Test
    void itHasTheNamesThatProgramsLookFor() throws IOException {
        DynamicSymbols symbols = DynamicSymbols.of(resource("vdso.so"));
        assertThat(symbols.all())
                .containsKeys(
                        "__vdso_rt_sigreturn",
                        "__vdso_clock_gettime",
                        "__vdso_gettimeofday",
                        "__vdso_clock_getres",
                        "__vdso_getcpu",
                        "__vdso_flush_icache",
                        "__vdso_riscv_hwprobe",
                        "LINUX_4.15");
    }

    @Test
    void theWayBackFromSignalsIsWhatUnwindersKnow() throws IOException {
        byte[] code = resource("vdso.so");
        int at = (int) DynamicSymbols.of(code).address("__vdso_rt_sigreturn");
        assertThat(Le.i32(code, at)).as("li a7, 139").isEqualTo(0x08b0_0893);
        assertThat(Le.i32(code, at + 4)).as("ecall").isEqualTo(0x73);
    }
}
