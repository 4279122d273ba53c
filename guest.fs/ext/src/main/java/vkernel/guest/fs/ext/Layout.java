package vkernel.guest.fs.ext;

import static vkernel.guest.fs.ext.Le.u16;
import static vkernel.guest.fs.ext.Le.u32;
import static vkernel.guest.fs.ext.Le.u8;

import java.util.ArrayList;
import java.util.List;
import vkernel.kern.Errno;

/**
 * How a file system is laid out, by its super block.
 *
 * @see <a href="https://docs.kernel.org/filesystems/ext4/globals.html">ext4 Data Structures and Algorithms</a>
 */
final class Layout {
    static final int SUPER_AT = 1024;
    static final int SUPER_SIZE = 1024;
    static final int MAGIC = 0xef53;
    static final int ROOT = 2;
    static final int JOURNAL = 8;
    static final int PAGE = 4096;

    // features, section 4.1.1 of the document
    static final int HAS_JOURNAL = 0x4;
    static final int DIR_INDEX = 0x20;
    static final int SPARSE_SUPER2 = 0x200;
    static final int ORPHAN_FILE = 0x1000;

    static final int FILETYPE = 0x2;
    static final int RECOVER = 0x4;
    static final int META_BG = 0x10;
    static final int EXTENTS = 0x40;
    static final int BIT64 = 0x80;
    static final int FLEX_BG = 0x200;
    static final int CSUM_SEED = 0x2000;
    static final int LARGEDIR = 0x4000;

    static final int SPARSE_SUPER = 0x1;
    static final int LARGE_FILE = 0x2;
    static final int HUGE_FILE = 0x8;
    static final int GDT_CSUM = 0x10;
    static final int DIR_NLINK = 0x20;
    static final int EXTRA_ISIZE = 0x40;
    static final int METADATA_CSUM = 0x400;
    static final int ORPHAN_PRESENT = 0x10000;

    private static final int KNOWN_INCOMPAT =
            FILETYPE | RECOVER | META_BG | EXTENTS | BIT64 | FLEX_BG | CSUM_SEED | LARGEDIR;
    private static final int KNOWN_RO = SPARSE_SUPER | LARGE_FILE | HUGE_FILE | DIR_NLINK | EXTRA_ISIZE | METADATA_CSUM;

    final int blockSize;
    final long blocks;
    final long inodes;
    final long firstData;
    final int blocksPerGroup;
    final int inodesPerGroup;
    final int inodeSize;
    final int descSize;
    final int groups;
    final int compat;
    final int incompat;
    final int roCompat;
    /** Blocks that only root may take. */
    final long reserved;

    final int firstInode;
    final int reservedGdt;
    private final int firstMetaGroup;
    /** Checksums begin with it. */
    final int seed;

    final boolean checksums;
    final byte[] uuid = new byte[16];

    Layout(byte[] sb, long bytes) throws Halt {
        if (u16(sb, 0x38) != MAGIC) {
            throw Halt.error(Errno.EINVAL); // as mount(2) has it of a super block that is none
        }
        int shift = Le.i32(sb, 0x18);
        boolean revision0 = Le.i32(sb, 0x4c) == 0;
        blockSize = shift >= 0 && shift <= 6 ? 1024 << shift : 0;
        compat = revision0 ? 0 : Le.i32(sb, 0x5c);
        incompat = revision0 ? 0 : Le.i32(sb, 0x60);
        roCompat = revision0 ? 0 : Le.i32(sb, 0x64);
        boolean wide = (incompat & BIT64) != 0;
        blocks = u32(sb, 4) | (wide ? u32(sb, 0x150) << 32 : 0);
        reserved = u32(sb, 8) | (wide ? u32(sb, 0x154) << 32 : 0);
        inodes = u32(sb, 0);
        firstData = u32(sb, 0x14);
        blocksPerGroup = Le.i32(sb, 0x20);
        inodesPerGroup = Le.i32(sb, 0x28);
        inodeSize = revision0 ? 128 : u16(sb, 0x58);
        firstInode = revision0 ? 11 : Le.i32(sb, 0x54);
        descSize = wide ? u16(sb, 0xfe) : 32;
        reservedGdt = u16(sb, 0xce);
        firstMetaGroup = Le.i32(sb, 0x104);
        checksums = (roCompat & METADATA_CSUM) != 0;
        System.arraycopy(sb, 0x68, uuid, 0, 16);
        seed = (incompat & CSUM_SEED) != 0 ? Le.i32(sb, 0x270) : Crc.of(~0, uuid, 0, 16);
        groups = check(bytes);
        if (checksums && u8(sb, 0x175) != 1) {
            throw Halt.damaged("checksums of kind %d", u8(sb, 0x175));
        }
        if (checksums && Crc.of(~0, sb, 0, 0x3fc) != Le.i32(sb, 0x3fc)) {
            throw Halt.damaged("the checksum of the super block is wrong");
        }
    }

    /** @return number of groups */
    private int check(long bytes) throws Halt {
        require(blockSize >= 1024 && blockSize <= PAGE, "blocks of that size are not supported: %d", blockSize);
        require(firstData == (blockSize == 1024 ? 1 : 0), "block %d is the first", firstData);
        require(blocks > firstData + 8 && blocks <= bytes / blockSize, "%d blocks, more than the disk has", blocks);
        require(blocksPerGroup > 0 && blocksPerGroup <= blockSize * 8, "%d blocks per group", blocksPerGroup);
        require(inodesPerGroup > 0 && inodesPerGroup <= blockSize * 8, "%d inodes per group", inodesPerGroup);
        boolean power = Integer.bitCount(inodeSize) == 1 && Integer.bitCount(descSize) == 1;
        require(power && inodeSize >= 128 && inodeSize <= blockSize, "inodes of %d bytes", inodeSize);
        require(descSize >= 32 && descSize <= 1024, "group descriptors of %d bytes", descSize);
        require(blocksPerGroup % 8 == 0 && inodesPerGroup % 8 == 0, "groups of %d blocks", blocksPerGroup);
        long count = (blocks - firstData + blocksPerGroup - 1) / blocksPerGroup;
        require(count <= 1 << 22, "%d groups", count);
        require(inodes == count * inodesPerGroup && firstInode >= 11 && firstInode < inodes, "%d inodes", inodes);
        require(reserved >= 0 && reserved < blocks, "%d reserved blocks", reserved);
        return (int) count;
    }

    private static void require(boolean holds, String otherwise, long value) throws Halt {
        if (!holds) {
            throw Halt.damaged(otherwise, value);
        }
    }

    boolean has(int incompatible) {
        return (incompat & incompatible) != 0;
    }

    /** Features without which it cannot even be read. */
    List<String> unreadable() {
        return names(incompat & ~KNOWN_INCOMPAT, INCOMPAT_NAMES);
    }

    /** Features that keep it from being written. */
    List<String> unwritable() {
        List<String> names = names(roCompat & ~KNOWN_RO, RO_NAMES);
        if (has(META_BG)) {
            names.add("meta_bg");
        }
        if (!has(FILETYPE)) {
            names.add("no filetype");
        }
        return names;
    }

    private static final String[] INCOMPAT_NAMES = {
        "compression",
        "",
        "",
        "journal_dev",
        "",
        "",
        "",
        "",
        "mmp",
        "",
        "ea_inode",
        "",
        "dirdata",
        "",
        "",
        "inline_data",
        "encrypt",
        "casefold"
    };
    private static final String[] RO_NAMES = {
        "",
        "",
        "btree_dir",
        "",
        "uninit_bg",
        "",
        "",
        "snapshot",
        "quota",
        "bigalloc",
        "",
        "replica",
        "read-only",
        "project",
        "shared_blocks",
        "verity",
        "orphan_present"
    };

    private static List<String> names(int bits, String[] known) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            if ((bits >>> i & 1) != 0) {
                names.add(i < known.length && !known[i].isEmpty() ? known[i] : "feature " + i);
            }
        }
        return names;
    }

    // --- places -----------------------------------------------------------------------------------------------------

    int group(long block) {
        return (int) ((block - firstData) / blocksPerGroup);
    }

    long groupStart(int group) {
        return firstData + (long) group * blocksPerGroup;
    }

    /** Blocks in a group: the last may be shorter. */
    int groupBlocks(int group) {
        return (int) Math.min(blocksPerGroup, blocks - groupStart(group));
    }

    int descsPerBlock() {
        return blockSize / descSize;
    }

    int descBlocks() {
        return (groups + descsPerBlock() - 1) / descsPerBlock();
    }

    /** The block in which a group's descriptor lies (section 3.4, meta block groups). */
    long descBlock(int group) {
        int index = group / descsPerBlock();
        if (!has(META_BG) || index < firstMetaGroup) {
            return firstData + 1 + index;
        }
        int first = index * descsPerBlock();
        return groupStart(first) + (hasSuper(first) ? 1 : 0);
    }

    int descOffset(int group) {
        return group % descsPerBlock() * descSize;
    }

    /** Whether a group holds a copy of the super block. */
    boolean hasSuper(int group) {
        if (group <= 1 || (roCompat & SPARSE_SUPER) == 0) {
            return true;
        }
        return (group & 1) != 0 && (power(group, 3) || power(group, 5) || power(group, 7));
    }

    private static boolean power(int number, int of) {
        int at = number;
        while (at % of == 0) {
            at /= of;
        }
        return at == 1;
    }

    boolean valid(long block) {
        return block > firstData && block < blocks;
    }

    int inodesPerBlock() {
        return blockSize / inodeSize;
    }
}
