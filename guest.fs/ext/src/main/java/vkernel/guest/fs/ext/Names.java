package vkernel.guest.fs.ext;

import static vkernel.guest.fs.ext.Le.put16;
import static vkernel.guest.fs.ext.Le.put32;
import static vkernel.guest.fs.ext.Le.u32;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import vkernel.fs.BlockMap;
import vkernel.fs.DiskInode;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Volume;
import vkernel.kern.Errno;
import vkernel.task.Task;

/** Names made, moved and removed, link counts and times kept (Linux: fs/ext4/namei.c). Each is part of one operation. */
final class Names {
    private static final int RENAME_EXCHANGE = 2;
    private static final int MOST_LINKS = 65000;

    private final Mounted fs;

    Names(Mounted fs) {
        this.fs = fs;
    }

    // --- making -----------------------------------------------------------------------------------------------------

    /** A new file of a task, in no directory yet. */
    private Inode make(Op op, Task task, Inode dir, int mode, long rdev) throws Halt {
        boolean directory = (mode & Mode.S_IFMT) == Mode.S_IFDIR;
        Inode inode = new Inode(fs.sb, fs.allocator.inode(op, dir, directory), mode);
        inode.rdev = rdev;
        inode.uid = task.credentials.fsuid();
        inode.gid = (dir.mode & Mode.S_ISGID) != 0 ? dir.gid : task.credentials.fsgid();
        inode.atime = inode.mtime = inode.ctime = inode.btime = fs.kernel.realtime();
        boolean mapped = inode.regular() || directory || inode.symlink();
        DiskInode data = new DiskInode(fs.inodes.fresh(inode, mapped && fs.layout.has(Layout.EXTENTS)));
        data.map = new BlockMap();
        inode.data = data;
        if (inode.regular()) {
            fs.inodes.contents(inode);
        }
        op.raw(inode);
        op.then(() -> fs.inodes.remember(inode));
        return inode;
    }

    Inode create(Op op, Task task, Inode dir, String name, int mode, long rdev) throws Halt {
        Inode inode = make(op, task, dir, mode, rdev);
        add(op, dir, name, inode);
        return inode;
    }

    Inode mkdir(Op op, Task task, Inode dir, String name, int mode) throws Halt {
        if (dir.nlink >= MOST_LINKS && (fs.layout.roCompat & Layout.DIR_NLINK) == 0) {
            throw Halt.error(Errno.EMLINK);
        }
        Inode inode = make(op, task, dir, mode & ~Mode.S_IFMT | Mode.S_IFDIR, 0);
        inode.nlink = 2;
        put16(op.raw(inode), 0x1a, 2);
        fs.directories.begin(op, inode, dir, op.raw(inode));
        add(op, dir, name, inode);
        links(op, dir, 1);
        return inode;
    }

    Inode symlink(Op op, Task task, Inode dir, String name, String target) throws Halt {
        Inode inode = make(op, task, dir, Mode.S_IFLNK | 0777, 0);
        byte[] bytes = target.getBytes(StandardCharsets.ISO_8859_1);
        byte[] raw = op.raw(inode);
        inode.target = target;
        inode.size = bytes.length;
        Inodes.size(raw, bytes.length);
        if (bytes.length < Inodes.BLOCK_BYTES) {
            put32(raw, 0x20, Inodes.flags(raw) & ~Inodes.EXTENTS_FL);
            java.util.Arrays.fill(raw, Inodes.BLOCK, Inodes.BLOCK + Inodes.BLOCK_BYTES, (byte) 0);
            System.arraycopy(bytes, 0, raw, Inodes.BLOCK, bytes.length);
        } else if (bytes.length < fs.layout.blockSize) {
            fs.maps.allocate(op, inode, 0, 1, false);
            byte[] block = op.fresh(op.map(inode).place(0));
            System.arraycopy(bytes, 0, block, 0, bytes.length);
            fs.maps.save(op, inode);
        } else {
            throw Halt.error(Errno.ENAMETOOLONG);
        }
        add(op, dir, name, inode);
        return inode;
    }

    Inode tmpfile(Op op, Task task, Inode dir, int mode) throws Halt {
        Inode inode = make(op, task, dir, mode & ~Mode.S_IFMT | Mode.S_IFREG, 0);
        inode.nlink = 0;
        put16(op.raw(inode), 0x1a, 0);
        orphan(op, inode);
        return inode;
    }

    Long link(Op op, Inode dir, String name, Inode target) throws Halt {
        if (target.nlink >= MOST_LINKS) {
            throw Halt.error(Errno.EMLINK);
        }
        boolean nameless = target.nlink == 0;
        fs.directories.add(op, dir, name, target.ino, Directories.type(target.mode));
        touch(op, dir);
        byte[] raw = op.raw(target);
        put16(raw, 0x1a, target.nlink + 1);
        if (nameless) {
            named(fs, op, target);
        }
        op.then(() -> {
            target.nlink++;
            changed(target);
        });
        return 0L;
    }

    private void add(Op op, Inode dir, String name, Inode inode) throws Halt {
        fs.directories.add(op, dir, name, inode.ino, Directories.type(inode.mode));
        touch(op, dir);
    }

    private void touch(Op op, Inode dir) {
        op.raw(dir);
        op.then(() -> {
            dir.mtime = fs.kernel.realtime();
            dir.ctime = dir.mtime;
            fs.volume.changed.add(dir);
        });
    }

    private void changed(Inode inode) {
        inode.ctime = fs.kernel.realtime();
        fs.volume.changed.add(inode);
    }

    /** Links of a directory: it has one for each directory in it, or 1 when there are too many to count. */
    private void links(Op op, Inode dir, int more) {
        op.raw(dir);
        op.then(() -> {
            dir.nlink += more;
            fs.volume.changed.add(dir);
        });
    }

    // --- removing ---------------------------------------------------------------------------------------------------

    private Directories.Entry entry(Op op, Inode dir, String name) throws Halt {
        Directories.Entry entry = fs.directories.find(op, dir, name);
        if (entry == null) {
            throw Halt.error(Errno.ENOENT);
        }
        return entry;
    }

    Long unlink(Op op, Inode dir, String name, Inode victim) throws Halt {
        fs.directories.remove(op, dir, name, entry(op, dir, name));
        touch(op, dir);
        gone(op, victim);
        return 0L;
    }

    Long rmdir(Op op, Inode dir, String name, Inode victim) throws Halt {
        if (!fs.directories.empty(op, victim)) {
            throw Halt.error(Errno.ENOTEMPTY);
        }
        fs.directories.remove(op, dir, name, entry(op, dir, name));
        touch(op, dir);
        links(op, dir, -1);
        gone(op, victim);
        return 0L;
    }

    /** One name less; a file without any is noted, until nobody has it open. */
    private void gone(Op op, Inode victim) throws Halt {
        int left = victim.directory() ? 0 : Math.max(0, victim.nlink - 1);
        byte[] raw = op.raw(victim);
        put16(raw, 0x1a, left);
        if (left == 0) {
            orphan(op, victim);
        }
        op.then(() -> {
            victim.nlink = left;
            changed(victim);
        });
    }

    private void orphan(Op op, Inode inode) {
        Volume volume = fs.volume;
        put32(op.raw(inode), 0x14, volume.orphans.isEmpty() ? 0 : volume.orphans.getLast());
        op.then(() -> volume.orphans.add(inode.ino));
    }

    /** Takes a file out of the list of those without a name: who came after it leads to who was before. */
    private static void named(Mounted fs, Op op, Inode inode) throws Halt {
        Volume volume = fs.volume;
        int at = volume.orphans.indexOf(inode.ino);
        if (at < 0) {
            return;
        }
        long before = at == 0 ? 0 : volume.orphans.get(at - 1);
        if (at + 1 < volume.orphans.size()) {
            Inode after = fs.inodes.get(op, volume.orphans.get(at + 1));
            put32(op.raw(after), 0x14, before);
        }
        put32(op.raw(inode), 0x14, 0);
        op.then(() -> volume.orphans.remove(inode.ino));
    }

    /** A file that was being cut when the power was cut. */
    static Long adopt(Mounted fs, Op op, Inode inode) throws Halt {
        long blocks = (inode.size + fs.layout.blockSize - 1) / fs.layout.blockSize;
        fs.maps.cut(op, inode, blocks, Long.MAX_VALUE);
        named(fs, op, inode);
        return 0L;
    }

    /** Gives back all that a file has. */
    static Long free(Mounted fs, Op op, Inode inode) throws Halt {
        byte[] raw = op.raw(inode);
        boolean mapped = inode.regular() || inode.directory() || inode.symlink() && u32(raw, 0x1c) != 0;
        fs.xattrs.free(op, inode);
        if (mapped && (!inode.symlink() || inode.size >= Inodes.BLOCK_BYTES)) {
            fs.maps.cut(op, inode, 0, Long.MAX_VALUE);
        }
        named(fs, op, inode);
        fs.allocator.freeInode(op, inode.ino, inode.directory());
        put16(raw, 0x1a, 0);
        put32(raw, 0x14, fs.kernel.realtime() / 1_000_000_000);
        Inodes.size(raw, 0);
        op.then(() -> {
            fs.volume.inodes.remove(inode.ino);
            fs.volume.changed.remove(inode);
            fs.volume.dirty.remove(inode);
            fs.directories.forget(inode);
        });
        return 0L;
    }

    // --- moving -----------------------------------------------------------------------------------------------------

    Long rename(Op op, Inode from, String oldName, Inode to, String newName, int flags) throws Halt {
        Directories.Entry old = entry(op, from, oldName);
        Inode moved = fs.inodes.get(op, old.ino());
        Directories.Entry there = fs.directories.find(op, to, newName);
        Inode target = there == null ? null : fs.inodes.get(op, there.ino());
        if ((flags & RENAME_EXCHANGE) != 0) {
            if (there == null || target == null) {
                throw Halt.error(Errno.ENOENT);
            }
            fs.directories.set(op, from, old, target.ino, Directories.type(target.mode));
            fs.directories.set(op, to, there, moved.ino, Directories.type(moved.mode));
            parent(op, moved, from, to);
            parent(op, target, to, from);
            op.then(() -> changed(target));
        } else {
            replace(op, to, newName, there, target, moved);
            fs.directories.remove(op, from, oldName, entry(op, from, oldName));
            parent(op, moved, from, to);
        }
        touch(op, from);
        touch(op, to);
        op.raw(moved);
        op.then(() -> changed(moved));
        return 0L;
    }

    private void replace(
            Op op, Inode to, String name, Directories.@Nullable Entry there, @Nullable Inode target, Inode moved)
            throws Halt {
        if (there == null || target == null) {
            fs.directories.add(op, to, name, moved.ino, Directories.type(moved.mode));
            return;
        }
        if (target.directory() && !fs.directories.empty(op, target)) {
            throw Halt.error(Errno.ENOTEMPTY);
        }
        fs.directories.set(op, to, there, moved.ino, Directories.type(moved.mode));
        if (target.directory()) {
            links(op, to, -1);
        }
        gone(op, target);
    }

    /** A directory that comes into another has another "..". */
    private void parent(Op op, Inode moved, Inode from, Inode to) throws Halt {
        if (!moved.directory() || from == to) {
            return;
        }
        Directories.Entry up = entry(op, moved, "..");
        fs.directories.set(op, moved, up, to.ino, Directories.type(to.mode));
        links(op, from, -1);
        links(op, to, 1);
    }
}
