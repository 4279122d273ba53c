package vkernel.guest.linux.file;

import vkernel.fs.DiskInode;
import vkernel.fs.FsStat;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.Path;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.vm.PageCache;

/** The structs of stat(2), statx(2) and statfs(2), built in the scratch array (asm-generic/stat.h, statfs.h). */
final class Stat {
    static final int STAT_SIZE = 128;
    static final int STATX_SIZE = 256;
    static final int STATFS_SIZE = 120;
    private static final int BLOCK = 4096;

    /** STATX_BASIC_STATS, STATX_BTIME, STATX_MNT_ID. */
    private static final int FILLED = 0x7ff | 0x800 | 0x1000;

    private static final int STATX_ATTR_MOUNT_ROOT = 0x2000;
    private static final int ST_VALID = 0x20;

    private final User user;
    private final Times times;

    Stat(User user) {
        this.user = user;
        times = new Times(user);
    }

    void stat(Inode inode) {
        user.zero(STAT_SIZE);
        user.put64(0, inode.sb.device);
        user.put64(8, inode.ino);
        user.put32(16, inode.mode);
        user.put32(20, inode.nlink);
        user.put32(24, inode.uid);
        user.put32(28, inode.gid);
        user.put64(32, inode.rdev);
        user.put64(48, inode.length());
        user.put32(56, BLOCK);
        user.put64(64, blocks(inode));
        times.putTimespec(72, inode.atime);
        times.putTimespec(88, inode.mtime);
        times.putTimespec(104, inode.ctime);
    }

    void statx(Path path, Inode inode) {
        user.zero(STATX_SIZE);
        user.put32(0, FILLED);
        user.put32(4, BLOCK);
        user.put64(8, path.dentry() == path.mount().root ? STATX_ATTR_MOUNT_ROOT : 0);
        user.put32(16, inode.nlink);
        user.put32(20, inode.uid);
        user.put32(24, inode.gid);
        user.put16(28, inode.mode);
        user.put64(32, inode.ino);
        user.put64(40, inode.length());
        user.put64(48, blocks(inode));
        user.put64(56, STATX_ATTR_MOUNT_ROOT);
        times.putTimespec(64, inode.atime);
        times.putTimespec(80, inode.btime);
        times.putTimespec(96, inode.ctime);
        times.putTimespec(112, inode.mtime);
        user.put32(128, Mode.major(inode.rdev));
        user.put32(132, Mode.minor(inode.rdev));
        user.put32(136, Mode.major(inode.sb.device));
        user.put32(140, Mode.minor(inode.sb.device));
        user.put64(144, path.mount().id);
    }

    void statfs(FsStat stat, Mount mount) {
        user.zero(STATFS_SIZE);
        user.put64(0, stat.magic());
        user.put64(8, stat.blockSize());
        user.put64(16, stat.blocks());
        user.put64(24, stat.free());
        user.put64(32, stat.available());
        user.put64(40, stat.files());
        user.put64(48, stat.freeFiles());
        user.put64(56, mount.sb.device);
        user.put64(64, stat.nameLength());
        user.put64(72, stat.blockSize());
        // ST_RDONLY to ST_NOEXEC and ST_NOATIME, ST_NODIRATIME, ST_RELATIME are numbered nearly as MS_*.
        long flags = mount.flags & 0xf | (mount.flags & 0xc00) | (mount.flags & 0x20_0000) >> 9;
        user.put64(80, ST_VALID | flags | (mount.readOnly() ? 1 : 0));
    }

    /** Blocks of 512 bytes that a file's data takes: what its disk says, its pages, or its length when they are still on the host. */
    static long blocks(Inode inode) {
        long known = inode.data instanceof DiskInode ? inode.sb.fs().blocks(inode) : -1;
        if (known >= 0) {
            return known;
        }
        PageCache pages = inode.pages;
        if (pages == null) {
            return inode.regular() ? (inode.length() + 511) / 512 : 0;
        }
        return pages.source == null ? pages.pages() * 8L : (pages.size + BLOCK - 1) / BLOCK * 8;
    }
}
