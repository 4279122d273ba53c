package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.it.Shells.sh;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.MemoryChannel;
import vkernel.boot.VirtualKernel;
import vkernel.host.BlockSource;
import vkernel.host.FileRom;
import vkernel.host.MachineConfig.Time;
import vkernel.kern.End;

/** The guest's own watchdog, its clock beside a disk of the same number, and where its random bytes come from. */
class ClockAndWatchdogTest {
    private static final String PET = "i=0; while [ $i -lt 10 ]; do echo . >&3; sleep 30; i=$((i + 1)); done; ";

    @TempDir
    Path folder;

    private static BootConfig virtual(long seed) {
        return BootConfig.standard().withTime(Time.VIRTUAL, seed);
    }

    private static String log(VirtualKernel kernel) {
        return kernel.kernel().call(() -> kernel.kernel().dmesg().lines().toString());
    }

    @Test
    void aGuestThatStopsPettingIsBootedAgain() throws Exception {
        try (VirtualKernel kernel = VirtualKernel.boot(virtual(1))) {
            assertThat(sh(kernel, "exec 3>/dev/watchdog; " + PET + "echo V >&3; exec 3>&-; sleep 1000; echo lives"))
                    .isEqualTo("lives\n");
            MemoryChannel nothing = new MemoryChannel(new byte[0]);
            String hangs = "exec 3>/dev/watchdog; " + PET + "while :; do sleep 1000; done";
            var unused = kernel.start(List.of("/bin/sh", "-c", hangs), nothing, nothing, nothing);
            End end = kernel.kernel().ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertThat(end.kind()).isEqualTo(End.Kind.REBOOT);
            assertThat(end.message()).contains("no sign of life for 60 s");
        }
    }

    @Test
    void aGuestThatStopsPettingIsReportedIfThatIsAskedFor() {
        try (VirtualKernel kernel = VirtualKernel.boot(virtual(1).withOption("watchdog", "report"))) {
            assertThat(sh(kernel, "exec 3>/dev/watchdog; sleep 200; echo goes on"))
                    .isEqualTo("goes on\n");
            assertThat(log(kernel))
                    .contains("watchdog: no sign of life for 60 s")
                    .contains("watchdog: did not stop!");
        }
    }

    @Test
    void aClockAndADiskMayHaveTheSameNumber() throws Exception {
        GuestPrograms.build();
        Path image = folder.resolve("disk.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(1 << 20);
            file.writeBytes("disk contents");
        }
        BootConfig config = virtual(1)
                .withRoot(HostTar.file("root/clockdog", new FileRom(GuestPrograms.binary("clockdog"))))
                .withDisk(BlockSource.of(image));
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            assertThat(sh(kernel, "ls -l /dev/rtc0 /dev/vda")).containsPattern("c.*254, +0.*rtc0\nb.*254, +0.*vda");
            assertThat(sh(kernel, "head -c 13 /dev/vda; echo; head -c 4 /dev/rtc0; /root/clockdog | head -n 4"))
                    .startsWith("disk contents\n")
                    .contains("as the system's clock: yes");
        }
    }

    @Test
    void randomBytesAreTheSeedsInVirtualTimeAndTheHostsInRealTime() {
        assertThat(random(virtual(7))).isEqualTo(random(virtual(7))).isNotEqualTo(random(virtual(8)));
        assertThat(random(BootConfig.standard())).isNotEqualTo(random(BootConfig.standard()));
    }

    private static String random(BootConfig config) {
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            String bytes = sh(kernel, "head -c 32 /dev/urandom | hexdump -C; head -c 16 /dev/random | hexdump -C");
            assertThat(bytes).hasLineCount(5);
            return bytes;
        }
    }
}
