package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.it.DiskImagesTest.tool;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.boot.Program;

/** The root file system on a disk that e2fsprogs made of a folder, by the commands that docs/disks.md gives. */
class RootOnDiskTest {
    private static final String ROOTFS = "vkernel/user/rootfs.cpio.gz";

    @TempDir
    Path folder;

    private Path image;

    @BeforeEach
    void makeImage() throws IOException, InterruptedException {
        Path root = Files.createDirectory(folder.resolve("root"));
        Path archive = folder.resolve("rootfs.cpio.gz");
        try (InputStream in = Program.class.getClassLoader().getResourceAsStream(ROOTFS)) {
            assertThat(in).as(ROOTFS).isNotNull();
            Files.copy(in, archive);
        }
        tool("", "/bin/sh", "-c", "cd " + root + " && gzip -dc " + archive + " | cpio -id --quiet --no-preserve-owner");
        image = folder.resolve("root.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(32 << 20);
        }
        tool("", "/usr/sbin/mke2fs", "-q", "-F", "-t", "ext4", "-d", root.toString(), image.toString());
    }

    private String run(String disk, String commands) {
        Vk.Ended ended = Vk.run("run", "--disk", image + disk, "--root", "vda", "/bin/sh", "-c", commands);
        assertThat(ended.status()).as(ended.err()).isZero();
        return ended.out() + ended.err();
    }

    private void check() throws IOException, InterruptedException {
        tool("", "/usr/sbin/e2fsck", "-fn", image.toString());
    }

    @Test
    void whatIsWrittenToTheRootIsThereAtTheNextStart() throws IOException, InterruptedException {
        assertThat(run(
                        "",
                        "grep ' / ' /proc/mounts | cut -d ' ' -f 3; mkdir -p /var/log; echo kept > /var/log/x; sync"))
                .isEqualTo("ext4\n");
        check();
        assertThat(run("", "cat /var/log/x; mv /var/log/x /y; cp /bin/box /box && chmod 700 /box"))
                .isEqualTo("kept\n");
        check();
        assertThat(run(",ro", "cat /y; cmp /box /bin/box; stat -c %a /box; ls /var/log"))
                .isEqualTo("kept\n700\n");
    }

    @Test
    void aBootTakesADiskForItsRootUnlessItIsToldAnother() {
        Vk.Ended taken = Vk.run("boot", "--disk", image.toString(), "--init", "/bin/nosuch");
        assertThat(taken.status()).isEqualTo(125);
        assertThat(taken.err()).contains("cannot run /bin/nosuch of the root file system on /dev/vda: ENOENT");
        Vk.Ended told = Vk.run("boot", "--disk", image.toString(), "--root", "builtin", "--init", "/bin/nosuch");
        assertThat(told.status()).isEqualTo(125);
        assertThat(told.err()).contains("cannot run /bin/nosuch: ENOENT");
    }

    @Test
    void aRootOnAnOverlayLeavesItsImage() throws IOException {
        byte[] before = Files.readAllBytes(image);
        String over = ",overlay=" + folder.resolve("changes.vko");
        run(over, "echo over > /x");
        assertThat(run(over, "cat /x")).isEqualTo("over\n");
        assertThat(Files.readAllBytes(image)).isEqualTo(before);
    }
}
