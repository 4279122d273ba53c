package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.it.DiskImagesTest.tool;
import static vkernel.it.Shells.sh;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.Share;
import vkernel.boot.VirtualKernel;
import vkernel.host.BlockSource;
import vkernel.host.FileRom;

/**
 * The disk of this machine is full: a small file system of its own, which takes the right to mount one. Without that the
 * tests are skipped; what the file systems make of the errors is tested without.
 */
class FullHostDiskTest {
    private static final int MEGABYTES = 4;

    @TempDir
    Path folder;

    private Path small;

    @BeforeEach
    void mount() throws Exception {
        small = Files.createDirectory(folder.resolve("small"));
        Assumptions.assumeTrue(
                done("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "none", small.toString()),
                "this user cannot mount");
    }

    @AfterEach
    void unmount() throws Exception {
        done("umount", small.toString());
    }

    private static boolean done(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private static BootConfig config() throws Exception {
        GuestPrograms.build();
        return BootConfig.standard().withRoot(HostTar.file("root/full", new FileRom(GuestPrograms.binary("full"))));
    }

    private void moreRoom() throws Exception {
        assertThat(done("mount", "-o", "remount,size=64m", small.toString())).isTrue();
    }

    @Test
    void aShareSaysThatThereIsNoSpaceAndKeepsWhatItHas() throws Exception {
        try (VirtualKernel kernel = VirtualKernel.boot(config().withShare(Share.parse(small + ":/mnt")))) {
            assertThat(sh(kernel, "echo kept > /mnt/kept; sync")).isEmpty();
            assertThat(sh(kernel, "/root/full write /mnt/large"))
                    .isEqualTo("write: No space left on device\nfsync: done\n");
            assertThat(sh(kernel, "echo more > /mnt/more")).contains("No space left on device");
            assertThat(sh(kernel, "cat /mnt/kept; df /mnt | tail -1"))
                    .startsWith("kept\n")
                    .contains("100%");
            assertThat(Files.size(small.resolve("large"))).isBetween(3L << 20, 4L << 20);
            assertThat(sh(kernel, "rm /mnt/large; echo more > /mnt/more; cat /mnt/more"))
                    .isEqualTo("more\n");
            assertThat(sh(kernel, "/root/full map /mnt/mapped"))
                    .as("said once, to who syncs first")
                    .isEqualTo("ftruncate: done\nmsync: No space left on device\nfsync: done\n");
            assertThat(sh(kernel, "cat /mnt/kept; rm /mnt/mapped")).isEqualTo("kept\n");
            assertThat(kernel.kernel().stats().oopses).isZero();
        }
    }

    private static void mke2fs(Path image) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(16 << 20);
        }
        tool("", "/usr/sbin/mke2fs", "-q", "-F", "-t", "ext4", "-J", "size=1", image.toString());
    }

    /** What was synced before the disk was full is there, while it is full and when it is mounted again. */
    private void fill(BlockSource disk) throws Exception {
        String tree = "for i in 1 2 3 4 5; do echo $i > /mnt/$i; done; sync; cat /mnt/?";
        try (VirtualKernel kernel = VirtualKernel.boot(config().withDisk(disk))) {
            assertThat(sh(kernel, "mount -t ext4 /dev/vda /mnt; " + tree)).isEqualTo("1\n2\n3\n4\n5\n");
            assertThat(sh(kernel, "/root/full write /mnt/large")).contains("fsync: Input/output error");
            assertThat(sh(kernel, "echo more > /mnt/more")).contains("Read-only file system");
            assertThat(sh(kernel, "cat /mnt/?")).isEqualTo("1\n2\n3\n4\n5\n");
            assertThat(sh(kernel, "umount /mnt; dmesg")).contains("No space left on device");
            assertThat(kernel.kernel().stats().oopses).isZero();
        }
        moreRoom();
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard().withDisk(disk))) {
            assertThat(sh(kernel, "mount -t ext4 /dev/vda /mnt; cat /mnt/?")).isEqualTo("1\n2\n3\n4\n5\n");
            assertThat(sh(kernel, "echo more > /mnt/more; umount /mnt")).isEmpty();
        }
    }

    @Test
    void aSparseImageThatCannotGrowIsAFailingDisk() throws Exception {
        Path image = small.resolve("disk.img");
        mke2fs(image);
        fill(BlockSource.of(image));
        tool("", "/usr/sbin/e2fsck", "-fn", image.toString());
    }

    @Test
    void anOverlayThatCannotGrowIsAFailingDisk() throws Exception {
        Path base = folder.resolve("base.img");
        mke2fs(base);
        fill(BlockSource.parse(base + ",overlay=" + small.resolve("over")));
    }
}
