package vkernel.host;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;
import vkernel.host.folder.LinuxFolder;

/**
 * A folder of the host that the machine was given, and nothing else of the host: no name, symbolic link or race leads
 * out of it, and what is mounted below it is not part of it. Calls are system calls of the host, done when they return;
 * any thread may make them.
 *
 * <p>Paths are relative, without "." and "..", names between single slashes, empty for the folder itself; one char for
 * each byte (ISO 8859-1). No symbolic link is followed. Results are at least 0, or a negative error number of Linux.
 */
@ProviderType
public interface Folder extends AutoCloseable {
    /** {@link #open}: what the handle is for. */
    int READ = 0, WRITE = 1, READ_WRITE = 2;

    /** {@link #utimes}: a time that stays; one that is now. */
    long OMIT = Long.MIN_VALUE, NOW = Long.MIN_VALUE + 1;

    /** Takes the names in a folder. */
    @FunctionalInterface
    interface Names {
        /** @param type DT_*: the bits of the file type in a mode, shifted right by 12 */
        void name(String name, long ino, int type);
    }

    /**
     * A folder of the host.
     *
     * @throws HostException {@code ABSENT} when there is none, {@code IO} when it cannot be read, {@code INVALID} when
     *     this host cannot keep a guest inside (other than Linux from 5.6 on)
     */
    static Folder of(Path path, boolean readOnly) {
        return LinuxFolder.open(path, readOnly);
    }

    /** Where it is on the host, for people. */
    String place();

    /** Changes are refused with EROFS. */
    boolean readOnly();

    /** The host's user, to whom all belongs that is made here. */
    int user();

    /** What a path is. */
    long stat(String path, FileStatus to);

    /** What an open file is. */
    long stat(long handle, FileStatus to);

    /** Opens a regular file. @return a handle; -EACCES for what is no regular file */
    long open(String path, int access);

    /** Makes a regular file and opens it for {@link #READ_WRITE}. @param mode permissions */
    long create(String path, int mode);

    void close(long handle);

    long read(long handle, long position, byte[] to, int offset, int length);

    long write(long handle, long position, byte[] from, int offset, int length);

    long truncate(long handle, long size);

    /** fallocate(2). */
    long allocate(long handle, int mode, long position, long length);

    /** fsync(2). */
    long sync(long handle);

    long mkdir(String path, int mode);

    long symlink(String path, String target);

    /** The target of a symbolic link; null when it cannot be read. */
    @org.jspecify.annotations.Nullable
    String readlink(String path);

    long link(String path, String newPath);

    long unlink(String path);

    long rmdir(String path);

    /** renameat2(2). */
    long rename(String path, String newPath, int flags);

    long chmod(String path, int mode);

    /** Sets times, nanoseconds since 1970. */
    long utimes(String path, long atime, long mtime);

    long chmod(long handle, int mode);

    long utimes(long handle, long atime, long mtime);

    /** The names in a folder, without "." and "..", in no order. */
    long list(String path, Names to);

    /** statfs(2): block size, blocks, free, available, files, free files, longest name. */
    long space(long[] to);

    /** No call follows; all handles are closed. */
    @Override
    void close();
}
