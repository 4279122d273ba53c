package vkernel.guest.fs.tmpfs;

import org.jspecify.annotations.Nullable;
import vkernel.fs.DirEntries;
import vkernel.fs.DirSink;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.SuperBlock;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Task;
import vkernel.vm.PageCache;

/** Directories: names made, moved and removed, link counts and times kept (Linux: shmem_dir_inode_operations). */
final class Names {
    /** What each name adds to the size of a directory, as Linux has it (BOGO_DIRENT_SIZE). */
    private static final int ENTRY_SIZE = 20;

    /** What each inode takes of the room for them, bytes (BOGO_INODE_SIZE). */
    private static final int INODE_SIZE = 1024;

    private static final int RENAME_EXCHANGE = 2;
    private static final int RENAME_WHITEOUT = 4;
    /** Longer targets of symbolic links cost a page, as in Linux. */
    private static final int SHORT_LINK = 128;

    private final Kernel kernel;

    Names(Kernel kernel) {
        this.kernel = kernel;
    }

    void root(SuperBlock sb, Options options) {
        Inode root = inode(sb, Mode.S_IFDIR | options.mode());
        root.uid = options.uid();
        root.gid = options.gid();
        directory(root, root);
        sb.root(root);
    }

    private Inode inode(SuperBlock sb, int mode) {
        Inode inode = new Inode(sb, sb.nextIno(), mode);
        inode.atime = inode.mtime = inode.ctime = inode.btime = kernel.realtime();
        sb.inodes++;
        return inode;
    }

    private static void directory(Inode inode, Inode parent) {
        inode.entries = new DirEntries();
        inode.parent = parent;
        inode.nlink = 2;
        inode.size = 2 * ENTRY_SIZE;
    }

    /** Whether so many more inodes fit, beside those that there are and extended attributes, which share their room. */
    static boolean room(SuperBlock sb, int more) {
        return sb.maxInodes == 0 || (sb.inodes + more) * INODE_SIZE + sb.xattrBytes <= sb.maxInodes * INODE_SIZE;
    }

    private static boolean noInodes(SuperBlock sb) {
        return !room(sb, 1);
    }

    /** A new inode owned by the task; null when there may be no more. */
    private @Nullable Inode make(Task task, Inode dir, int mode) {
        if (noInodes(dir.sb)) {
            return null;
        }
        Inode inode = inode(dir.sb, mode);
        inode.uid = task.credentials.fsuid();
        inode.gid = (dir.mode & Mode.S_ISGID) != 0 ? dir.gid : task.credentials.fsgid();
        if (inode.regular()) {
            inode.pages = new PageCache();
        }
        return inode;
    }

    Result<Inode> create(Task task, Inode dir, String name, int mode, long rdev) {
        Inode inode = make(task, dir, mode);
        if (inode == null) {
            return Result.error(-Errno.ENOSPC);
        }
        inode.rdev = rdev;
        add(dir, name, inode);
        return Result.of(inode);
    }

    Result<Inode> mkdir(Task task, Inode dir, String name, int mode) {
        Inode inode = make(task, dir, mode & ~Mode.S_IFMT | Mode.S_IFDIR);
        if (inode == null) {
            return Result.error(-Errno.ENOSPC);
        }
        directory(inode, dir);
        dir.nlink++;
        add(dir, name, inode);
        return Result.of(inode);
    }

    Result<Inode> symlink(Task task, Inode dir, String name, String target) {
        Inode inode = make(task, dir, Mode.S_IFLNK | 0777);
        if (inode == null) {
            return Result.error(-Errno.ENOSPC);
        }
        if (target.length() > SHORT_LINK) {
            if (noPages(dir.sb)) {
                dir.sb.inodes--;
                return Result.error(-Errno.ENOSPC);
            }
            dir.sb.pages++;
            inode.charged = 1;
        }
        inode.target = target;
        inode.size = target.length();
        add(dir, name, inode);
        return Result.of(inode);
    }

    Result<Inode> tmpfile(Task task, Inode dir, int mode) {
        Inode inode = make(task, dir, mode & ~Mode.S_IFMT | Mode.S_IFREG);
        if (inode == null) {
            return Result.error(-Errno.ENOSPC);
        }
        inode.nlink = 0;
        return Result.of(inode);
    }

    private static boolean noPages(SuperBlock sb) {
        return sb.maxPages != 0 && sb.pages >= sb.maxPages;
    }

    /** One more name costs as much as an inode, as in Linux: names too take memory. */
    long link(Inode dir, String name, Inode target) {
        if (target.nlink > 0) {
            if (noInodes(dir.sb)) {
                return -Errno.ENOSPC;
            }
            dir.sb.inodes++;
        }
        target.nlink++;
        target.ctime = kernel.realtime();
        add(dir, name, target);
        return 0;
    }

    long unlink(Inode dir, String name, Inode victim) {
        remove(dir, name);
        if (--victim.nlink > 0) {
            dir.sb.inodes--;
        }
        victim.ctime = dir.ctime;
        return 0;
    }

    long rmdir(Inode dir, String name, Inode victim) {
        if (!entries(victim).isEmpty()) {
            return -Errno.ENOTEMPTY;
        }
        remove(dir, name);
        victim.nlink = 0;
        victim.ctime = dir.ctime;
        dir.nlink--;
        return 0;
    }

    long rename(Task task, Inode from, String oldName, Inode to, String newName, int flags) {
        Inode moved = entries(from).get(oldName);
        Inode target = entries(to).get(newName);
        if (moved == null) {
            return -Errno.ENOENT;
        }
        if ((flags & RENAME_EXCHANGE) != 0) {
            return target == null ? -Errno.ENOENT : exchange(from, oldName, moved, to, newName, target);
        }
        Inode whiteout = (flags & RENAME_WHITEOUT) != 0 ? make(task, from, Mode.S_IFCHR) : null;
        if ((flags & RENAME_WHITEOUT) != 0 && whiteout == null) {
            return -Errno.ENOSPC;
        }
        if (target != null) {
            long error = target.directory() ? rmdir(to, newName, target) : unlink(to, newName, target);
            if (error != 0) {
                from.sb.inodes -= whiteout == null ? 0 : 1;
                return error;
            }
        }
        remove(from, oldName);
        add(to, newName, moved);
        if (whiteout != null) {
            add(from, oldName, whiteout);
        }
        reparent(moved, from, to);
        moved.ctime = to.ctime;
        return 0;
    }

    private long exchange(Inode from, String oldName, Inode moved, Inode to, String newName, Inode target) {
        entries(from).put(oldName, target);
        entries(to).put(newName, moved);
        reparent(moved, from, to);
        reparent(target, to, from);
        touch(from);
        touch(to);
        moved.ctime = target.ctime = to.ctime;
        return 0;
    }

    private static void reparent(Inode moved, Inode from, Inode to) {
        if (moved.directory()) {
            moved.parent = to;
            from.nlink--;
            to.nlink++;
        }
    }

    private void add(Inode dir, String name, Inode inode) {
        entries(dir).put(name, inode);
        dir.size += ENTRY_SIZE;
        touch(dir);
    }

    private void remove(Inode dir, String name) {
        entries(dir).remove(name);
        dir.size -= ENTRY_SIZE;
        touch(dir);
    }

    private void touch(Inode dir) {
        dir.mtime = dir.ctime = kernel.realtime();
    }

    long readdir(OpenFile file, DirSink sink) {
        Inode dir = file.inode();
        Inode parent = dir.parent == null ? dir : dir.parent;
        int type = Mode.S_IFDIR >>> 12;
        if (file.position == 0 && sink.entry(".", dir.ino, type, 1)) {
            file.position = 1;
        }
        if (file.position == 1 && sink.entry("..", parent.ino, type, DirEntries.FIRST)) {
            file.position = DirEntries.FIRST;
        }
        if (file.position < DirEntries.FIRST) {
            return 0;
        }
        DirEntries entries = entries(dir);
        for (var e = entries.from(file.position); e != null; e = entries.from(file.position)) {
            if (!sink.entry(e.name(), e.inode().ino, e.inode().type() >>> 12, e.position() + 1)) {
                return 0;
            }
            file.position = e.position() + 1;
        }
        return 0;
    }

    private static DirEntries entries(Inode dir) {
        DirEntries entries = dir.entries;
        if (entries == null) {
            throw new IllegalArgumentException(dir + " is no directory");
        }
        return entries;
    }
}
