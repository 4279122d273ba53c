package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;
import vkernel.host.Rom;

/**
 * Whatever arguments a program gives to system calls, from one thread and from several, the kernel goes on as if nothing
 * had been (guest/fuzz.c): every frame is accounted for, and no process, file or socket is left.
 *
 * <p>{@code -Dvkernel.fuzz.seconds} lengthens it, {@code -Dvkernel.seed} repeats it: the same seed makes the same
 * calls.
 */
class SyscallFuzzTest {
    private static final long SECONDS = Long.getLong("vkernel.fuzz.seconds", 10);
    private static final long SEED = Long.getLong("vkernel.seed", System.nanoTime() >>> 8);
    /** What the last children may take to be given up, and the checks afterwards. */
    private static final long AFTERWARDS = 50;

    /** Ten minutes may be asked for. */
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void noArgumentsOfASystemCallHarmTheKernel(int harts) throws IOException, InterruptedException {
        GuestPrograms.build();
        List<Rom> roots = new ArrayList<>(BootConfig.standard().roots());
        roots.add(HostTar.file("root/fuzz", new FileRom(GuestPrograms.binary("fuzz"))));
        BootConfig config = BootConfig.standard()
                .withRoots(roots)
                .withHarts(harts)
                .withCheckTranslations(true)
                .withOption(
                        "mounts",
                        "devtmpfs:/dev proc:/proc devpts:/dev/pts:gid=5,mode=620,ptmxmode=666 sysfs:/sys tmpfs:/tmp");
        System.out.println("SyscallFuzzTest: seed " + SEED + " (-Dvkernel.seed=), " + harts + " harts");
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            List<String> argv = List.of("/root/fuzz", Long.toString(SEED), Long.toString(SECONDS));
            Guest.Answer answer = Guest.run(kernel, "/tmp", argv, SECONDS + AFTERWARDS);
            assertThat(answer.output()).endsWith("fuzz: survived\n");
            assertThat(answer.status()).isZero();
            assertThat(kernel.kernel().stats().oopses).isZero();
            assertThat(kernel.kernel().call(() -> kernel.kernel().vm().check())).isEmpty();
            assertThat(kernel.host().vmspaces().staleTranslations()).isEmpty();
            assertThat(kernel.kernel().call(() -> kernel.kernel().processes().processes()))
                    .hasSize(1);
            assertThat(kernel.kernel().call(() -> kernel.kernel().vfs().openFiles()))
                    .isZero();
            assertThat(Guest.run(kernel, "/", List.of("/bin/sh", "-c", "echo a b | wc -w")))
                    .isEqualTo(new Guest.Answer(0, "2\n"));
        }
    }
}
