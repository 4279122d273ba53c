package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vkernel.it.Shells.sh;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import vkernel.boot.BootConfig;
import vkernel.boot.BootException;
import vkernel.boot.VirtualKernel;
import vkernel.host.BlockSource;

/** Disks of the machine in a kernel that runs: they last, they are locked, and their drivers can be replaced. */
class DisksTest {
    private static final Path MKE2FS = Path.of("/usr/sbin/mke2fs");
    private static final String MOUNT = "mount -t ext4 /dev/vda /mnt && ";

    @TempDir
    Path folder;

    private Path image;

    @BeforeEach
    void makeImage() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(MKE2FS), "e2fsprogs are not here");
        image = folder.resolve("disk.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(16 << 20);
        }
        Process made = new ProcessBuilder(MKE2FS.toString(), "-q", "-F", "-t", "ext4", image.toString())
                .inheritIO()
                .start();
        assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    private VirtualKernel boot(BlockSource disk) {
        return VirtualKernel.boot(BootConfig.standard().withDisk(disk));
    }

    @Test
    void aFileOutlivesTheKernelThatWroteIt() {
        try (VirtualKernel kernel = boot(BlockSource.of(image))) {
            assertThat(sh(kernel, MOUNT + "echo kept > /mnt/x")).isEmpty();
        }
        try (VirtualKernel kernel = boot(new BlockSource(image, true, null, ""))) {
            assertThat(sh(kernel, MOUNT + "cat /mnt/x")).isEqualTo("kept\n");
            assertThat(sh(kernel, "echo no > /mnt/x")).contains("Read-only");
        }
    }

    @Test
    void anOverlayLeavesItsBaseAndIsRefusedOverAnother() throws IOException {
        byte[] before = Files.readAllBytes(image);
        BlockSource over = new BlockSource(image, false, folder.resolve("overlay"), "");
        try (VirtualKernel kernel = boot(over)) {
            assertThat(sh(kernel, MOUNT + "echo kept > /mnt/x")).isEmpty();
        }
        assertThat(Files.readAllBytes(image)).isEqualTo(before);
        try (VirtualKernel kernel = boot(over)) {
            assertThat(sh(kernel, MOUNT + "cat /mnt/x")).isEqualTo("kept\n");
        }
        before[5000] ^= 1;
        Files.write(image, before);
        assertThatThrownBy(() -> boot(over)).isInstanceOf(BootException.class).hasMessageContaining("has changed");
    }

    @Test
    void aSecondUserIsRefused() {
        try (VirtualKernel kernel = boot(BlockSource.of(image))) {
            assertThat(kernel.host().blockFiles()).hasSize(1);
            assertThatThrownBy(() -> boot(BlockSource.of(image)))
                    .isInstanceOf(BootException.class)
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void driverAndFileSystemAreReplacedUnderAMount() throws BundleException {
        try (VirtualKernel kernel = boot(BlockSource.of(image))) {
            assertThat(sh(kernel, MOUNT + "echo before > /mnt/x")).isEmpty();
            for (String name : new String[] {"guest.fs.ext", "drivers.disk"}) {
                for (Bundle bundle : kernel.context().getBundles()) {
                    if (name.equals(bundle.getSymbolicName())) {
                        bundle.stop();
                        bundle.start();
                    }
                }
                assertThat(sh(kernel, "echo after " + name + " >> /mnt/x; sync"))
                        .isEmpty();
                assertThat(sh(kernel, "mkdir /mnt/" + name + "; head -c 300000 /dev/zero > /mnt/" + name + "/f; sync"))
                        .isEmpty();
            }
            assertThat(sh(kernel, "echo more > /mnt/y && cat /mnt/x; umount /mnt"))
                    .isEqualTo("before\nafter guest.fs.ext\nafter drivers.disk\n");
        }
    }
}
