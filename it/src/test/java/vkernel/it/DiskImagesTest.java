package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vkernel.it.Shells.sh;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.boot.BootConfig;
import vkernel.boot.BootException;
import vkernel.boot.VirtualKernel;
import vkernel.host.BlockSource;

/** Images of many kinds as disks: with partitions, of CDs, cut short, removed while they are used. */
class DiskImagesTest {
    @TempDir
    Path folder;

    private Path image(int megabytes) throws IOException {
        Path image = folder.resolve("disk.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) megabytes << 20);
        }
        return image;
    }

    /** Runs a tool of this machine; without it the test is skipped. */
    static void tool(String input, String... command) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of(command[0])), command[0] + " is not here");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.outputWriter()) {
            in.write(input);
        }
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    private static void mke2fs(Path image, String... more) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of("/usr/sbin/mke2fs", "-q", "-F", "-t", "ext4"));
        command.addAll(List.of(more));
        command.add(1 + command.indexOf("ext4"), "-L");
        command.add(1 + command.indexOf("-L"), "label");
        command.add(image.toString());
        if (more.length > 0) {
            command.add("4M");
        }
        tool("", command.toArray(String[]::new));
    }

    private static VirtualKernel boot(BlockSource... disks) {
        BootConfig config = BootConfig.standard();
        for (BlockSource disk : disks) {
            config = config.withDisk(disk);
        }
        return VirtualKernel.boot(config);
    }

    @Test
    void partitionsOfGptAndMbrAreDevices() throws Exception {
        Path gpt = image(16);
        tool("label: gpt\nsize=4MiB\nsize=2MiB\nsize=1MiB\n", "/usr/sbin/sfdisk", "-q", gpt.toString());
        mke2fs(gpt, "-E", "offset=" + (1 << 20));
        Path mbr = Files.copy(gpt, folder.resolve("mbr.img"));
        tool(
                "label: dos\nsize=4MiB\nsize=1MiB\nsize=8MiB, type=5\n5: size=2MiB\n6: size=3MiB\n",
                "/usr/sbin/sfdisk",
                "-q",
                "--wipe=never",
                mbr.toString());
        try (VirtualKernel kernel = boot(BlockSource.of(gpt), BlockSource.parse(mbr + ",serial=MBR-7"))) {
            assertThat(sh(kernel, "cd /sys/class/block; for i in vd*; do echo $i $(cat $i/size); done"))
                    .isEqualTo("vda 32768\nvda1 8192\nvda2 4096\nvda3 2048\n"
                            + "vdb 32768\nvdb1 8192\nvdb2 2048\nvdb3 2\nvdb5 4096\nvdb6 6144\n");
            assertThat(sh(kernel, "cat /sys/block/vdb/serial /sys/block/vdb/vdb5/partition /sys/block/vda/serial"))
                    .isEqualTo("MBR-7\n5\ndisk00\n");
            for (String disk : List.of("vda1", "vdb1")) {
                assertThat(sh(
                                kernel,
                                "mount -t ext4 /dev/" + disk + " /mnt && echo " + disk + " > /mnt/x && umount /mnt"))
                        .isEmpty();
            }
            assertThat(sh(kernel, "mount -t ext4 /dev/vda2 /mnt")).isNotEmpty();
            assertThat(sh(
                            kernel,
                            "mount -t ext4 /dev/vda1 /mnt && cat /mnt/x && dd if=/dev/zero of=/dev/vda2 bs=1M"
                                    + " status=none; wc -c < /dev/vda2; cat /mnt/x; umount /mnt"))
                    .contains("vda1\n")
                    .contains("2097152\nvda1\n");
        }
    }

    @Test
    void anImageOfACdIsADiskThatIsNotWritten() throws Exception {
        Path cd = image(1);
        try (RandomAccessFile file = new RandomAccessFile(cd.toFile(), "rw")) {
            file.seek(16 * 2048);
            file.write("\001CD001\001".getBytes());
        }
        byte[] before = Files.readAllBytes(cd);
        try (VirtualKernel kernel = boot(new BlockSource(cd, true, null, ""))) {
            assertThat(sh(kernel, "dd if=/dev/vda bs=2048 skip=16 count=1 status=none | head -c 6 | tail -c 5"))
                    .isEqualTo("CD001");
            assertThat(sh(kernel, "echo x > /dev/vda; cat /sys/block/vda/ro"))
                    .startsWith("1\n")
                    .contains("Read-only");
        }
        assertThat(Files.readAllBytes(cd)).isEqualTo(before);
    }

    @Test
    void anImageThatIsRemovedWhileItIsUsedIsThereUntilTheEnd() throws Exception {
        Path image = image(8);
        mke2fs(image);
        try (VirtualKernel kernel = boot(BlockSource.of(image))) {
            assertThat(sh(kernel, "mount -t ext4 /dev/vda /mnt; echo a > /mnt/x; sync"))
                    .isEmpty();
            Files.delete(image);
            assertThat(sh(
                            kernel,
                            "echo b >> /mnt/x; head -c 100000 /dev/zero > /mnt/y; sync; umount /mnt;"
                                    + " mount -t ext4 /dev/vda /mnt; cat /mnt/x; wc -c < /mnt/y; umount /mnt"))
                    .isEqualTo("a\nb\n100000\n");
        }
    }

    @Test
    void anImageThatIsCutShortGivesErrors() throws Exception {
        Path image = image(8);
        mke2fs(image);
        try (VirtualKernel kernel = boot(BlockSource.of(image))) {
            assertThat(sh(kernel, "mount -t ext4 /dev/vda /mnt; head -c 3000000 /dev/zero > /mnt/big; umount /mnt"))
                    .isEmpty();
            assertThat(sh(kernel, "mount -t ext4 /dev/vda /mnt")).isEmpty();
            try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                file.setLength(2 << 20);
            }
            assertThat(sh(kernel, "cat /mnt/big >/dev/null; echo still here"))
                    .contains("still here")
                    .contains("error");
        }
        try (VirtualKernel kernel = boot(BlockSource.of(image))) {
            assertThat(sh(kernel, "mount -t ext4 /dev/vda /mnt; echo $?")).doesNotStartWith("0");
        }
        Files.write(image, new byte[300]);
        try (VirtualKernel kernel = boot(BlockSource.of(image))) {
            assertThat(sh(kernel, "mount -t ext4 /dev/vda /mnt; echo $?")).doesNotStartWith("0");
        }
        Files.delete(image);
        assertThatThrownBy(() -> boot(BlockSource.of(image))).isInstanceOf(BootException.class);
    }
}
