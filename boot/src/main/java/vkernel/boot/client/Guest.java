package vkernel.boot.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import vkernel.fs.Mode;
import vkernel.kern.Result;

/**
 * A process of a kernel whose system calls are made here, in Java. It has descriptors, a working directory, rights (those
 * of root) and limits as any process has, and is seen by the others as {@code client}. A result that is negative is an
 * error number of errno(3), as the call itself gives it; {@link vkernel.kern.Errno#name} has its name.
 *
 * <p>A call that waits in the guest waits here. Calls of one client are made one after the other; any thread may make
 * them. When the process has ended, be it by a signal, each gives -ESRCH.
 */
public interface Guest extends AutoCloseable {
    /** Most bytes that the arguments of one call may have together. */
    int MOST = 1 << 19;

    /** Makes a path relative to the working directory (openat(2)). */
    int AT_FDCWD = -100;

    /** Entries that {@code .} and {@code ..} are. */
    List<String> DOTS = List.of(".", "..");

    /** Most bytes of a path (limits.h). */
    int PATH_MAX = 4096;

    /** Bytes of one read or write, and the most of an extended attribute or the list of them. */
    int PIECE = 1 << 16;

    /**
     * Makes any system call. Those that are about the program itself (clone, clone3, execve, execveat, rt_sigreturn) give
     * -ENOSYS: there is none.
     *
     * @param number of the riscv64 ABI
     * @param arguments at most six of: Integer and Long; String, which goes as its bytes in UTF-8 and a zero; byte[],
     *     whose address the call gets; {@link Into}, the same, which is filled with what the call leaves there
     * @return what the call returns
     * @throws IllegalArgumentException for other arguments, or more than {@link #MOST} bytes
     */
    long call(int number, Object... arguments);

    /** Ends the process. */
    @Override
    void close();

    // --- files ------------------------------------------------------------------------------------------------------

    /** open(2). @param flags {@link Mode}'s O_*; files can be larger than 2 GiB in any case */
    default long open(String path, int flags, int mode) {
        return call(Call.OPENAT, AT_FDCWD, path, flags, mode);
    }

    /** close(2). */
    default long close(long fd) {
        return call(Call.CLOSE, fd);
    }

    /** read(2), of as many bytes as there is room for or {@link #PIECE}. */
    default long read(long fd, byte[] to) {
        Into into = new Into(Math.min(to.length, PIECE));
        long n = call(Call.READ, fd, into, into.bytes().length);
        if (n > 0) {
            System.arraycopy(into.bytes(), 0, to, 0, (int) n);
        }
        return n;
    }

    /** write(2), of all bytes unless there is an error; then it gives what was written before, if anything was. */
    default long write(long fd, byte[] from) {
        int done = 0;
        do {
            byte[] piece = java.util.Arrays.copyOfRange(from, done, Math.min(from.length, done + PIECE));
            long n = call(Call.WRITE, fd, piece, piece.length);
            if (n <= 0) {
                return done > 0 ? done : n;
            }
            done += (int) n;
        } while (done < from.length);
        return done;
    }

    /** lseek(2). @param whence SEEK_SET 0, SEEK_CUR 1, SEEK_END 2 */
    default long seek(long fd, long offset, int whence) {
        return call(Call.LSEEK, fd, offset, whence);
    }

    /** fsync(2). */
    default long sync(long fd) {
        return call(Call.FSYNC, fd);
    }

    /** pipe(2). @return the end to read from and the end to write to */
    default Result<int[]> pipe() {
        Into ends = new Into(8);
        long error = call(Call.PIPE2, ends, 0);
        ByteBuffer both = ByteBuffer.wrap(ends.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        return error < 0 ? Result.error(error) : Result.of(new int[] {both.getInt(), both.getInt()});
    }

    // --- names ------------------------------------------------------------------------------------------------------

    default long mkdir(String path, int mode) {
        return call(Call.MKDIRAT, AT_FDCWD, path, mode);
    }

    default long unlink(String path) {
        return call(Call.UNLINKAT, AT_FDCWD, path, 0);
    }

    default long rmdir(String path) {
        return call(Call.UNLINKAT, AT_FDCWD, path, 0x200);
    }

    default long rename(String from, String to) {
        return call(Call.RENAMEAT2, AT_FDCWD, from, AT_FDCWD, to, 0);
    }

    default long symlink(String target, String path) {
        return call(Call.SYMLINKAT, target, AT_FDCWD, path);
    }

    /** Where a symbolic link leads (readlink(2)). */
    default Result<String> readlink(String path) {
        Into target = new Into(PATH_MAX);
        long n = call(Call.READLINKAT, AT_FDCWD, path, target, PATH_MAX);
        return n < 0 ? Result.error(n) : Result.of(new String(target.first(n), StandardCharsets.UTF_8));
    }

    /** Names of a file's extended attributes; links are not followed (llistxattr(2)). */
    default Result<List<String>> xattrs(String path) {
        Into names = new Into(PIECE);
        long n = call(Call.LLISTXATTR, path, names, PIECE);
        if (n < 0) {
            return Result.error(n);
        }
        String all = new String(names.first(n), StandardCharsets.UTF_8);
        return Result.of(all.isEmpty() ? List.of() : List.of(all.split("\0")));
    }

    /** An extended attribute; links are not followed (lgetxattr(2)). */
    default Result<byte[]> xattr(String path, String name) {
        Into value = new Into(PIECE);
        long n = call(Call.LGETXATTR, path, name, value, PIECE);
        return n < 0 ? Result.error(n) : Result.of(value.first(n));
    }

    default long chdir(String path) {
        return call(Call.CHDIR, path);
    }

    /** stat(2), or lstat(2) when links are not followed. */
    default Result<Stat> stat(String path, boolean follow) {
        Into stat = new Into(Stat.SIZE);
        long error = call(Call.NEWFSTATAT, AT_FDCWD, path, stat, follow ? 0 : 0x100);
        return error < 0 ? Result.error(error) : Result.of(Stat.of(stat.bytes()));
    }

    /** Names in a directory, in its order, without {@code .} and {@code ..} (getdents64(2)). */
    default Result<List<String>> list(String path) {
        long fd = open(path, Mode.O_RDONLY | Mode.O_DIRECTORY, 0);
        if (fd < 0) {
            return Result.error(fd);
        }
        List<String> names = new ArrayList<>();
        Into entries = new Into(PIECE);
        long n = call(Call.GETDENTS64, fd, entries, PIECE);
        while (n > 0) {
            ByteBuffer buffer = ByteBuffer.wrap(entries.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at < n; at += buffer.getShort(at + 16)) {
                int end = at + 19;
                while (buffer.get(end) != 0) {
                    end++;
                }
                names.add(new String(entries.bytes(), at + 19, end - at - 19, StandardCharsets.UTF_8));
            }
            n = call(Call.GETDENTS64, fd, entries, PIECE);
        }
        close(fd);
        names.removeAll(DOTS);
        return n < 0 ? Result.error(n) : Result.of(names);
    }

    /** All of a file. */
    default Result<byte[]> readAll(String path) {
        long fd = open(path, Mode.O_RDONLY, 0);
        if (fd < 0) {
            return Result.error(fd);
        }
        var all = new java.io.ByteArrayOutputStream();
        byte[] piece = new byte[PIECE];
        long n = read(fd, piece);
        while (n > 0) {
            all.write(piece, 0, (int) n);
            n = read(fd, piece);
        }
        close(fd);
        return n < 0 ? Result.error(n) : Result.of(all.toByteArray());
    }

    /** Makes a file, or another one of the same name, of these bytes. @return 0 or -errno */
    default long writeAll(String path, byte[] bytes, int mode) {
        long fd = open(path, Mode.O_WRONLY | Mode.O_CREAT | Mode.O_TRUNC, mode);
        if (fd < 0) {
            return fd;
        }
        long n = bytes.length == 0 ? 0 : write(fd, bytes);
        close(fd);
        return n < 0 ? n : n < bytes.length ? -vkernel.kern.Errno.ENOSPC : 0;
    }

    // --- processes --------------------------------------------------------------------------------------------------

    default long getpid() {
        return call(Call.GETPID);
    }

    default long kill(int pid, int signal) {
        return call(Call.KILL, pid, signal);
    }
}
