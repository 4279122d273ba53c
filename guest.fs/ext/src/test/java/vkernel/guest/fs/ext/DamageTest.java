package vkernel.guest.fs.ext;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import vkernel.fs.Inode;
import vkernel.kern.Errno;
import vkernel.kern.Result;

/** One wrong byte, in each kind of block that has a checksum: an error, as often as it is asked, and what follows. */
class DamageTest {
    private static final int BLOCK = 4096;

    /** With a directory, a file in many pieces and one with attributes in a block of their own. */
    private static byte[] image() {
        Machine machine = Machine.mounted(Images.make(16, "-t", "ext4", "-b", "4096"));
        Inode dir =
                machine.fs().mkdir(machine.task, machine.root(), "dir", 040755).value();
        machine.file(dir, "name");
        Inode pieces = machine.file(machine.root(), "pieces").value();
        for (int i = 0; i < 20; i++) {
            machine.write(pieces, i * 3L * BLOCK, new byte[] {1});
        }
        Inode attributes = machine.file(machine.root(), "attributes").value();
        attributes.xattrs = new java.util.TreeMap<>(java.util.Map.of("user.large", new byte[2000]));
        machine.fs().changed(attributes);
        return machine.unmounted();
    }

    private final byte[] image = image();

    private int descriptor(int field) {
        return (int) Le.u32(image, BLOCK + field);
    }

    private int inode(long ino) {
        return descriptor(8) * BLOCK + (int) (ino - 1) * 256;
    }

    private long ino(String name) {
        Machine machine = Machine.mounted(image.clone());
        return machine.lookup(machine.root(), name).ino;
    }

    /** Where the first place lies to which an inode's extents lead. */
    private int first(long ino) {
        int root = inode(ino) + Inodes.BLOCK;
        boolean leaf = Le.u16(image, root + 6) == 0;
        return (int) Le.u32(image, root + 12 + (leaf ? 8 : 4)) * BLOCK;
    }

    private Machine damaged(int at, String options) {
        image[at] ^= 0x10;
        Machine machine = new Machine(image);
        machine.sb = machine.mount(options).value();
        return machine;
    }

    private static Result<Inode> lookup(Machine machine, String name) {
        return machine.fs().lookup(machine.task, machine.root(), name);
    }

    @Test
    void aSuperBlockIsRefused() {
        image[1024 + 0x78] ^= 1; // its name
        assertThat(new Machine(image).mount("").error()).isEqualTo(-Errno.EUCLEAN);
    }

    @Test
    void aDescriptorIsRefused() {
        image[BLOCK + 0xc] ^= 1; // free blocks
        assertThat(new Machine(image).mount("").error()).isEqualTo(-Errno.EUCLEAN);
    }

    @Test
    void anInodeIsRefusedAsOftenAsAsked() {
        Machine machine = damaged(inode(ino("pieces")) + 0x10, "");
        for (int i = 0; i < 3; i++) {
            assertThat(lookup(machine, "pieces").error()).isEqualTo(-Errno.EUCLEAN);
        }
        assertThat(lookup(machine, "attributes").ok()).isTrue();
        assertThat(machine.sb.readOnly).isFalse(); // errors=continue is what mke2fs leaves
        assertThat(Images.debugfs(machine.unmounted(), "stats")).contains("with errors");
    }

    @Test
    void aDirectoryIsRefusedAsOftenAsAsked() {
        Machine machine = damaged(first(ino("dir")) + 30, "");
        Inode dir = machine.lookup(machine.root(), "dir");
        for (int i = 0; i < 3; i++) {
            assertThat(machine.fs().lookup(machine.task, dir, "name").error()).isEqualTo(-Errno.EUCLEAN);
        }
    }

    @Test
    void aBlockOfExtentsIsRefusedAsOftenAsAsked() {
        Machine machine = damaged(first(ino("pieces")) + 20, "");
        Inode file = machine.lookup(machine.root(), "pieces");
        for (int i = 0; i < 3; i++) {
            assertThat(machine.fs()
                            .read(
                                    machine.task,
                                    machine.open(file),
                                    machine.kernel.vm().buffer(new byte[9], 0, 9),
                                    0))
                    .isEqualTo(-Errno.EUCLEAN);
        }
    }

    @Test
    void attributesAreRefused() {
        int at = inode(ino("attributes")) + 0x68;
        Machine machine = damaged((int) Le.u32(image, at) * BLOCK + 4000, "");
        for (int i = 0; i < 3; i++) {
            assertThat(lookup(machine, "attributes").error()).isEqualTo(-Errno.EUCLEAN);
        }
    }

    @Test
    void bitmapsAreRefused() {
        for (int field : List.of(0, 4)) {
            byte[] copy = image.clone();
            copy[descriptor(field) * BLOCK + 200] ^= 1;
            Machine machine = Machine.mounted(copy);
            for (int i = 0; i < 3; i++) {
                Result<Inode> made = machine.fs().symlink(machine.task, machine.root(), "long" + i, "x".repeat(100));
                assertThat(made.error()).as("bitmap %d", field).isEqualTo(-Errno.EUCLEAN);
            }
        }
    }

    @Test
    void errorsRemountReadOnlyAsAsked() {
        Machine machine = damaged(inode(ino("pieces")) + 0x10, "errors=remount-ro");
        assertThat(machine.sb.readOnly).isFalse();
        assertThat(lookup(machine, "pieces").error()).isEqualTo(-Errno.EUCLEAN);
        assertThat(machine.sb.readOnly).isTrue();
        assertThat(lookup(machine, "attributes").ok()).isTrue();
        assertThat(machine.sync(machine.root())).isEqualTo(-Errno.EIO);
        assertThat(Images.debugfs(machine.unmounted(), "stats")).contains("with errors");
    }

    @Test
    void whatTheSuperBlockAsksForIsDone() {
        byte[] asks = Images.change(Machine.mounted(image.clone()).unmounted(), "ssv errors 2");
        System.arraycopy(asks, 0, image, 0, image.length);
        Machine machine = damaged(inode(ino("pieces")) + 0x10, "");
        lookup(machine, "pieces");
        assertThat(machine.sb.readOnly).isTrue();
        assertThat(new Machine(image()).mount("errors=nonsense").error()).isEqualTo(-Errno.EINVAL);
    }

    /** Linux leaves what ended a block of names when it makes the block the root of an index. */
    @Test
    void anIndexMayLookLikeNames() throws Halt {
        byte[] hashed = Images.hashed(Images.make(8, "-t", "ext4", "-b", "1024"), 100);
        Machine machine = Machine.mounted(hashed.clone());
        Inode dir = machine.lookup(machine.root(), "dir");
        byte[] raw = Inodes.data(dir).raw;
        int at = (int) Le.u32(raw, Inodes.BLOCK + 12 + 8) * 1024;
        byte[] root = java.util.Arrays.copyOfRange(hashed, at, at + 1024);
        root[1016] = 12;
        root[1019] = (byte) 0xde;
        int seed = Crc.of(Crc.of(new Layout(superBlock(hashed), hashed.length).seed, (int) dir.ino), Le.i32(raw, 0x64));
        int sum = Crc.of(seed, root, 0, 32 + 8 * Le.u16(root, 34));
        Le.put32(root, 1020, Crc.of(Crc.of(sum, root, 1016, 4), 0));
        System.arraycopy(root, 0, hashed, at, 1024);
        Machine again = Machine.mounted(hashed);
        Inode same = again.lookup(again.root(), "dir");
        assertThat(again.fs().lookup(again.task, same, "name number 99").ok()).isTrue();
        Images.check(again.unmounted(), "an index that looks like names");
    }

    private static byte[] superBlock(byte[] image) {
        return java.util.Arrays.copyOfRange(image, 1024, 2048);
    }
}
