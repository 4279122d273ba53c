package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
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

    /** One after the other asks the other one. */
    private static void talk(VirtualKernel from, VirtualKernel to, String address) throws Exception {
        MemoryChannel heard = new MemoryChannel(new byte[0]);
        MemoryChannel none = new MemoryChannel(new byte[0]);
        CompletableFuture<Integer> server =
                to.start(List.of("/root/switch", "serve", "1000"), List.of(), "/", none, heard, heard);
        Guest.Answer answer = Guest.run(from, "/", List.of("/root/switch", "ask", address, "1000"));
        assertThat(answer).isEqualTo(new Guest.Answer(0, "got 1000 bytes\nping\n"));
        assertThat(server.get(60, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void whenTheProcessThatServesTheSwitchIsKilledAnotherOneDoes(@TempDir Path folder) throws Exception {
        GuestPrograms.build();
        String net = "unix:" + folder.resolve("s");
        Process first = Vk.start("run", "--net", net + ",1", "sh", "-c", "echo up; sleep 1000");
        try {
            assertThat(first.getInputStream().readNBytes(3)).isEqualTo("up\n".getBytes(StandardCharsets.UTF_8));
            try (VirtualKernel two = VirtualKernel.boot(config(net + ",2"));
                    VirtualKernel three = VirtualKernel.boot(config(net))) {
                talk(two, three, "10.0.3.3");
                first.descendants().forEach(ProcessHandle::destroyForcibly);
                first.destroyForcibly().onExit().get(60, TimeUnit.SECONDS);
                talk(three, two, "10.0.3.2");
                talk(two, three, "10.0.3.3");
            }
        } finally {
            first.descendants().forEach(ProcessHandle::destroyForcibly);
            first.destroyForcibly();
        }
    }

    private static BootConfig config(String net) throws java.io.IOException {
        return BootConfig.standard()
                .withRoot(HostTar.file("root/switch", new FileRom(GuestPrograms.binary("switch"))))
                .withOption("net", net);
    }
}
