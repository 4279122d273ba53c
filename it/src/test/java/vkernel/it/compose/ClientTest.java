package vkernel.it.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.framework.Bundle;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;
import vkernel.boot.client.Guest;
import vkernel.boot.client.Into;
import vkernel.boot.client.Stat;
import vkernel.boot.instance.InstanceException;
import vkernel.boot.instance.RemoteGuest;
import vkernel.fs.Mode;
import vkernel.it.Vk;
import vkernel.kern.Errno;

/** Host programs that make system calls: in this JVM, and over the socket of a kernel in another. */
class ClientTest {
    private static final String NAME = "clients";
    private static VirtualKernel kernel;

    /** Where the kernel is. */
    enum Way {
        LOCAL,
        REMOTE
    }

    @BeforeAll
    static void boot() {
        kernel = VirtualKernel.boot(BootConfig.standard());
        Vk.run("rm", "-f", NAME);
        assertThat(Vk.run("boot", "-d", "--name", NAME).status()).isZero();
    }

    @AfterAll
    static void end() {
        kernel.close();
        Vk.run("stop", NAME);
        Vk.run("rm", NAME);
    }

    private static Guest guest(Way way) {
        return way == Way.LOCAL ? kernel.client() : RemoteGuest.connect(NAME);
    }

    @ParameterizedTest
    @EnumSource
    void filesAreMadeReadListedAndRemoved(Way way) {
        try (Guest guest = guest(way)) {
            assertThat(guest.mkdir("/tmp/client", 0750)).isZero();
            byte[] much = new byte[300_000];
            new Random(1).nextBytes(much);
            assertThat(guest.writeAll("/tmp/client/much", much, 0640)).isZero();
            assertThat(guest.readAll("/tmp/client/much").value()).isEqualTo(much);
            assertThat(guest.symlink("much", "/tmp/client/link")).isZero();
            assertThat(guest.list("/tmp/client").value()).containsExactlyInAnyOrder("much", "link");
            Stat stat = guest.stat("/tmp/client/link", true).value();
            assertThat(stat.size()).isEqualTo(much.length);
            assertThat(stat.mode()).isEqualTo(Mode.S_IFREG | 0640);
            assertThat(guest.stat("/tmp/client", false).value().directory()).isTrue();
            assertThat(guest.rename("/tmp/client/much", "/tmp/client/more")).isZero();
            assertThat(guest.rmdir("/tmp/client")).isEqualTo(-Errno.ENOTEMPTY);
            assertThat(guest.unlink("/tmp/client/more")).isZero();
            assertThat(guest.unlink("/tmp/client/link")).isZero();
            assertThat(guest.rmdir("/tmp/client")).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void errorsAreValues(Way way) {
        try (Guest guest = guest(way)) {
            assertThat(guest.open("/no/such", 0, 0)).isEqualTo(-Errno.ENOENT);
            assertThat(guest.close(99)).isEqualTo(-Errno.EBADF);
            assertThat(guest.call(9999)).isEqualTo(-Errno.ENOSYS);
            assertThat(guest.call(220, 17, 0, 0, 0, 0)).as("clone").isEqualTo(-Errno.ENOSYS);
            assertThat(guest.call(63, 0, -1L, 10)).as("read to a bad address").isLessThan(0);
            assertThatThrownBy(() -> guest.call(64, 1, new byte[Guest.MOST + 1], 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> guest.call(64, 1, 2.5f, new Object()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(guest.getpid()).as("it is still there").isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatWaitsIsWokenByAnotherProcess(Way way) throws Exception {
        try (Guest reader = guest(way);
                Guest writer = guest(way)) {
            assertThat(writer.call(33, Guest.AT_FDCWD, "/tmp/fifo", Mode.S_IFIFO | 0600, 0))
                    .isZero();
            CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> {
                long fd = reader.open("/tmp/fifo", Mode.O_RDONLY, 0);
                byte[] bytes = new byte[100];
                long n = reader.read(fd, bytes);
                return new String(bytes, 0, (int) n, StandardCharsets.UTF_8);
            });
            long fd = writer.open("/tmp/fifo", Mode.O_WRONLY, 0);
            assertThat(writer.write(fd, "grüß dich".getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(11);
            assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo("grüß dich");
            assertThat(writer.unlink("/tmp/fifo")).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSignalEndsTheProcessAndTheCallThatWaits(Way way) throws Exception {
        try (Guest victim = guest(way);
                Guest other = guest(way)) {
            long pid = victim.getpid();
            int end = victim.pipe().value()[0];
            CompletableFuture<Long> waits = CompletableFuture.supplyAsync(() -> victim.read(end, new byte[1]));
            assertThat(other.kill((int) pid, 15)).isZero();
            assertThat(waits.get(20, TimeUnit.SECONDS)).isEqualTo(-Errno.ESRCH);
            assertThat(victim.getpid()).isEqualTo(-Errno.ESRCH);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoGoesLeavesNoProcess(Way way) {
        try (Guest stays = guest(way)) {
            Guest goes = guest(way);
            long pid = goes.getpid();
            goes.close();
            while (stays.kill((int) pid, 0) == 0) {
                Thread.onSpinWait();
            }
            assertThat(stays.kill((int) pid, 0)).isEqualTo(-Errno.ESRCH);
        }
    }

    @Test
    void structuresGoBothWays() {
        try (Guest guest = kernel.client()) {
            byte[] name = new byte[6 * 65];
            Into uts = new Into(name);
            assertThat(guest.call(160, uts)).isZero();
            assertThat(new String(name, 0, 5, StandardCharsets.UTF_8)).isEqualTo("Linux");
            assertThat(Arrays.equals(uts.first(5), "Linux".getBytes(StandardCharsets.UTF_8)))
                    .isTrue();
        }
    }

    @Test
    void partsAreReplacedUnderItsCalls() throws Exception {
        try (Guest guest = kernel.client()) {
            CompletableFuture<Long> calls = CompletableFuture.supplyAsync(() -> {
                long fd = guest.open("/tmp/count", Mode.O_RDWR | Mode.O_CREAT, 0600);
                for (int i = 0; i < 3_000; i++) {
                    assertThat(guest.write(fd, new byte[] {(byte) i})).isOne();
                }
                return guest.seek(fd, 0, 1);
            });
            for (String name : List.of("guest.linux", "guest.kern", "guest.vm", "guest.fs.tmpfs", "guest.sched.fair")) {
                for (Bundle bundle : kernel.context().getBundles()) {
                    if (bundle.getSymbolicName().equals(name)) {
                        bundle.update();
                    }
                }
            }
            assertThat(calls.get(60, TimeUnit.SECONDS)).isEqualTo(3_000);
        }
    }

    @Test
    void aKernelThatEndsAnswers() {
        VirtualKernel short_ = VirtualKernel.boot(BootConfig.standard());
        Guest guest = short_.client();
        short_.close();
        assertThat(guest.getpid()).isEqualTo(-Errno.ESRCH);
    }

    @Test
    void onlyItsUserMayConnect() throws Exception {
        Path folder = vkernel.boot.instance.Instance.named(NAME).folder();
        assertThat(java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThatThrownBy(() -> RemoteGuest.connect("nosuchkernel")).isInstanceOf(InstanceException.class);
    }
}
