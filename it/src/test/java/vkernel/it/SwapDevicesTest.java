package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.VirtualKernel;
import vkernel.host.BlockSource;
import vkernel.host.FileRom;

/** Swap space that a guest makes itself, by busybox's mkswap(8) and swapon(8): partitions, and files on ext. */
class SwapDevicesTest {
    private static final int MEGABYTES = 16;

    @TempDir
    Path folder;

    private Path disk(String name, int megabytes) throws IOException {
        Path image = folder.resolve(name);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) megabytes << 20);
        }
        return image;
    }

    private VirtualKernel boot(Path... disks) throws Exception {
        GuestPrograms.build();
        BootConfig config = BootConfig.standard()
                .withMemory((long) MEGABYTES << 20)
                .withRoot(HostTar.file("root/hog", new FileRom(GuestPrograms.binary("hog"))))
                .withRoot(HostTar.file("root/swapon", new FileRom(GuestPrograms.binary("swapon"))))
                .withRoot(new FileRom(Guest.debian(List.of("busybox-static")).archive()));
        for (Path disk : disks) {
            config = config.withDisk(BlockSource.of(disk));
        }
        return VirtualKernel.boot(config);
    }

    private static String sh(VirtualKernel kernel, String commands) {
        return Shells.sh(kernel, "b=/usr/bin/busybox; " + commands);
    }

    /** What {@code swapon PATH alone} prints. */
    private static String opens(String path, String first, String second, String shared, String last) {
        return """
                %1$s alone: %2$s
                %1$s alone: %3$s
                %1$s: %4$s
                %1$s alone: %5$s
                """.formatted(path, first, second, shared, last);
    }

    private static void check(VirtualKernel kernel) {
        kernel.kernel().call(() -> {
            assertThat(kernel.kernel().vm().check()).isEmpty();
            assertThat(kernel.kernel().vm().counters().outOfMemory).isZero();
            return true;
        });
        assertThat(kernel.kernel().stats().oopses).isZero();
    }

    @Test
    void partitionsByTheirPriorities() throws Exception {
        Path disk = disk("disk", 96);
        DiskImagesTest.tool("label: gpt\nsize=8MiB\nsize=72MiB\n", "/usr/sbin/sfdisk", "-q", disk.toString());
        try (VirtualKernel kernel = boot(disk)) {
            assertThat(sh(kernel, "$b swapon /dev/vda1; echo $?"))
                    .contains("Invalid argument")
                    .doesNotContain("0\n");
            sh(kernel, "$b mkswap /dev/vda1; $b mkswap /dev/vda2");
            assertThat(sh(kernel, "/root/swapon /dev/vda1 7; $b swapon /dev/vda2; cat /proc/swaps"))
                    .containsPattern("/dev/vda1 +partition\t8188\t\t0\t\t7\n/dev/vda2 +partition\t73724\t\t0\t\t-2\n$");
            assertThat(sh(kernel, "$b swapon /dev/vda2")).contains("busy");
            assertThat(sh(kernel, "/root/swapon /dev/vda1 alone; /root/swapon /dev/vda alone"))
                    .isEqualTo(opens("/dev/vda1", "EBUSY", "EBUSY", "open", "EBUSY")
                            + opens("/dev/vda", "EBUSY", "EBUSY", "open", "EBUSY"));
            assertThat(sh(kernel, "mount -t ext4 /dev/vda1 /mnt")).contains("busy");
            assertThat(kernel.run("/root/hog", Integer.toString(2 * MEGABYTES)).status())
                    .isZero();
            check(kernel);
            assertThat(sh(kernel, "$b swapoff /dev/vda1 && $b swapoff /dev/vda2; cat /proc/swaps"))
                    .doesNotContain("vda");
            assertThat(sh(kernel, "$b swapoff /dev/vda2")).contains("Invalid argument");
            assertThat(sh(kernel, "/root/swapon /dev/vda1 alone"))
                    .isEqualTo(opens("/dev/vda1", "open", "EBUSY", "open", "open"));
            kernel.kernel().call(() -> {
                assertThat(kernel.kernel().vm().counters().swapIns).isPositive();
                return true;
            });
        }
    }

    @Test
    void aFileOnExtThatNobodyWritesThen() throws Exception {
        Path disk = disk("disk", 96);
        DiskImagesTest.tool("", "/usr/sbin/mke2fs", "-q", "-F", "-t", "ext4", disk.toString());
        try (VirtualKernel kernel = boot(disk)) {
            sh(kernel, "mount -t ext4 /dev/vda /mnt; dd if=/dev/zero of=/mnt/swap bs=1M count=72 status=none");
            sh(kernel, "$b mkswap /mnt/swap; truncate -s 40M /mnt/holes; $b mkswap /mnt/holes; echo kept > /mnt/x");
            assertThat(sh(kernel, "/root/swapon /mnt/holes 1")).contains("Invalid argument");
            assertThat(sh(kernel, "$b swapon /mnt/swap; cat /proc/swaps"))
                    .containsPattern("/mnt/swap +file\t\t73[0-9]{3}\t\t0\t\t-2\n$");
            assertThat(sh(kernel, "echo x >> /mnt/swap")).contains("busy");
            assertThat(sh(kernel, "/root/swapon /mnt/swap touch"))
                    .isEqualTo("fallocate: ETXTBSY\ncopy_file_range: ETXTBSY\n");
            assertThat(kernel.run("/root/hog", Integer.toString(2 * MEGABYTES)).status())
                    .isZero();
            check(kernel);
            assertThat(sh(kernel, "rm /mnt/swap; $b swapoff /mnt/swap; cat /mnt/x"))
                    .contains("kept");
            assertThat(sh(kernel, "df /mnt | tail -1")).isNotEmpty();
        }
        DiskImagesTest.tool("", "/usr/sbin/e2fsck", "-fn", disk.toString());
    }
}
