package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.it.Shells.gogo;
import static vkernel.it.Shells.sh;

import com.sun.net.httpserver.HttpServer;
import java.io.RandomAccessFile;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.VirtualKernel;
import vkernel.host.BlockSource;
import vkernel.host.FileRom;
import vkernel.host.MachineConfig.Time;
import vkernel.net.Gateway;

/** What a guest sees of the faults that are asked for: an error, a wait, nothing at all, or a file system read-only. */
class FaultsOnDemandTest {
    private static final String MOUNT = "mount -t ext4 /dev/vda /mnt";

    @TempDir
    Path folder;

    private Path image;
    private final long seed = new Random().nextInt(1 << 16);

    @BeforeEach
    void makeImage() throws Exception {
        image = folder.resolve("disk.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(16 << 20);
        }
        DiskImagesTest.tool("", "/usr/sbin/mke2fs", "-q", "-F", "-t", "ext4", image.toString());
    }

    /** In virtual time, in which waiting costs nothing and takes exactly as long as it should. */
    private VirtualKernel boot() {
        return VirtualKernel.boot(
                BootConfig.standard().withTime(Time.VIRTUAL, 1).withDisk(BlockSource.of(image)));
    }

    private void checked() throws Exception {
        DiskImagesTest.tool("", "/usr/sbin/e2fsck", "-fn", image.toString());
    }

    @Test
    void aReadThatFailsIsAnErrorToWhoReads() {
        try (VirtualKernel kernel = boot()) {
            assertThat(sh(kernel, MOUNT + "; head -c 2000000 /dev/zero > /mnt/f; umount /mnt; " + MOUNT + "; ls /mnt"))
                    .contains("f\n");
            assertThat(gogo(kernel, "fault:add vda read error every 1")).isBlank();
            assertThat(sh(kernel, "dd if=/dev/vda of=/dev/null bs=4096 count=1 status=none; echo $?"))
                    .contains("Input/output error")
                    .startsWith("1\n");
            assertThat(sh(kernel, "cat /mnt/f > /dev/null; echo $?"))
                    .startsWith("1\n")
                    .contains("Input/output error");
            assertThat(gogo(kernel, "fault:list")).containsPattern("vda +read +error +1 +[2-9]");
            gogo(kernel, "fault:clear vda");
            assertThat(sh(kernel, "cat /mnt/f | wc -c; touch /mnt/g && echo written; umount /mnt"))
                    .as("a read error alone does no harm")
                    .isEqualTo("2000000\nwritten\n");
        }
    }

    @Test
    void aWriteThatFailsMakesTheFileSystemReadOnly() throws Exception {
        try (VirtualKernel kernel = boot()) {
            assertThat(sh(kernel, MOUNT + " && echo synced > /mnt/x && sync && grep -c ' /mnt ext4 rw' /proc/mounts"))
                    .isEqualTo("1\n");
            gogo(kernel, "fault:add vda write error every 1");
            assertThat(sh(kernel, "echo lost > /mnt/y; dd if=/dev/zero of=/mnt/z bs=64k count=1 status=none; sync"))
                    .doesNotContain("Read-only");
            assertThat(sh(kernel, "echo more > /mnt/w; grep -c ' /mnt ext4 ro' /proc/mounts; cat /mnt/x"))
                    .startsWith("1\nsynced\n")
                    .contains("Read-only file system");
            assertThat(gogo(kernel, "vk:dmesg")).contains("read-only");
            gogo(kernel, "fault:clear vda");
            assertThat(sh(kernel, "umount /mnt; " + MOUNT + "; cat /mnt/x; echo again > /mnt/x; umount /mnt"))
                    .isEqualTo("synced\n");
        }
        checked();
    }

    @Test
    void aWriteThatIsTornIsMadeGoodByTheJournal() throws Exception {
        try (VirtualKernel kernel = boot()) {
            assertThat(sh(kernel, MOUNT + " && echo synced > /mnt/x && sync")).isEmpty();
            gogo(kernel, "fault:add vda write torn every 2 seed " + seed);
            sh(kernel, "for i in 1 2 3 4 5 6 7 8; do echo $i > /mnt/$i; sync; done");
            assertThat(gogo(kernel, "fault:list"))
                    .as("seed " + seed)
                    .containsPattern("vda +write +torn +2 +" + seed + " +[1-9]");
            gogo(kernel, "fault:clear vda");
            assertThat(sh(kernel, "umount /mnt; " + MOUNT + "; cat /mnt/x; umount /mnt"))
                    .as("seed " + seed)
                    .isEqualTo("synced\n");
        }
        checked();
    }

    @Test
    void ofShortTransfersAndLostInterruptsAGuestSeesNoError() throws Exception {
        try (VirtualKernel kernel = boot()) {
            gogo(kernel, "fault:add vda read short every 2 seed " + seed + "; fault:add vda write short every 3");
            gogo(kernel, "fault:add vda flush lost every 5; fault:add vda read lost every 7");
            String made =
                    "i=0; while [ $i -lt 20 ]; do seq $i 3000 > /mnt/f$i; i=$((i + 1)); done; cat /mnt/f* | cksum";
            String before = sh(kernel, MOUNT + "; " + made + "; umount /mnt");
            String after = sh(kernel, MOUNT + "; cat /mnt/f* | cksum; umount /mnt");
            assertThat(after).as("seed " + seed).isEqualTo(before).doesNotContain("rror");
            assertThat(gogo(kernel, "fault:list"))
                    .containsPattern("read +short +2 +" + seed + " +[1-9]")
                    .containsPattern("write +short +3 +[1-9]");
            kernel.kernel().call(() -> {
                var disk = Disks.first(kernel);
                assertThat(disk.retries).isPositive();
                assertThat(disk.errors).isZero();
                return true;
            });
        }
        checked();
    }

    /** Seconds since boot, around a read of the disk. */
    private static double seconds(VirtualKernel kernel, String command) {
        String times = sh(kernel, "cat /proc/uptime; " + command + "; cat /proc/uptime");
        String[] lines = times.split("\n");
        return up(lines[lines.length - 1]) - up(lines[0]);
    }

    private static double up(String line) {
        return Double.parseDouble(line.split(" ")[0]);
    }

    @Test
    void aDelayAndALostInterruptAreAWaitInWhichOthersRun() {
        String read = "dd if=/dev/vda of=/dev/null bs=4096 count=1 status=none";
        try (VirtualKernel kernel = boot()) {
            assertThat(seconds(kernel, read)).isLessThan(0.2);
            gogo(kernel, "fault:add vda read delay=3000 every 1");
            assertThat(seconds(kernel, read)).isBetween(3.0, 3.3);
            assertThat(sh(kernel, "{ " + read + "; echo read; } & sleep 1; echo runs; wait"))
                    .isEqualTo("runs\nread\n");
            gogo(kernel, "fault:clear vda; fault:add vda read lost every 1");
            assertThat(seconds(kernel, read))
                    .as("the driver looks after a second")
                    .isBetween(1.0, 1.3);
            assertThat(gogo(kernel, "fault:list")).containsPattern("vda +read +lost +1 +1\\b");
            kernel.kernel().call(() -> {
                assertThat(Disks.first(kernel).timeouts).isEqualTo(1);
                return true;
            });
        }
    }

    /** In real time, in which the disk answers later. */
    @Test
    void aPageFaultIsAWaitInWhichOthersRun() throws Exception {
        GuestPrograms.build();
        BootConfig config = BootConfig.standard()
                .withDisk(BlockSource.of(image))
                .withRoot(HostTar.file("root/sum", new FileRom(GuestPrograms.binary("sum"))));
        String anew = "umount /mnt; " + MOUNT + "; stat -c %s /mnt/f; ";
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            assertThat(sh(kernel, MOUNT + "; yes | head -c 8192 > /mnt/f; /root/sum /mnt/f"))
                    .isEqualTo("536576\n");
            sh(kernel, anew);
            gogo(kernel, "fault:add vda read delay=1500 every 1");
            String turns = sh(
                    kernel,
                    "/root/sum /mnt/f > /tmp/sum & i=0; while [ ! -s /tmp/sum ]; do i=$((i + 1)); done; cat /tmp/sum; echo $i");
            gogo(kernel, "fault:clear vda");
            assertThat(turns).startsWith("536576\n");
            assertThat(Integer.parseInt(turns.strip().split("\n")[1])).isGreaterThan(100);
            sh(kernel, anew);
            gogo(kernel, "fault:add vda read error every 1");
            assertThat(sh(kernel, "/root/sum /mnt/f; echo $?; cat /mnt/f > /dev/null; echo $?"))
                    .contains("135\n")
                    .contains("Input/output error")
                    .contains("\n1\n");
            assertThat(kernel.kernel().stats().oopses).isZero();
        }
        checked();
    }

    @Test
    void whatIsNoFaultIsRefusedInWords() {
        try (VirtualKernel kernel = boot()) {
            assertThat(gogo(kernel, "fault:add vda read sometimes")).contains("KIND EFFECT every N");
            assertThat(gogo(kernel, "fault:add vda flush short every 2")).contains("moves nothing");
            assertThat(gogo(kernel, "fault:add vda read delay every 2")).contains("milliseconds");
            assertThat(gogo(kernel, "fault:add vdz read error every 2")).contains("no disk vdz");
        }
    }

    // --- net0 -------------------------------------------------------------------------------------------------------

    private static VirtualKernel online() throws Exception {
        GuestPrograms.build();
        FileRom root = new FileRom(Guest.debian(List.of("busybox-static")).archive());
        return VirtualKernel.boot(BootConfig.standard()
                .withRoot(root)
                .withRoot(HostTar.file("root/udp", new FileRom(GuestPrograms.binary("udp"))))
                .withNetwork());
    }

    private static Gateway.Faults faults(VirtualKernel kernel) {
        return kernel.kernel().call(() -> kernel.kernel().gateway().get().faults(""));
    }

    @Test
    void ofLostPacketsAConnectionIsLateAndMessagesAreGone() throws Exception {
        byte[] bytes = new byte[60_000];
        new Random(seed).nextBytes(bytes);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        AtomicInteger heard = new AtomicInteger();
        try (VirtualKernel kernel = online();
                DatagramSocket echo = echo(heard)) {
            assertThat(gogo(kernel, "fault:add net0 loss 1/4 delay 3 seed " + seed))
                    .contains("seed " + seed);
            String url = "http://10.0.2.2:" + server.getAddress().getPort() + "/";
            assertThat(sh(kernel, "/usr/bin/busybox wget -q -O /tmp/f " + url + "; wc -c < /tmp/f"))
                    .as("seed " + seed)
                    .isEqualTo("60000\n");
            Gateway.Faults connected = faults(kernel);
            assertThat(connected.late()).as("seed " + seed).isPositive();
            int got = Integer.parseInt(sh(kernel, "/root/udp 10.0.2.2 " + echo.getLocalPort() + " 200")
                    .replaceAll("\\D", ""));
            assertThat(heard.get()).as("seed " + seed).isBetween(1, 199);
            assertThat(faults(kernel).lost() - connected.lost())
                    .as("what is not there was lost, seed " + seed)
                    .isEqualTo(200 - heard.get() + heard.get() - got);
            assertThat(gogo(kernel, "fault:list"))
                    .containsPattern("net0 +send +loss +0.2500 +" + seed + " +[1-9]")
                    .containsPattern("net0 +send +delay=3 ");
            gogo(kernel, "fault:clear net0");
            assertThat(sh(kernel, "/root/udp 10.0.2.2 " + echo.getLocalPort() + " 50"))
                    .isEqualTo("got 50\n");
        } finally {
            server.stop(0);
        }
    }

    /** Sends back what comes, until it is closed. */
    private static DatagramSocket echo(AtomicInteger heard) throws SocketException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            try {
                while (true) {
                    socket.receive(packet);
                    heard.incrementAndGet();
                    socket.send(packet);
                }
            } catch (java.io.IOException closed) {
                assertThat(socket.isClosed()).isTrue();
            }
        });
        return socket;
    }

    /** The first disk of a kernel. Kernel lock held. */
    private static final class Disks {
        static vkernel.dev.Disk first(VirtualKernel kernel) {
            return kernel.kernel().devices().stream()
                    .filter(vkernel.dev.BlockDevices.class::isInstance)
                    .map(vkernel.dev.BlockDevices.class::cast)
                    .findFirst()
                    .orElseThrow()
                    .disks()
                    .getFirst();
        }
    }
}
