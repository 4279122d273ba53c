package vkernel.guest.fs.ext;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vkernel.fs.Inode;
import vkernel.kern.Errno;

/** What e2fsck finds well is well, and what debugfs damages is found. */
class CheckTest {
    private static List<String> faults(byte[] image) {
        Machine machine = new Machine(image);
        var sb = machine.mount("ro").value();
        List<String> faults = new ArrayList<>();
        assertThat(machine.fs().check(sb, faults::add)).isEqualTo(faults.size());
        return faults;
    }

    /** Files and folders of many kinds. */
    private static byte[] filled(byte[] image) {
        Machine machine = Machine.mounted(image);
        Random random = new Random(7);
        Inode dir = machine.root();
        for (int i = 0; i < 150; i++) {
            if (i % 20 == 0) {
                dir = machine.fs()
                        .mkdir(machine.task, dir, "folder" + i, 040755)
                        .value();
            }
            Inode file = machine.file(dir, "file" + i).value();
            byte[] bytes = new byte[random.nextInt(60_000)];
            random.nextBytes(bytes);
            machine.write(file, random.nextInt(3) * 100_000L, bytes);
            machine.fs().link(machine.task, dir, "again" + i, file);
            machine.fs().symlink(machine.task, dir, "link" + i, "x".repeat(1 + random.nextInt(200)));
            if (i % 7 == 0) {
                machine.remove(dir, "link" + i);
            }
        }
        return machine.unmounted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-t ext4", "-t ext2", "-t ext3", "-t ext4 -b 1024", "-t ext4 -O ^metadata_csum,^64bit"})
    void findsNothingWhereAllIsWell(String options) {
        byte[] image = filled(Images.make(48, options.split(" ")));
        Images.check(image, options);
        assertThat(faults(image)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "freeb 3000 200|is in use, and its bitmap says that it is free",
                "setb 12200 5|5 blocks are nobody's",
                "unlink /folder0/file0|links of inode",
                "set_inode_field /folder0/file1 links_count 7|links of inode",
                "clri /folder0/file2|is not in use",
                "freei /folder0/file3|is not in use",
                "set_super_value free_blocks_count 17|free blocks of the super block: 17",
                "set_bg 0 free_inodes_count 3|free inodes of group 0: 3",
                "link <8> /folder0/odd|leads to inode 8"
            })
    void findsWhatIsDamaged(String damage) {
        String[] parts = damage.split("\\|");
        byte[] image = filled(Images.make(48, "-t", "ext4", "-O", "^metadata_csum"));
        List<String> faults = faults(Images.change(image, parts[0]));
        assertThat(faults).as(damage).anyMatch(fault -> fault.contains(parts[1]));
    }

    @Test
    void findsWhatIsTornUp() {
        byte[] image = filled(Images.make(48, "-t", "ext4"));
        byte[] noise = new byte[4096 * 20];
        new Random(3).nextBytes(noise);
        System.arraycopy(noise, 0, image, 4096 * 40, noise.length);
        assertThat(faults(image)).isNotEmpty();
    }

    @Test
    void doesNotLookAtWhatIsBeingWritten() {
        Machine machine = Machine.mounted(Images.make(16, "-t", "ext4"));
        assertThat(machine.fs().check(machine.sb, fault -> {})).isEqualTo(-Errno.EBUSY);
    }
}
