package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.Output;
import vkernel.boot.Share;
import vkernel.boot.VirtualKernel;
import vkernel.host.BlockSource;
import vkernel.host.FileRom;

/** A program that modifies twice the memory there is by shared mappings of a file, without swap space. */
class LargeMappingTest {
    private static final int MEGABYTES = 16;

    @TempDir
    Path folder;

    private static BootConfig config() {
        return BootConfig.standard()
                .withMemory((long) MEGABYTES << 20)
                .withRoot(HostTar.file("root/hog", new FileRom(GuestPrograms.binary("hog"))));
    }

    private static void modify(VirtualKernel kernel, String file) {
        Output output = kernel.run("/root/hog", Integer.toString(2 * MEGABYTES), file);
        assertThat(output.out() + output.err())
                .isEqualTo("threads: as written\nmemory: as written\nlocked: 0 pages gone\n");
        kernel.kernel().call(() -> {
            assertThat(kernel.kernel().vm().check()).isEmpty();
            assertThat(kernel.kernel().vm().counters().outOfMemory).isZero();
            assertThat(kernel.kernel().vm().counters().reclaimed)
                    .as("some rounds of all pages, and not the same few again and again")
                    .isBetween((long) MEGABYTES << 8, (long) MEGABYTES << 12);
            return true;
        });
        assertThat(kernel.kernel().stats().oopses).isZero();
    }

    /** What it wrote in its last round is what lasts. */
    private static void check(Path large) throws IOException {
        LongBuffer words = ByteBuffer.wrap(Files.readAllBytes(large))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer();
        assertThat(words.capacity()).isEqualTo(2 * MEGABYTES << 17);
        for (int page = 0; page < 2 * MEGABYTES << 8; page++) {
            for (int i = page * 512; i < (page + 1) * 512; i += 37) {
                long x = (i + 1) * 0x9E3779B97F4A7C15L ^ 3;
                if (words.get(i) != (x ^ x >>> 29)) {
                    throw new AssertionError("word " + i % 512 + " of page " + page);
                }
            }
        }
    }

    @Test
    void goesToTheDisk() throws Exception {
        GuestPrograms.build();
        Path image = folder.resolve("disk.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(64 << 20);
        }
        DiskImagesTest.tool("", "/usr/sbin/mke2fs", "-q", "-F", "-t", "ext4", image.toString());
        try (VirtualKernel kernel = VirtualKernel.boot(config().withDisk(BlockSource.of(image)))) {
            assertThat(Shells.sh(kernel, "mount -t ext4 /dev/vda /mnt")).isEmpty();
            modify(kernel, "/mnt/large");
        }
        DiskImagesTest.tool("", "/usr/sbin/e2fsck", "-fn", image.toString());
        Path large = folder.resolve("large");
        DiskImagesTest.tool("", "/usr/sbin/debugfs", "-R", "dump /large " + large, image.toString());
        check(large);
    }

    @Test
    void goesToAFolderOfTheHost() throws Exception {
        GuestPrograms.build();
        try (VirtualKernel kernel = VirtualKernel.boot(config().withShare(Share.parse(folder + ":/mnt")))) {
            modify(kernel, "/mnt/large");
        }
        check(folder.resolve("large"));
    }
}
