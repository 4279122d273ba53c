package vkernel.guest.fs.ext;

import static vkernel.guest.fs.ext.Le.i32;
import static vkernel.guest.fs.ext.Le.put16;
import static vkernel.guest.fs.ext.Le.put32;
import static vkernel.guest.fs.ext.Le.u16;
import static vkernel.guest.fs.ext.Le.u32;

import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import vkernel.fs.DiskInode;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.kern.Errno;
import vkernel.vm.PageCache;

/**
 * The table of inodes, and what an inode says.
 *
 * @see <a href="https://docs.kernel.org/filesystems/ext4/inodes.html">index nodes</a>
 */
final class Inodes {
    static final int BLOCK = 0x28;
    static final int BLOCK_BYTES = 60;
    private static final int OLD_SIZE = 128;
    private static final long SECOND = 1_000_000_000L;

    static final int INDEX_FL = 0x1000;
    static final int EXTENTS_FL = 0x8_0000;
    private static final int EA_INODE_FL = 0x20_0000;
    private static final int INLINE_DATA_FL = 0x1000_0000;
    private static final int ENCRYPT_FL = 0x800;
    private static final int HUGE_FILE_FL = 0x4_0000;
    private static final int IMMUTABLE_FL = 0x10;

    private final Mounted fs;
    private final Layout layout;

    Inodes(Mounted fs) {
        this.fs = fs;
        this.layout = fs.layout;
    }

    static DiskInode data(Inode inode) {
        if (inode.data instanceof DiskInode data) {
            return data;
        }
        throw new IllegalArgumentException(inode + " is of another file system");
    }

    static int flags(byte[] raw) {
        return i32(raw, 0x20);
    }

    // --- the table --------------------------------------------------------------------------------------------------

    private long tableBlock(Op op, long ino) throws Halt {
        if (ino < 1 || ino > layout.inodes) {
            throw Halt.damaged("inode %d is wanted of %d", ino, layout.inodes);
        }
        int group = (int) ((ino - 1) / layout.inodesPerGroup);
        long index = (ino - 1) % layout.inodesPerGroup;
        return fs.groups.inodeTable(fs.groups.read(op, group)) + index / layout.inodesPerBlock();
    }

    private int tableOffset(long ino) {
        return (int) ((ino - 1) % layout.inodesPerGroup % layout.inodesPerBlock()) * layout.inodeSize;
    }

    /** The bytes of an inode, its checksum looked at. */
    byte[] load(Op op, long ino) throws Halt {
        byte[] block = op.read(tableBlock(op, ino));
        byte[] raw = java.util.Arrays.copyOfRange(block, tableOffset(ino), tableOffset(ino) + layout.inodeSize);
        if (layout.checksums && u16(raw, 0) != 0 && sum(ino, raw) != known(raw)) {
            throw Halt.damaged("the checksum of inode %d is wrong", ino);
        }
        return raw;
    }

    /** Puts an inode into the table, with its checksum. */
    void store(Op op, long ino, byte[] raw) throws Halt {
        if (layout.checksums) {
            int sum = sum(ino, raw);
            put16(raw, 0x7c, sum);
            if (wide(raw)) {
                put16(raw, 0x82, sum >>> 16);
            }
        }
        byte[] block = op.write(tableBlock(op, ino));
        System.arraycopy(raw, 0, block, tableOffset(ino), raw.length);
    }

    /** What checksums of an inode and of its blocks begin with. */
    int seed(long ino, byte[] raw) {
        return Crc.of(Crc.of(layout.seed, (int) ino), i32(raw, 0x64));
    }

    private boolean wide(byte[] raw) {
        return raw.length > OLD_SIZE && u16(raw, 0x80) >= 4;
    }

    private int sum(long ino, byte[] raw) {
        byte[] copy = raw.clone();
        put16(copy, 0x7c, 0);
        if (wide(copy)) {
            put16(copy, 0x82, 0);
        }
        int sum = Crc.of(seed(ino, raw), copy, 0, copy.length);
        return wide(raw) ? sum : sum & 0xffff;
    }

    private int known(byte[] raw) {
        return u16(raw, 0x7c) | (wide(raw) ? u16(raw, 0x82) << 16 : 0);
    }

    // --- files ------------------------------------------------------------------------------------------------------

    /** The file of a number: one object as long as anybody has it. */
    Inode get(Op op, long ino) throws Halt {
        WeakReference<Inode> known = fs.volume.inodes.get(ino);
        Inode inode = known == null ? null : known.get();
        if (inode != null) {
            return inode;
        }
        Inode read = decode(ino, load(op, ino));
        fs.xattrs.load(op, read);
        if (read.symlink()) {
            read.target = target(op, read);
        }
        remember(read);
        return read;
    }

    void remember(Inode inode) {
        fs.volume.inodes.put(inode.ino, new WeakReference<>(inode));
    }

    /** An inode by its bytes. */
    Inode decode(long ino, byte[] raw) throws Halt {
        int mode = u16(raw, 0);
        int flags = flags(raw);
        if (mode == 0 || u16(raw, 0x1a) == 0 && !fs.volume.orphans.contains(ino)) {
            throw Halt.damaged("inode %d is not in use", ino);
        }
        if ((flags & (INLINE_DATA_FL | ENCRYPT_FL | EA_INODE_FL)) != 0) {
            throw Halt.error(Errno.EOPNOTSUPP);
        }
        if (raw.length > OLD_SIZE && u16(raw, 0x80) > raw.length - OLD_SIZE) {
            throw Halt.damaged("inode %d is larger than it can be", ino);
        }
        Inode inode = new Inode(fs.sb, ino, mode);
        inode.data = new DiskInode(raw);
        inode.uid = u16(raw, 2) | u16(raw, 0x78) << 16;
        inode.gid = u16(raw, 0x18) | u16(raw, 0x7a) << 16;
        inode.nlink = u16(raw, 0x1a);
        inode.size = u32(raw, 4) | u32(raw, 0x6c) << 32;
        inode.atime = time(raw, 8, 0x8c);
        inode.ctime = time(raw, 0xc, 0x84);
        inode.mtime = time(raw, 0x10, 0x88);
        inode.btime = raw.length > OLD_SIZE ? time(raw, 0x90, 0x94) : 0;
        kind(inode, raw);
        return inode;
    }

    private void kind(Inode inode, byte[] raw) throws Halt {
        long most = (1L << 32) * layout.blockSize;
        if (inode.size < 0 || inode.size > most) {
            throw Halt.damaged("inode %d has a size of %d", inode.ino, inode.size);
        }
        switch (inode.type()) {
            case Mode.S_IFREG -> contents(inode);
            case Mode.S_IFCHR, Mode.S_IFBLK -> inode.rdev = rdev(raw);
            case Mode.S_IFDIR, Mode.S_IFLNK, Mode.S_IFIFO, Mode.S_IFSOCK -> {}
            default -> throw Halt.damaged("inode %d is of no type: mode %o", inode.ino, inode.mode);
        }
    }

    /** Gives a file the cache of its pages. */
    void contents(Inode inode) {
        PageCache pages = new PageCache();
        pages.size = inode.size;
        pages.store = fs.store;
        pages.file = inode;
        inode.pages = pages;
    }

    private static long rdev(byte[] raw) {
        long old = u32(raw, BLOCK);
        if (old != 0) {
            return Mode.device(old >>> 8 & 0xff, old & 0xff);
        }
        long now = u32(raw, BLOCK + 4);
        return Mode.device(now >>> 8 & 0xfff, now & 0xff | now >>> 12 & 0xfff00);
    }

    private String target(Op op, Inode link) throws Halt {
        byte[] raw = data(link).raw;
        int length = (int) Math.min(link.size, layout.blockSize);
        long acl = u32(raw, 0x68) != 0 ? layout.blockSize / 512 : 0;
        if (link.size < BLOCK_BYTES && u32(raw, 0x1c) - acl == 0) {
            return new String(raw, BLOCK, length, StandardCharsets.ISO_8859_1);
        }
        long block = fs.maps.load(op, link).place(0);
        if (block == 0 || link.size >= layout.blockSize) {
            throw Halt.damaged("symbolic link %d leads nowhere", link.ino);
        }
        return new String(op.read(block), 0, length, StandardCharsets.ISO_8859_1);
    }

    /** Seconds and nanoseconds, and two bits more of the seconds (section 4.2, inode timestamps). */
    private static long time(byte[] raw, int at, int extra) {
        long seconds = i32(raw, at);
        if (raw.length <= OLD_SIZE || extra + 4 > OLD_SIZE + u16(raw, 0x80)) {
            return seconds * SECOND;
        }
        int more = i32(raw, extra);
        return (seconds + ((long) (more & 3) << 32)) * SECOND + (more >>> 2);
    }

    private static void time(byte[] raw, int at, int extra, long nanos) {
        long seconds = Math.floorDiv(nanos, SECOND);
        put32(raw, at, seconds);
        if (raw.length > OLD_SIZE && extra + 4 <= OLD_SIZE + u16(raw, 0x80)) {
            long epoch = seconds - (int) seconds >>> 32 & 3;
            put32(raw, extra, Math.floorMod(nanos, SECOND) << 2 | epoch);
        }
    }

    /** Writes the attributes of now into an inode's bytes; its size is set by who allocates. */
    static void encode(Mounted fs, Inode inode, byte[] raw) {
        put16(raw, 0, inode.mode);
        put16(raw, 2, inode.uid);
        put16(raw, 0x78, inode.uid >>> 16);
        put16(raw, 0x18, inode.gid);
        put16(raw, 0x7a, inode.gid >>> 16);
        put16(raw, 0x1a, inode.directory() && inode.nlink > 65000 ? 1 : inode.nlink);
        time(raw, 8, 0x8c, inode.atime);
        time(raw, 0xc, 0x84, inode.ctime);
        time(raw, 0x10, 0x88, inode.mtime);
        if (raw.length > OLD_SIZE) {
            time(raw, 0x90, 0x94, inode.btime);
        }
        if (!inode.regular() || !fs.volume.dirty.contains(inode)) {
            size(raw, inode.length());
        }
    }

    static void size(byte[] raw, long size) {
        put32(raw, 4, size);
        put32(raw, 0x6c, size >>> 32);
    }

    /** Blocks of the disk that an inode has, in units of 512 bytes. */
    long blocks(byte[] raw) {
        long now = u32(raw, 0x1c) | (long) u16(raw, 0x74) << 32;
        return (flags(raw) & HUGE_FILE_FL) != 0 ? now * (layout.blockSize / 512) : now;
    }

    /** Counts blocks of the disk that an inode has more. */
    void blocks(byte[] raw, long more) {
        long now = u32(raw, 0x1c) | (long) u16(raw, 0x74) << 32;
        long next = now + more * (layout.blockSize / 512);
        put32(raw, 0x1c, next);
        put16(raw, 0x74, (int) (next >>> 32));
    }

    /** The bytes of a new inode. */
    byte[] fresh(Inode inode, boolean extents) {
        byte[] raw = new byte[layout.inodeSize];
        if (raw.length > OLD_SIZE) {
            put16(raw, 0x80, 32);
        }
        put32(raw, 0x64, (int) (inode.btime * 0x9E37_79B9L >>> 7) ^ (int) inode.ino * 31);
        if (extents) {
            put32(raw, 0x20, EXTENTS_FL);
            ExtentTree.empty(raw);
        }
        if (inode.type() == Mode.S_IFCHR || inode.type() == Mode.S_IFBLK) {
            int major = Mode.major(inode.rdev);
            int minor = Mode.minor(inode.rdev);
            if (major < 256 && minor < 256) {
                put32(raw, BLOCK, major << 8 | minor);
            } else {
                put32(raw, BLOCK + 4, (long) (minor & 0xff) | major << 8 | (long) (minor & ~0xff) << 12);
            }
        }
        return raw;
    }

    static boolean immutable(Inode inode) {
        return (flags(data(inode).raw) & IMMUTABLE_FL) != 0;
    }
}
