package vkernel.fs;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Task;

/**
 * A kind of file system (Linux: struct file_system_type, inode_operations, super_operations). An OSGi service with the
 * property {@code fs}, its name. All its state is in the {@link SuperBlock} and the {@link Inode}s, so that another
 * provider of the same name can go on with it.
 *
 * <p>Called with the kernel lock held. Vfs has walked the path, checked permissions, read-only mounts, name lengths
 * and that a name exists or not, and has put umask and set-group-ID inheritance into the mode. The file system sets
 * all of a new inode (owner: the task's fsuid; group: that of a set-group-ID directory, else fsgid) and, in operations
 * on names and sizes, link counts and times of the inodes concerned. Vfs sets times in read and write, and mode, owner
 * and times where they are asked for; then it calls {@link #changed}. Times come from
 * {@link vkernel.kern.Kernel#realtime}.
 */
@ConsumerType
public interface FileSystemType extends FileOps {
    /** {@code tmpfs}, {@code proc}, …: the value of the property {@code fs}. */
    String name();

    /** Whether it needs no device ("nodev" in /proc/filesystems). */
    default boolean nodev() {
        return true;
    }

    /**
     * Makes a mounted instance, its root inode included.
     *
     * @param self the slot that this provider is in, for the super block
     * @param device number for its files
     */
    Result<SuperBlock> mount(Slot<FileSystemType> self, long device, String source, String options);

    /** Changes the options of a mounted instance. @return 0 or -errno with nothing changed */
    default long remount(SuperBlock sb, String options) {
        return 0;
    }

    /** The instance is unmounted for good. */
    default void unmount(SuperBlock sb) {}

    /** Finds a name in a directory, never "." or "..". @return -ENOENT when it is not there */
    Result<Inode> lookup(Task task, Inode dir, String name);

    /**
     * Whether Vfs may keep what {@link #lookup} found (and did not find) as a dentry. File systems whose names come
     * and go by themselves say no.
     */
    default boolean cacheable() {
        return true;
    }

    /** Whether each lookup of a file gives the same inode, so that a place stays the same although it is looked up anew. */
    default boolean stable() {
        return cacheable();
    }

    /** Makes a file of any type but directory and symlink. @param mode type and permissions, umask applied */
    default Result<Inode> create(Task task, Inode dir, String name, int mode, long rdev) {
        return Result.error(-Errno.EPERM);
    }

    default Result<Inode> mkdir(Task task, Inode dir, String name, int mode) {
        return Result.error(-Errno.EPERM);
    }

    default Result<Inode> symlink(Task task, Inode dir, String name, String target) {
        return Result.error(-Errno.EPERM);
    }

    /** A file without a name (O_TMPFILE). */
    default Result<Inode> tmpfile(Task task, Inode dir, int mode) {
        return Result.error(-Errno.EOPNOTSUPP);
    }

    default long link(Task task, Inode dir, String name, Inode target) {
        return -Errno.EPERM;
    }

    default long unlink(Task task, Inode dir, String name, Inode victim) {
        return -Errno.EPERM;
    }

    /** @return -ENOTEMPTY when it is not empty */
    default long rmdir(Task task, Inode dir, String name, Inode victim) {
        return -Errno.EPERM;
    }

    /**
     * Moves a name, over an existing one that fits if there is one.
     *
     * @param flags RENAME_EXCHANGE 2, RENAME_WHITEOUT 4 if it can {@linkplain #whiteouts leave one behind}, or 0
     */
    default long rename(Task task, Inode from, String oldName, Inode to, String newName, int flags) {
        return -Errno.EPERM;
    }

    /** Whether a rename may leave a device 0:0 where the name was, in one step (RENAME_WHITEOUT). */
    default boolean whiteouts() {
        return false;
    }

    /** Target of a symbolic link. */
    default Result<String> readlink(Task task, Inode link) {
        String target = link.target;
        return target == null ? Result.error(-Errno.EINVAL) : Result.of(target);
    }

    /**
     * For a link that leads to a place rather than to a name (/proc/PID/cwd, /proc/PID/fd/N).
     *
     * @return -EINVAL when its target is to be walked as usual
     */
    default Result<Path> jump(Task task, Inode link) {
        return Result.error(-Errno.EINVAL);
    }

    /** Brings computed attributes up to date before stat(2). */
    default void refresh(Inode inode) {}

    /** Sets the size of a regular file. */
    default long truncate(Task task, Inode inode, long size) {
        return -Errno.EINVAL;
    }

    /** fallocate(2). */
    default long allocate(Task task, Inode inode, int mode, long offset, long length) {
        return -Errno.EOPNOTSUPP;
    }

    /** The inode has no links and no holders any more: free what it holds. */
    default void evict(Inode inode) {}

    /** statfs(2). */
    FsStat stat(SuperBlock sb);

    /** Longest that a file can be, bytes (super_block.s_maxbytes). */
    default long longest() {
        return Long.MAX_VALUE;
    }

    /** {@link Inode#flags} that its files can have; 0 for none, and then nobody is told of any. */
    default int flags() {
        return 0;
    }

    /** Whether there is room for a file's extended attributes, all of them (else -ENOSPC); they are counted already. */
    default boolean hasRoom(Inode inode, Map<String, byte[]> xattrs) {
        return true;
    }

    /**
     * Vfs is about to change attributes, as it may: for file systems that must ask others first.
     *
     * @param mode type and permissions; as they are when they stay
     * @param atime nanoseconds since 1970, or {@link Vfs#UTIME_OMIT}; likewise {@code mtime}
     * @return 0, or -errno, and then nothing is changed
     */
    default long change(Inode inode, int mode, int uid, int gid, long atime, long mtime) {
        return 0;
    }

    /** Attributes were changed by Vfs (mode, owner, times). */
    default void changed(Inode inode) {}

    /**
     * Looks whether all of an instance that is mounted read-only fits together (fsck(8)). Takes its time.
     *
     * @param report told each thing that is wrong, in words
     * @return how many there were; -EOPNOTSUPP when nothing can be said, -EBUSY when it is mounted to be written
     */
    default long check(SuperBlock sb, Consumer<String> report) {
        return -Errno.EOPNOTSUPP;
    }

    /** Blocks of 512 bytes that a file takes on its disk, those that it has been promised included; -1 where its pages say. */
    default long blocks(Inode inode) {
        return -1;
    }

    /**
     * Where the contents of a file lie on the file system's disk, for who reads and writes there himself (FIBMAP). What is
     * in memory is written first, waiting for the disk.
     *
     * @return runs in the order of the file: first byte in the disk and number of bytes, a multiple of 4096, of each; what
     *     lies in smaller pieces is left out. Null when some of it lies nowhere, or its beginning is in pieces, or it is
     *     no file of a disk
     */
    default long @Nullable [][] places(Inode inode) {
        return null;
    }

    /** Writes everything out. */
    default void sync(SuperBlock sb) {}
}
