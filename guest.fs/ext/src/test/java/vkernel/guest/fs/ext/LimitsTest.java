package vkernel.guest.fs.ext;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import vkernel.fs.Inode;
import vkernel.kern.Errno;
import vkernel.kern.OpenState;
import vkernel.kern.Result;
import vkernel.kern.StateRejected;

/** Full disks, many files, large and sparse ones, attributes, failing disks, another provider. */
class LimitsTest {
    private static final byte[] IMAGE = Images.make(16, "-t", "ext4", "-b", "4096");

    private final Machine machine = Machine.mounted(IMAGE);

    private void check() {
        Images.check(machine.unmounted(), "after unmounting");
    }

    @Test
    void aFullDiskSaysSoAndHasRoomAgain() {
        long n = 1;
        int files = 0;
        while (n > 0) {
            Result<Inode> file = machine.file(machine.root(), "fill" + files++);
            n = file.ok() ? machine.write(file.value(), 0, new byte[1 << 20]) : file.error();
        }
        assertThat(n).isEqualTo(-Errno.ENOSPC);
        assertThat(files).isGreaterThan(8);
        machine.remove(machine.root(), "fill0");
        machine.sync(machine.root());
        Inode again = machine.file(machine.root(), "again").value();
        assertThat(machine.write(again, 0, new byte[300_000])).isEqualTo(300_000);
        check();
    }

    @Test
    void thousandsOfFilesInOneDirectory() {
        Inode dir =
                machine.fs().mkdir(machine.task, machine.root(), "many", 040755).value();
        for (int i = 0; i < 3000; i++) {
            machine.file(dir, "a file with a name " + i);
        }
        for (int i = 0; i < 3000; i += 3) {
            assertThat(machine.remove(dir, "a file with a name " + i)).isZero();
        }
        Machine again = Machine.mounted(machine.unmounted());
        Inode many = again.lookup(again.root(), "many");
        assertThat(again.fs().lookup(again.task, many, "a file with a name 3").ok())
                .isFalse();
        assertThat(again.fs()
                        .lookup(again.task, many, "a file with a name 2999")
                        .ok())
                .isTrue();
        Images.check(again.unmounted(), "after all");
    }

    @Test
    void aSparseFileHoldsWhatWasWrittenFarApart() {
        Inode file = machine.file(machine.root(), "sparse").value();
        Random random = new Random(5);
        TreeMap<Long, byte[]> written = new TreeMap<>();
        for (int i = 0; i < 400; i++) {
            byte[] bytes = new byte[100];
            random.nextBytes(bytes);
            long at = (long) random.nextInt(1 << 20) << 20;
            assertThat(machine.write(file, at, bytes)).isEqualTo(100);
            written.put(at, bytes);
        }
        Machine again = Machine.mounted(machine.unmounted());
        Inode same = again.lookup(again.root(), "sparse");
        written.forEach((at, bytes) -> assertThat(again.read(same, at, 100)).isEqualTo(bytes));
        assertThat(again.read(same, written.firstKey() + 8192, 4)).containsExactly(0, 0, 0, 0);
        again.fs().truncate(again.task, same, 1L << 30);
        again.fs().truncate(again.task, same, 0);
        Images.check(again.unmounted(), "after cutting");
    }

    @Test
    void attributesLastInTheInodeAndInABlock() {
        Inode file = machine.file(machine.root(), "f").value();
        file.xattrs = new TreeMap<>(Map.of("user.small", new byte[] {1, 2, 3}));
        machine.fs().changed(file);
        machine.sync(machine.root());
        file.xattrs.put("user.large", new byte[2000]);
        file.xattrs.put("security.capability", new byte[20]);
        assertThat(machine.fs().hasRoom(file, file.xattrs)).isTrue();
        assertThat(machine.fs().hasRoom(file, Map.of("user.x", new byte[5000]))).isFalse();
        machine.fs().changed(file);
        byte[] image = machine.unmounted();
        Images.check(image, "with attributes");
        assertThat(Images.debugfs(image, "ea_list f")).contains("user.large", "user.small", "security.capability");
        Machine again = Machine.mounted(image);
        assertThat(again.lookup(again.root(), "f").xattrs).containsKeys("user.small", "user.large");
        again.remove(again.root(), "f");
        Images.check(again.unmounted(), "without");
    }

    @Test
    void aHashedDirectoryOfOthersIsReadAndChanged() {
        byte[] hashed = Images.hashed(IMAGE, 400);
        Machine other = Machine.mounted(hashed);
        Inode dir = other.lookup(other.root(), "dir");
        assertThat(Inodes.flags(Inodes.data(dir).raw) & Inodes.INDEX_FL).isNotZero();
        assertThat(other.fs().lookup(other.task, dir, "name number 399").ok()).isTrue();
        other.file(dir, "one more");
        other.remove(dir, "name number 7");
        byte[] image = other.unmounted();
        Images.check(image, "a hashed directory");
        assertThat(Images.debugfs(image, "ls dir")).contains("one more").doesNotContain("name number 7 ");
    }

    @Test
    void aDiskThatFailsMakesItReadOnlyAndSaysSo() {
        Inode file = machine.file(machine.root(), "f").value();
        machine.write(file, 0, new byte[10_000]);
        machine.disk.failEvery = 1;
        assertThat(machine.sync(file)).isEqualTo(-Errno.EIO);
        assertThat(machine.sb.readOnly).isTrue();
        assertThat(machine.write(file, 0, new byte[10])).isEqualTo(-Errno.EROFS);
    }

    @Test
    void anotherProviderGoesOnWhereThisOneStopped() throws StateRejected {
        Inode file = machine.file(machine.root(), "open").value();
        machine.write(file, 0, "before".getBytes());
        Ext before = (Ext) machine.fs();
        Ext next = new Ext(machine.kernel.kernel());
        OpenState state = before.release();
        next.adopt(state);
        machine.slot.fill(next);
        assertThat(machine.read(file, 0, 10)).asString().isEqualTo("before");
        machine.write(file, 6, " and after".getBytes());
        assertThat(machine.lookup(machine.root(), "open")).isSameAs(file);
        machine.file(machine.root(), "another");
        Machine again = Machine.mounted(machine.unmounted());
        assertThat(again.read(again.lookup(again.root(), "open"), 0, 99))
                .asString()
                .isEqualTo("before and after");
        Images.check(again.unmounted(), "after a swap");
    }

    @Test
    void aDiskWithForeignFeaturesIsRefusedWithTheReason() {
        Machine other = new Machine(Images.make(8, "-t", "ext4", "-O", "inline_data"));
        assertThat(other.mount("").error()).isEqualTo(-Errno.EUCLEAN);
        Machine quota = new Machine(Images.make(8, "-t", "ext4", "-O", "quota"));
        assertThat(quota.mount("").error()).isEqualTo(-Errno.EUCLEAN);
        assertThat(quota.mount("ro").ok()).isTrue();
    }
}
