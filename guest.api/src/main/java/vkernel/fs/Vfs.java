package vkernel.fs;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import vkernel.kern.Result;
import vkernel.task.Task;

/**
 * The tree of names and open files: the service of guest.fs/vfs, in the slot {@code vfs}. The calls are those of
 * Linux without the ABI: checks of permissions, types and names are made here. Called with the kernel lock held.
 * A {@code base} is where a relative path starts ({@link #base} gives the one of a dirfd).
 */
@ProviderType
public interface Vfs {
    /** Walk flags. */
    int FOLLOW = 1;
    /** Fail with -ENOTDIR unless it is a directory. */
    int DIRECTORY = 2;
    /** An empty path means the base itself (AT_EMPTY_PATH). */
    int EMPTY = 4;

    /** How a path may lead (openat2(2)): not to another mount, not through magic links, not through symbolic links. */
    int NO_XDEV = 1, NO_MAGICLINKS = 2, NO_SYMLINKS = 4;
    /** Not out of where it starts; or where it starts is its root. */
    int BENEATH = 8, IN_ROOT = 16;

    /** Permission bits for {@link #permission}. */
    int EXECUTE = 1;

    int WRITE = 2;
    int READ = 4;

    // --- walking ----------------------------------------------------------------------------------------------------

    /** Where a path relative to a descriptor starts: AT_FDCWD (-100) or an open directory. -EBADF, -ENOTDIR. */
    Result<Path> base(Task task, int dirfd, String path);

    Result<Path> walk(Task task, Path base, String path, int flags);

    /** The absolute name of a place as the task sees it; " (deleted)" is appended as Linux does. */
    String name(Task task, Path path);

    /** Whether the task may read, write, execute it. @return 0, -EACCES, -EROFS. @param real with the real ids (access(2)) */
    long permission(Task task, Path path, int wanted, boolean real);

    // --- files ------------------------------------------------------------------------------------------------------

    /** open(2), without a descriptor. May give BLOCKED (FIFOs). */
    default Result<OpenFile> open(Task task, Path base, String path, int flags, int mode) {
        return open(task, base, path, flags, mode, 0);
    }

    /** openat2(2). @param resolve {@link #NO_XDEV} and so on: -EXDEV, -ELOOP */
    Result<OpenFile> open(Task task, Path base, String path, int flags, int mode, int resolve);

    /**
     * An open file for a place already found (execve's program, with {@link Mode#O_EXEC}). Whether the task may read or
     * write it was the caller's to ask.
     */
    Result<OpenFile> open(Task task, Path path, int flags);

    /**
     * An open file without a name: a socket, an eventfd.
     *
     * @param name shown as {@code name:[ino]} in /proc/PID/fd, {@code anon_inode:[kind]} as it is
     */
    OpenFile anonymous(String name, int mode, vkernel.kern.Slot<? extends FileOps> ops, int flags);

    /** One reference less; the last one closes. */
    void close(OpenFile file);

    /** Closes a descriptor and drops the process's record locks on it. @return 0 or -EBADF */
    long close(Task task, int fd);

    /** One user less of a table of descriptors; the last one closes all. */
    void drop(Task task, FdTable files);

    /** read(2), pread(2). @param position -1 for the file's own. @return bytes, BLOCKED or -errno */
    long read(Task task, OpenFile file, IoBuffer to, long position);

    /** write(2), pwrite(2): O_APPEND, RLIMIT_FSIZE and SIGXFSZ, SIGPIPE are minded. */
    long write(Task task, OpenFile file, IoBuffer from, long position);

    long seek(Task task, OpenFile file, long offset, int whence);

    /** getdents64(2): entries into the sink. @return 0 or -errno */
    long readdir(Task task, OpenFile file, DirSink sink);

    /** Files open now in the whole system (fs.file-nr). */
    int openFiles();

    /** Most of them at a time (fs.file-max); open(2) gives ENFILE beyond. */
    int maxFiles();

    /** pipe2(2): read end, write end. The caller has looked at {@link #maxFiles}. */
    OpenFile[] pipe(Task task, int flags);

    /** Bytes that a write to a pipe takes now. */
    int pipeRoom(OpenFile pipe);

    // --- names ------------------------------------------------------------------------------------------------------

    long mknod(Task task, Path base, String path, int mode, long rdev);

    long mkdir(Task task, Path base, String path, int mode);

    long unlink(Task task, Path base, String path);

    long rmdir(Task task, Path base, String path);

    long rename(Task task, Path oldBase, String oldPath, Path newBase, String newPath, int flags);

    long link(Task task, Path target, Path base, String path);

    long symlink(Task task, String target, Path base, String path);

    Result<String> readlink(Task task, Path link);

    // --- attributes -------------------------------------------------------------------------------------------------

    /** Up-to-date attributes of a place, in its inode. */
    Inode attributes(Path path);

    long chmod(Task task, Path path, int mode);

    /** @param uid -1 to leave it; likewise {@code gid} */
    long chown(Task task, Path path, int uid, int gid);

    long truncate(Task task, Path path, long size);

    long truncate(Task task, OpenFile file, long size);

    /** fallocate(2). */
    long allocate(Task task, OpenFile file, int mode, long offset, long length);

    /** utimensat(2). @param atime nanoseconds; UTIME_NOW and UTIME_OMIT as constants below */
    long utimes(Task task, Path path, long atime, long mtime);

    long UTIME_NOW = Long.MIN_VALUE;
    long UTIME_OMIT = Long.MIN_VALUE + 1;

    long getxattr(Task task, Path path, String name, byte[] value);

    long setxattr(Task task, Path path, String name, byte[] value, int flags);

    Result<List<String>> listxattr(Task task, Path path);

    long removexattr(Task task, Path path, String name);

    // --- locks ------------------------------------------------------------------------------------------------------

    int F_RDLCK = 0;
    int F_WRLCK = 1;
    int F_UNLCK = 2;

    /**
     * fcntl(2) F_SETLEASE. Opening or truncating the file then tells its owner by a signal, and waits.
     *
     * @param fd the descriptor to tell of
     * @param type {@link #F_RDLCK}, {@link #F_WRLCK} or {@link #F_UNLCK}
     * @return 0, or -EACCES, -EINVAL, -ENOLCK; -EAGAIN if the file is open otherwise, or there is no lease to remove
     */
    long setLease(Task task, OpenFile file, int fd, int type);

    /** fcntl(2) F_GETLEASE: what the lease is, or is to become; {@link #F_UNLCK} when there is none. */
    int lease(OpenFile file);

    /** flock(2). @param operation LOCK_SH 1, LOCK_EX 2, LOCK_UN 8, with LOCK_NB 4 */
    long flock(Task task, OpenFile file, int operation);

    /**
     * fcntl(2) F_SETLK, F_SETLKW, F_OFD_SETLK: sets or clears a record lock.
     *
     * @param owner whose it is: the task's {@link FdTable}, or the file itself for a lock of the open file description
     * @param type F_RDLCK 0, F_WRLCK 1, F_UNLCK 2
     */
    long lock(Task task, OpenFile file, Object owner, int type, long start, long end, boolean wait);

    /** fcntl(2) F_GETLK: the first lock that stands in the way; null when none does. */
    @Nullable
    FileLock blockingLock(OpenFile file, Object owner, int type, long start, long end);

    // --- mounts -----------------------------------------------------------------------------------------------------

    /** mount(2): new mounts, MS_BIND, MS_REMOUNT, MS_MOVE. */
    long mount(@Nullable Task task, String source, Path point, String type, long flags, String options);

    long umount(Task task, Path root, int flags);

    /** All mounts, in order of mounting. */
    List<Mount> mounts();

    FsStat stat(Path path);

    /** The mount of a file system as the first root. For the start of the kernel. @return its root */
    Result<Path> mountRoot(String type, String options);

    /** Writes everything out (sync(2)). */
    void sync();

    /** chroot(2), pivot_root(2) are assignments to {@link FsContext}; this says whether the caller may. */
    long mayChroot(Task task, Path path);
}
