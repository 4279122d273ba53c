package vkernel.fs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.kern.Slot;
import vkernel.net.UnixSocket;
import vkernel.vm.PageCache;

/** A file (Linux: struct inode). Plain data; times are nanoseconds since 1970. */
public final class Inode {
    /** F_SEAL_* of fcntl(2). */
    public static final int SEAL_SEAL = 1, SEAL_SHRINK = 2, SEAL_GROW = 4, SEAL_WRITE = 8;

    public static final int SEAL_FUTURE_WRITE = 16, SEAL_EXEC = 32;

    /** FS_*_FL of ioctl_iflags(2). */
    public static final int IMMUTABLE = 0x10, APPEND = 0x20, NODUMP = 0x40, NOATIME = 0x80;

    public final SuperBlock sb;
    public final long ino;
    /** Type and permissions, see {@link Mode}. */
    public int mode;

    public int uid;
    public int gid;
    public int nlink = 1;
    /** Bytes; for a regular file with {@link #pages} that is {@code pages.size}. */
    public long size;
    /** Device number of a device node. */
    public long rdev;

    public long atime;
    public long mtime;
    public long ctime;
    public long btime;

    /** Contents of a regular file kept in memory; null for others. */
    public @Nullable PageCache pages;
    /** How many of its pages are counted in {@link SuperBlock#pages}. */
    public int charged;
    /** Entries of a directory kept in memory, without "." and ".."; null for others. */
    public @Nullable DirEntries entries;
    /** Target of a symbolic link. */
    public @Nullable String target;
    /** The pipe of a FIFO that somebody has open. */
    public @Nullable Pipe pipe;
    /** The socket that is bound to this name. */
    public @Nullable UnixSocket socket;
    /**
     * Who serves it when it is opened, if its type does not say: a file without a name that can be opened again through
     * /proc/PID/fd (a host's stream). Null for others.
     */
    public @Nullable Slot<? extends FileOps> ops;
    /** Parent of a directory, for file systems that keep it here. */
    public @Nullable Inode parent;

    public @Nullable Map<String, byte[]> xattrs;
    /** IMMUTABLE, APPEND, NODUMP, NOATIME (chattr(1)). */
    public int flags;
    /** Open files and other holders; a file without links lives until this is 0. */
    public int opens;
    /** Its blocks are swap space: nobody else writes or cuts it (S_SWAPFILE). */
    public boolean swap;
    /** Open for writing (execve's ETXTBSY). */
    public int writers;
    /** Open for reading alone. */
    public int readers;
    /** Being executed (open's ETXTBSY). */
    public int executors;

    /** What may never again be done with it (memfd_create(2)); none but memory files can be sealed. */
    public int seals = SEAL_SEAL;
    /** Who is told of what happens to it (inotify(7)); null for nobody. */
    public @Nullable List<Inotify.Watch> watches;

    public final List<FileLock> locks = new ArrayList<>(0);
    /** null for none. */
    public @Nullable List<Lease> leases;

    /** A file system's own: a type of guest.api or plain JDK values only. */
    public @Nullable Object data;

    public Inode(SuperBlock sb, long ino, int mode) {
        this.sb = sb;
        this.ino = ino;
        this.mode = mode;
    }

    public int type() {
        return mode & Mode.S_IFMT;
    }

    public boolean directory() {
        return type() == Mode.S_IFDIR;
    }

    public boolean regular() {
        return type() == Mode.S_IFREG;
    }

    public boolean symlink() {
        return type() == Mode.S_IFLNK;
    }

    public boolean immutable() {
        return (flags & IMMUTABLE) != 0;
    }

    /** Whether bytes may be added and nothing else be changed. */
    public boolean appendOnly() {
        return (flags & APPEND) != 0;
    }

    /** Whether name and attributes stay as they are. */
    public boolean fixed() {
        return (flags & (IMMUTABLE | APPEND)) != 0;
    }

    /** Bytes of the file. */
    public long length() {
        PageCache cache = pages;
        return cache != null ? cache.size : size;
    }

    @Override
    public String toString() {
        return "Inode[" + ino + " " + Integer.toOctalString(mode) + "]";
    }
}
