package vkernel.it.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import vkernel.boot.BootConfig;
import vkernel.boot.MemoryChannel;
import vkernel.boot.Program;
import vkernel.boot.VirtualKernel;
import vkernel.boot.client.Guest;
import vkernel.it.Shells;

/** A kernel gains and loses parts, by its shell's commands, while a program counts in it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecomposeTest {
    private static final int SIGKILL = 9;
    private static final int SOCKET = 198; // Linux: asm-generic/unistd.h
    private static final int AF_INET = 2;
    private static final int SOCK_STREAM = 1;

    private final MemoryChannel nothing = new MemoryChannel(new byte[0]);
    private final MemoryChannel counted = new MemoryChannel(new byte[0]);

    @TempDir
    private Path folder;

    private VirtualKernel kernel;
    private Program counter;

    @BeforeAll
    void boot() {
        kernel = VirtualKernel.boot(BootConfig.standard());
        counter = start("i=0; while [ ! -e /tmp/enough ]; do i=$((i+1)); echo $i; cat </dev/null; done", counted);
    }

    private Program start(String script, MemoryChannel out) {
        return kernel.launch(List.of("/bin/sh", "-c", script), kernel.config().env(), "/", nothing, out, out);
    }

    @AfterAll
    void theGuestIsUnharmed() throws Exception {
        try (VirtualKernel running = kernel) {
            assertThat(running.run("/bin/touch", "/tmp/enough").status()).isZero();
            assertThat(counter.status().get(30, TimeUnit.SECONDS)).isZero();
            List<String> lines = new String(counted.written(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            for (int i = 0; i < lines.size(); i++) {
                assertThat(lines.get(i)).isEqualTo(Integer.toString(i + 1));
            }
            assertThat(running.kernel().stats().oopses).isZero();
        }
    }

    /** What a command prints, complaints too. */
    private String gogo(String command) {
        return Shells.gogo(kernel, command);
    }

    private String guest(String script) {
        return Shells.sh(kernel, script);
    }

    private static List<String> bundles(VirtualKernel kernel) {
        return Stream.of(kernel.context().getBundles())
                .map(Bundle::getSymbolicName)
                .sorted()
                .toList();
    }

    @Test
    void aFileSystemGoesWhenItIsNotMountedAndComesBackMounted() {
        assertThat(gogo("kernel:remove fs:sysfs")).contains("cannot go", "fs:sysfs is mounted on /sys");
        assertThat(guest("ls /sys")).contains("kernel");
        assertThat(guest("umount /sys && ls /sys")).isEmpty();
        assertThat(gogo("kernel:remove fs:sysfs"))
                .contains("- guest.fs.sysfs", "mounts nothing on /sys any more", " ms");
        assertThat(guest("mount -t sysfs sysfs /sys || cat /proc/filesystems"))
                .contains("No such device", "proc")
                .doesNotContain("nodev\tsysfs");
        assertThat(gogo("kernel:add fs:sysfs")).contains("+ guest.fs.sysfs: you want fs:sysfs", "mounts sysfs on /sys");
        assertThat(guest("ls /sys")).contains("kernel");
    }

    @Test
    void aDriverGoesWhenItsDevicesAreClosed() throws Exception {
        MemoryChannel out = new MemoryChannel(new byte[0]);
        Program holder = start("exec 3</dev/rtc0; echo held; sleep 100", out);
        while (out.written().length == 0) {
            assertThat(holder.status()).isNotDone();
            Thread.onSpinWait();
        }
        assertThat(gogo("kernel:remove device:rtc"))
                .containsPattern("device:rtc: files are held open by .*\\(" + holder.pid() + "\\)");
        assertThat(guest("ls /dev/rtc0")).isEqualTo("/dev/rtc0\n");
        holder.signal(SIGKILL);
        holder.status().get(30, TimeUnit.SECONDS);
        assertThat(gogo("kernel:remove device:rtc --json")).contains("\"change\": \"removed\"", "drivers.rtc");
        assertThat(guest("ls /dev")).contains("null").doesNotContain("rtc0");
        assertThat(gogo("kernel:add rtc")).contains("+ drivers.rtc");
        assertThat(guest("ls /dev/rtc0")).isEqualTo("/dev/rtc0\n");
    }

    @Test
    void theNetworkStaysWhileSomebodyHasASocket() {
        Guest holder = kernel.client();
        long socket = holder.call(SOCKET, AF_INET, SOCK_STREAM, 0);
        assertThat(socket).isNotNegative();
        assertThat(gogo("kernel:remove net device:net host.net"))
                .contains("cannot go: it is in use", "sockets are open, held by client (" + holder.getpid() + ")");
        assertThat(holder.close(socket)).isZero();
        holder.close();
    }

    @Test
    void aPolicyGoesWhenItHasNoTasksAndTheNetworkWhenItHasNoSockets() {
        assertThat(gogo("kernel:remove sched:fair")).contains("sched:fair schedules ", "sh (" + counter.pid() + ")");
        assertThat(gogo("sched:switch rr; kernel:remove sched:fair net device:net host.net"))
                .contains("- guest.sched.fair", "- guest.net", "- drivers.net", "- host.net");
        assertThat(kernel.kernel().call(kernel.kernel()::missing)).isEmpty();
        assertThat(gogo("kernel:add sched:fair net")).contains("+ guest.sched.fair", "+ guest.net");
        assertThat(gogo("sched:switch fair")).contains("rr -> fair");
        assertThat(gogo("kernel:remove sched:rr; kernel:add sched:rr"))
                .contains("- guest.sched.rr", "+ guest.sched.rr");
    }

    @Test
    void whatCannotBeIsToldAndNothingHasChanged() {
        List<String> before = bundles(kernel);
        assertThat(gogo("kernel:add fs:ext9")).contains("nothing here gives fs:ext9; of its kind there are fs:archive");
        assertThat(gogo("kernel:remove fs:tmpfs")).contains("fs:tmpfs cannot go: guest.fs.archive wants fs:tmpfs");
        assertThat(gogo("kernel:remove shell bundle:org.apache.felix.gogo.command"))
                .contains("shell cannot go: it is in use");
        assertThat(bundles(kernel)).isEqualTo(before);
    }

    @Test
    void whatIsSavedBootsToTheSame() {
        guest("umount /sys");
        assertThat(gogo("sched:switch rr; kernel:remove fs:sysfs fs:ext4 sched:fair; kernel:add live"))
                .contains("- guest.fs.ext", "+ live");
        Path file = folder.resolve("saved.bndrun");
        assertThat(gogo("kernel:save " + file)).contains("saved.bndrun: ", " parts");
        try (VirtualKernel again = VirtualKernel.boot(BootConfig.standard().withKernel(file.toString()))) {
            assertThat(bundles(again)).isEqualTo(bundles(kernel));
            assertThat(again.kernel().call(() -> again.kernel().sched().name())).isEqualTo("rr");
            String mounts = "cut -d ' ' -f 2,3 /proc/mounts";
            assertThat(again.run("/bin/sh", "-c", mounts).out()).isEqualTo(guest(mounts));
        }
        assertThat(gogo("kernel:add fs:sysfs sched:fair; sched:switch fair")).contains("rr -> fair");
    }
}
