package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.MemoryChannel;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;
import vkernel.net.Gateway;

/** Two kernels talk over a switch, in fair weather and in foul. */
class SwitchTest {
    private static final int SERVED = 300_000;
    private static final int ASKED = 700_000;

    @ParameterizedTest
    @ValueSource(strings = {"none", "loss 1/8 delay 2 seed 7"})
    void joinsTwoKernels(String faults, @TempDir Path folder) throws Exception {
        GuestPrograms.build();
        String net = "unix:" + folder.resolve("s");
        try (VirtualKernel one = VirtualKernel.boot(config(net + ",1"));
                VirtualKernel other = VirtualKernel.boot(config(net + ",2"))) {
            for (VirtualKernel each : List.of(one, other)) {
                each.kernel().call(() -> each.kernel().gateway().get().faults(faults));
            }
            MemoryChannel heard = new MemoryChannel(new byte[0]);
            MemoryChannel none = new MemoryChannel(new byte[0]);
            CompletableFuture<Integer> server =
                    one.start(List.of("/root/switch", "serve", "" + SERVED), List.of(), "/", none, heard, heard);
            Guest.Answer answer = Guest.run(other, "/", List.of("/root/switch", "ask", "10.0.3.1", "" + ASKED));
            assertThat(answer).isEqualTo(new Guest.Answer(0, "got " + SERVED + " bytes\nping\n"));
            assertThat(server.get(60, TimeUnit.SECONDS)).isZero();
            assertThat(new String(heard.written(), StandardCharsets.UTF_8))
                    .isEqualTo("ready\ngot " + ASKED + " bytes\n");
            Gateway.Faults done =
                    other.kernel().call(() -> other.kernel().gateway().get().faults(""));
            assertThat(done.late() == 0).isEqualTo(faults.equals("none"));
        }
    }

    private static BootConfig config(String net) throws java.io.IOException {
        return BootConfig.standard()
                .withRoot(HostTar.file("root/switch", new FileRom(GuestPrograms.binary("switch"))))
                .withOption("net", net);
    }
}
