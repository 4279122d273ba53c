package vkernel.guest.fs.ext;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vkernel.fs.Inode;
import vkernel.fs.SuperBlock;
import vkernel.kern.Result;

/** Damaged and malicious images: an error, never an exception, and never without end. */
class FuzzTest {
    private static final int IMAGES = 300;

    private final long seed = Long.getLong("vkernel.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void aDamagedImageGivesErrorsOnly() {
        System.out.println("FuzzTest seed " + seed + " (-Dvkernel.seed=)");
        byte[] withSums = filled(Images.make(2, "-t", "ext4", "-O", "^has_journal"));
        byte[] plain = filled(Images.make(2, "-t", "ext4", "-O", "^metadata_csum,^has_journal"));
        byte[] old = filled(Images.make(2, "-t", "ext2"));
        byte[] journal = filled(Images.make(8, "-t", "ext4", "-O", "^metadata_csum"));
        List<byte[]> images = List.of(withSums, plain, plain, old, journal);
        for (int i = 0; i < IMAGES; i++) {
            use(damaged(images.get(i % images.size()).clone()));
        }
    }

    /** A kind of block, and where an image of {@link #parts} has them: from, to. */
    private enum Structure {
        SUPER_BLOCK,
        DESCRIPTORS,
        INODES,
        DIRECTORIES,
        EXTENTS;

        int[] in(byte[] image) {
            int table = (int) Le.u32(image, 2 * BLOCK + 8) * BLOCK;
            return switch (this) {
                case SUPER_BLOCK -> new int[] {1024, 2048};
                case DESCRIPTORS -> new int[] {2 * BLOCK, 2 * BLOCK + 64};
                case INODES -> new int[] {table + INODE, table + 80 * INODE};
                case DIRECTORIES -> first(image, table, true);
                case EXTENTS -> first(image, table, false);
            };
        }

        /** The block to which the extents of the first inode of the kind lead. */
        private static int[] first(byte[] image, int table, boolean directory) {
            for (int ino = 12; ino < 100; ino++) {
                int inode = table + (ino - 1) * INODE;
                int root = inode + Inodes.BLOCK;
                boolean is = (Le.u16(image, inode) & 0xf000) == 0x4000;
                int depth = Le.u16(image, root + 6);
                if (directory ? is : depth > 0 && Le.u16(image, root) == 0xf30a) {
                    int block = (int) Le.u32(image, root + 12 + (depth == 0 ? 8 : 4));
                    return new int[] {block * BLOCK, (block + 1) * BLOCK};
                }
            }
            throw new AssertionError("no such inode");
        }
    }

    private static final int BLOCK = 1024;
    private static final int INODE = 256;

    private static byte[] parts() {
        byte[] image = Images.make(2, "-t", "ext4", "-b", "1024", "-I", "256", "-O", "^metadata_csum,^has_journal");
        Machine machine = Machine.mounted(filled(image));
        Inode pieces = machine.file(machine.root(), "pieces").value();
        for (int i = 0; i < 20; i++) {
            assertThat(machine.write(pieces, i * 3L * 4096, new byte[] {1})).isEqualTo(1);
        }
        return machine.unmounted();
    }

    /** Without checksums, which would find each of these at once. */
    @ParameterizedTest
    @EnumSource(Structure.class)
    void damageOfOneKindGivesErrorsOnly(Structure kind) {
        System.out.println("FuzzTest " + kind + " seed " + seed + " (-Dvkernel.seed=)");
        byte[] sound = parts();
        int[] range = kind.in(sound);
        for (int i = 0; i < IMAGES / 3; i++) {
            byte[] image = sound.clone();
            for (int wounds = 1 + random.nextInt(4); wounds > 0; wounds--) {
                int at = range[0] + random.nextInt(range[1] - range[0]);
                image[at] = (byte) (random.nextBoolean() ? random.nextInt() : image[at] ^ 1 << random.nextInt(8));
            }
            use(image);
        }
    }

    private static byte[] filled(byte[] image) {
        Machine machine = Machine.mounted(image);
        Inode dir =
                machine.fs().mkdir(machine.task, machine.root(), "dir", 0040755).value();
        for (int i = 0; i < 60; i++) {
            Inode file = machine.file(dir, "a file of some length " + i).value();
            machine.write(file, i * 1000L, new byte[i * 30]);
        }
        machine.fs().symlink(machine.task, dir, "link", "x".repeat(200));
        return machine.unmounted();
    }

    /** Metadata lies in the first blocks: that is where most of the damage is done. */
    private byte[] damaged(byte[] image) {
        int wounds = 1 + random.nextInt(12);
        for (int i = 0; i < wounds; i++) {
            int at = switch (random.nextInt(4)) {
                case 0 -> 1024 + random.nextInt(1020);
                case 1 -> 2048 + random.nextInt(2048);
                case 2 -> random.nextInt(image.length / 8);
                default -> random.nextInt(image.length);
            };
            image[at] = (byte) (random.nextBoolean() ? random.nextInt() : image[at] ^ 1 << random.nextInt(8));
        }
        return image;
    }

    private void use(byte[] image) {
        Machine machine = new Machine(image);
        Result<SuperBlock> mounted = machine.mount(random.nextBoolean() ? "ro" : "");
        if (!mounted.ok()) {
            assertThat(mounted.error()).isNegative();
            return;
        }
        machine.sb = mounted.value();
        walk(machine, machine.root(), 0);
        if (!machine.sb.readOnly) {
            change(machine);
        }
        machine.fs().unmount(machine.sb);
    }

    private void walk(Machine machine, Inode dir, int depth) {
        List<String> names = new ArrayList<>();
        machine.fs().readdir(machine.task, machine.open(dir), (name, ino, type, next) -> names.add(name));
        for (String name : names.subList(0, Math.min(names.size(), 100))) {
            Result<Inode> found = machine.fs().lookup(machine.task, dir, name);
            if (found.ok() && found.value().regular()) {
                machine.read(found.value(), 0, 5000);
            } else if (found.ok() && found.value().directory() && depth < 2) {
                walk(machine, found.value(), depth + 1);
            }
        }
    }

    private void change(Machine machine) {
        for (int i = 0; i < 5; i++) {
            Result<Inode> made = machine.file(machine.root(), "new" + i);
            if (made.ok()) {
                machine.write(made.value(), 0, new byte[3000]);
            }
        }
        Result<Inode> dir = machine.fs().lookup(machine.task, machine.root(), "dir");
        for (int i = 0; i < 60 && dir.ok(); i += 7) {
            Result<Inode> file = machine.fs().lookup(machine.task, dir.value(), "a file of some length " + i);
            if (file.ok() && file.value().regular()) {
                machine.fs().truncate(machine.task, file.value(), 100);
                machine.remove(dir.value(), "a file of some length " + i);
            }
        }
        machine.sync(machine.root());
    }
}
