package vkernel.guest.fs.ext;

import static vkernel.guest.fs.ext.Le.put16;
import static vkernel.guest.fs.ext.Le.u16;
import static vkernel.guest.fs.ext.Le.u32;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Block groups: their descriptors, and the bitmaps that say which blocks and inodes are in use.
 *
 * @see <a href="https://docs.kernel.org/filesystems/ext4/group_descr.html">group descriptors</a>
 */
final class Groups {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int INODE_UNINIT = 1;
    private static final int BLOCK_UNINIT = 2;

    private final Layout layout;

    Groups(Layout layout) {
        this.layout = layout;
    }

    /** A group's descriptor within its block. */
    record Desc(byte[] block, int at) {}

    Desc read(Op op, int group) throws Halt {
        long block = layout.descBlock(group);
        byte[] bytes = op.read(block);
        return checked(op, bytes, group, op.unverified(-1 - group, block, bytes));
    }

    Desc write(Op op, int group) throws Halt {
        read(op, group);
        return new Desc(op.write(layout.descBlock(group)), layout.descOffset(group));
    }

    private Desc checked(Op op, byte[] block, int group, boolean verify) throws Halt {
        Desc desc = new Desc(block, layout.descOffset(group));
        if (!verify) {
            return desc;
        }
        if (layout.checksums && sum(desc, group) != u16(block, desc.at + 0x1e)) {
            throw Halt.damaged("the checksum of group descriptor %d is wrong", group);
        }
        long table = inodeTable(desc);
        long tableEnd = table + (layout.inodesPerGroup + layout.inodesPerBlock() - 1) / layout.inodesPerBlock();
        if (!layout.valid(blockBitmap(desc))
                || !layout.valid(inodeBitmap(desc))
                || !layout.valid(table)
                || tableEnd > layout.blocks) {
            throw Halt.damaged("group descriptor %d points outside", group);
        }
        op.verified(-1 - group, block);
        return desc;
    }

    private int sum(Desc desc, int group) {
        byte[] copy = java.util.Arrays.copyOfRange(desc.block, desc.at, desc.at + layout.descSize);
        put16(copy, 0x1e, 0);
        return Crc.of(Crc.of(layout.seed, group), copy, 0, copy.length) & 0xffff;
    }

    private void seal(Desc desc, int group) {
        if (layout.checksums) {
            put16(desc.block, desc.at + 0x1e, sum(desc, group));
        }
    }

    private boolean wide() {
        return layout.descSize >= 64;
    }

    private long place(Desc desc, int low, int high) {
        return u32(desc.block, desc.at + low) | (wide() ? u32(desc.block, desc.at + high) << 32 : 0);
    }

    private int count(Desc desc, int low, int high) {
        return u16(desc.block, desc.at + low) | (wide() ? u16(desc.block, desc.at + high) << 16 : 0);
    }

    private void count(Desc desc, int low, int high, int value) {
        put16(desc.block, desc.at + low, value);
        if (wide()) {
            put16(desc.block, desc.at + high, value >>> 16);
        }
    }

    long blockBitmap(Desc desc) {
        return place(desc, 0, 0x20);
    }

    long inodeBitmap(Desc desc) {
        return place(desc, 4, 0x24);
    }

    long inodeTable(Desc desc) {
        return place(desc, 8, 0x28);
    }

    int freeBlocks(Desc desc) {
        return count(desc, 0xc, 0x2c);
    }

    int freeInodes(Desc desc) {
        return count(desc, 0xe, 0x2e);
    }

    int directories(Desc desc) {
        return count(desc, 0x10, 0x30);
    }

    // --- bitmaps ----------------------------------------------------------------------------------------------------

    /** The bitmap of a group's blocks, to be changed; one that mke2fs left out is made. */
    byte[] blockBitmap(Op op, int group) throws Halt {
        Desc desc = read(op, group);
        long block = blockBitmap(desc);
        if ((u16(desc.block, desc.at + 0x12) & BLOCK_UNINIT) != 0) {
            byte[] bitmap = op.fresh(block);
            own(op, group, bitmap);
            flags(op, group, BLOCK_UNINIT);
            return bitmap;
        }
        return verified(op, block, desc, 0x18, 0x38, layout.blocksPerGroup / 8);
    }

    byte[] inodeBitmap(Op op, int group) throws Halt {
        Desc desc = read(op, group);
        long block = inodeBitmap(desc);
        if ((u16(desc.block, desc.at + 0x12) & INODE_UNINIT) != 0) {
            byte[] bitmap = op.fresh(block);
            java.util.Arrays.fill(bitmap, layout.inodesPerGroup / 8, bitmap.length, (byte) 0xff);
            flags(op, group, INODE_UNINIT);
            return bitmap;
        }
        return verified(op, block, desc, 0x1a, 0x3a, layout.inodesPerGroup / 8);
    }

    private byte[] verified(Op op, long block, Desc desc, int low, int high, int length) throws Halt {
        byte[] bitmap = op.read(block);
        if (layout.checksums && op.unverified(block, bitmap)) {
            int sum = Crc.of(layout.seed, bitmap, 0, length);
            int known = u16(desc.block, desc.at + low) | (wide() ? u16(desc.block, desc.at + high) << 16 : 0);
            if ((wide() ? sum : sum & 0xffff) != known) {
                throw Halt.damaged("the checksum of the bitmap in block %d is wrong", block);
            }
            op.verified(block, bitmap);
        }
        return op.write(block);
    }

    private void flags(Op op, int group, int cleared) throws Halt {
        Desc desc = write(op, group);
        put16(desc.block, desc.at + 0x12, u16(desc.block, desc.at + 0x12) & ~cleared);
        seal(desc, group);
    }

    /** Marks what of a group the file system itself takes (Linux: ext4_init_block_bitmap). */
    private void own(Op op, int group, byte[] bitmap) throws Halt {
        int size = layout.groupBlocks(group);
        for (int bit = size; bit < layout.blockSize * 8; bit++) {
            set(bitmap, bit);
        }
        long start = layout.groupStart(group);
        if (layout.hasSuper(group)) {
            int head = 1 + layout.descBlocks() + layout.reservedGdt;
            for (int bit = 0; bit < Math.min(head, size); bit++) {
                set(bitmap, bit);
            }
        }
        int table = (layout.inodesPerGroup + layout.inodesPerBlock() - 1) / layout.inodesPerBlock();
        for (int other = 0; other < layout.groups; other++) { // with flex_bg another group's may lie here
            Desc desc = read(op, other);
            mark(bitmap, blockBitmap(desc), 1, start, size);
            mark(bitmap, inodeBitmap(desc), 1, start, size);
            mark(bitmap, inodeTable(desc), table, start, size);
        }
    }

    private static void mark(byte[] bitmap, long first, int length, long start, int size) {
        for (long block = Math.max(first, start); block < Math.min(first + length, start + size); block++) {
            set(bitmap, (int) (block - start));
        }
    }

    static boolean get(byte[] bitmap, int bit) {
        return (bitmap[bit >>> 3] >>> (bit & 7) & 1) != 0;
    }

    /** The first bit from one on that is not set; {@code size} when all are. */
    static int free(byte[] bitmap, int from, int size) {
        int bit = from;
        while (bit < size && get(bitmap, bit)) {
            bit++;
            if ((bit & 63) == 0) {
                while (bit + 64 <= size && (long) WORDS.get(bitmap, bit >>> 3) == -1) {
                    bit += 64;
                }
            }
        }
        return Math.min(bit, size);
    }

    static void set(byte[] bitmap, int bit) {
        bitmap[bit >>> 3] |= (byte) (1 << (bit & 7));
    }

    static void clear(byte[] bitmap, int bit) {
        bitmap[bit >>> 3] &= (byte) ~(1 << (bit & 7));
    }

    /** A group's blocks have changed: its counts and checksums follow. */
    void blocksChanged(Op op, int group, byte[] bitmap, int taken) throws Halt {
        Desc desc = write(op, group);
        count(desc, 0xc, 0x2c, freeBlocks(desc) - taken);
        sum(desc, bitmap, 0x18, 0x38, layout.blocksPerGroup / 8);
        seal(desc, group);
    }

    /** A group's inodes have changed. @param index of the inode taken, within the group; -1 when one was given back */
    void inodesChanged(Op op, int group, byte[] bitmap, int index, int taken, int directories) throws Halt {
        Desc desc = write(op, group);
        count(desc, 0xe, 0x2e, freeInodes(desc) - taken);
        count(desc, 0x10, 0x30, directories(desc) + directories);
        int unused = count(desc, 0x1c, 0x32);
        if (layout.checksums && index >= layout.inodesPerGroup - unused) {
            count(desc, 0x1c, 0x32, layout.inodesPerGroup - index - 1);
        }
        sum(desc, bitmap, 0x1a, 0x3a, layout.inodesPerGroup / 8);
        seal(desc, group);
    }

    private void sum(Desc desc, byte[] bitmap, int low, int high, int length) {
        if (!layout.checksums) {
            return;
        }
        int sum = Crc.of(layout.seed, bitmap, 0, length);
        put16(desc.block, desc.at + low, sum);
        if (wide()) {
            put16(desc.block, desc.at + high, sum >>> 16);
        }
    }
}
