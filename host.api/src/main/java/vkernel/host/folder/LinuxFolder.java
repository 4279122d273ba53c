package vkernel.host.folder;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import vkernel.host.FileStatus;
import vkernel.host.Folder;
import vkernel.host.HostException;
import vkernel.host.HostException.Reason;

/** A folder of Linux, see the package. One call at a time: the buffers are one for all. */
public final class LinuxFolder implements Folder {
    private static final int OPENAT2 = 437;
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int AT_EMPTY_PATH = 0x1000;

    private static final int O_CREAT = 0100, O_EXCL = 0200, O_NONBLOCK = 04000, O_NOCTTY = 0400;
    private static final int O_DIRECTORY = Flags.directory(), O_NOFOLLOW = Flags.noFollow();
    private static final int O_CLOEXEC = 02000000, O_PATH = 010000000;

    /** RESOLVE_NO_XDEV, NO_MAGICLINKS, NO_SYMLINKS, BENEATH. */
    private static final long RESOLVE = 0x1 | 0x2 | 0x4 | 0x8;

    private static final int STATX = 0xFFF; // basic attributes and the time of birth
    private static final int S_IFMT = 0170000, S_IFREG = 0100000;
    private static final int EIO = 5, EAGAIN = 11, EACCES = 13, EINVAL = 22, EROFS = 30, ENAMETOOLONG = 36;
    private static final int PATH_MAX = 4096;
    private static final int CHUNK = 1 << 16;
    private static final long SECOND = 1_000_000_000;
    private static final long UTIME_NOW = 0x3FFFFFFF, UTIME_OMIT = 0x3FFFFFFE;

    /** Two flags have other values on ARM. */
    private static final class Flags {
        private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");

        static int directory() {
            return ARM ? 040000 : 0200000;
        }

        static int noFollow() {
            return ARM ? 0100000 : 0400000;
        }
    }

    private final Path place;
    private final boolean readOnly;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = arena.allocate(Libc.STATE_BYTES, 8);
    private final MemorySegment path = arena.allocate(PATH_MAX, 8);
    private final MemorySegment name = arena.allocate(PATH_MAX, 8);
    private final MemorySegment other = arena.allocate(PATH_MAX, 8);
    private final MemorySegment how = arena.allocate(24, 8);
    private final MemorySegment statx = arena.allocate(256, 8);
    private final MemorySegment chunk = arena.allocate(CHUNK, 8);
    private final Set<Long> handles = new HashSet<>(); // guarded by this
    private final int root;
    private final int user;
    private boolean closed; // guarded by this

    private LinuxFolder(Path place, boolean readOnly) {
        this.place = place;
        this.readOnly = readOnly;
        put(path, place.toString().getBytes(StandardCharsets.UTF_8));
        root = call(Libc.OPENAT, AT_FDCWD, path.address(), O_PATH | O_DIRECTORY | O_CLOEXEC, 0, 0);
        user = call(Libc.GETEUID, 0, 0, 0, 0, 0);
    }

    /** See {@link Folder#of}. */
    public static LinuxFolder open(Path path, boolean readOnly) {
        if (!Libc.known()) {
            throw new HostException(Reason.INVALID, "folders are shared on Linux only");
        }
        if (!Files.isDirectory(path)) {
            String what = Files.exists(path) ? ": it is no folder" : ": no such folder";
            throw new HostException(Reason.ABSENT, path + what);
        }
        LinuxFolder folder = new LinuxFolder(path.toAbsolutePath(), readOnly);
        long readable = folder.root < 0 ? folder.root : folder.list("", (name, ino, type) -> {});
        if (readable < 0) {
            folder.close();
            boolean old = readable == -Libc.ENOSYS;
            throw new HostException(
                    old ? Reason.INVALID : Reason.IO,
                    path
                            + (old
                                    ? ": sharing needs openat2(2) of Linux 5.6"
                                    : ": cannot be read (error " + -readable + ")"));
        }
        return folder;
    }

    private int call(MethodHandle function, long a, long b, long c, long d, long e) {
        return Libc.call(function, state, a, b, c, d, e);
    }

    private static boolean put(MemorySegment to, byte[] bytes) {
        if (bytes.length >= to.byteSize()) {
            return false;
        }
        MemorySegment.copy(bytes, 0, to, JAVA_BYTE, 0, bytes.length);
        to.set(JAVA_BYTE, bytes.length, (byte) 0);
        return true;
    }

    private static boolean put(MemorySegment to, String text) {
        return put(to, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    // --- places -----------------------------------------------------------------------------------------------------

    /** Opens what a path leads to, within. */
    private int beneath(String text, int flags, int mode) {
        if (closed) {
            return -EIO;
        }
        if (!put(path, text.isEmpty() ? "." : text)) {
            return -ENAMETOOLONG;
        }
        how.set(JAVA_LONG_UNALIGNED, 0, flags | O_CLOEXEC);
        how.set(JAVA_LONG_UNALIGNED, 8, mode);
        how.set(JAVA_LONG_UNALIGNED, 16, RESOLVE);
        int opened;
        do { // the host renames meanwhile: openat2(2) wants to be asked again
            opened = call(Libc.SYSCALL, OPENAT2, root, path.address(), how.address(), 24);
        } while (opened == -EAGAIN);
        return opened;
    }

    /** What is done with a name in a folder that is open. */
    @FunctionalInterface
    private interface Act {
        long in(int folder);
    }

    /** Opens the folder that a path's last name lies in, puts that name into {@link #name}, acts, closes. */
    private synchronized long at(String text, boolean changes, Act act) {
        if (changes && readOnly) {
            return -EROFS;
        }
        int slash = text.lastIndexOf('/');
        String last = text.substring(slash + 1);
        if (last.isEmpty() || last.equals(".") || last.equals("..")) {
            return -EINVAL;
        }
        int folder = beneath(slash < 0 ? "" : text.substring(0, slash), O_PATH | O_DIRECTORY, 0);
        if (folder < 0) {
            return folder;
        }
        long result = put(name, last) ? act.in(folder) : -ENAMETOOLONG;
        drop(folder);
        return result;
    }

    private void drop(long descriptor) {
        call(Libc.CLOSE, descriptor, 0, 0, 0, 0);
    }

    @Override
    public String place() {
        return place.toString();
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public int user() {
        return user;
    }

    // --- what files are ---------------------------------------------------------------------------------------------

    @Override
    public synchronized long stat(String text, FileStatus to) {
        int file = beneath(text, O_PATH | O_NOFOLLOW, 0);
        if (file < 0) {
            return file;
        }
        long result = statOf(file, to);
        drop(file);
        return result;
    }

    @Override
    public synchronized long stat(long handle, FileStatus to) {
        return statOf(handle, to);
    }

    private long statOf(long descriptor, FileStatus to) {
        path.set(JAVA_BYTE, 0, (byte) 0);
        int result = call(
                Libc.STATX, descriptor, path.address(), AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, STATX, statx.address());
        if (result == 0) {
            read(to);
        }
        return result;
    }

    /** struct statx: the same on every machine. */
    private void read(FileStatus to) {
        to.links = statx.get(JAVA_INT_UNALIGNED, 16);
        to.uid = statx.get(JAVA_INT_UNALIGNED, 20);
        to.gid = statx.get(JAVA_INT_UNALIGNED, 24);
        to.mode = statx.get(JAVA_SHORT_UNALIGNED, 28) & 0xFFFF;
        to.ino = statx.get(JAVA_LONG_UNALIGNED, 32);
        to.size = statx.get(JAVA_LONG_UNALIGNED, 40);
        to.blocks = statx.get(JAVA_LONG_UNALIGNED, 48);
        to.atime = time(64);
        to.btime = time(80);
        to.ctime = time(96);
        to.mtime = time(112);
    }

    private long time(long at) {
        return statx.get(JAVA_LONG_UNALIGNED, at) * SECOND + statx.get(JAVA_INT_UNALIGNED, at + 8);
    }

    // --- contents ---------------------------------------------------------------------------------------------------

    @Override
    public synchronized long open(String text, int access) {
        if (readOnly && access != READ) {
            return -EROFS;
        }
        // O_NONBLOCK: a FIFO must not hold us until its type is known
        long file = beneath(text, access | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);
        if (file < 0) {
            return file;
        }
        FileStatus status = new FileStatus();
        long error = statOf(file, status);
        if (error == 0 && (status.mode & S_IFMT) != S_IFREG) {
            error = -EACCES;
        }
        return error == 0 ? opened(file) : refused(file, error);
    }

    private long opened(long file) {
        handles.add(file);
        return file;
    }

    private long refused(long file, long error) {
        drop(file);
        return error;
    }

    @Override
    public synchronized long create(String text, int mode) {
        if (readOnly) {
            return -EROFS;
        }
        long file = beneath(text, READ_WRITE | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY, mode & 0777);
        if (file < 0) {
            return file;
        }
        call(Libc.FCHMOD, file, mode, 0, 0, 0); // whatever the host's umask says
        return opened(file);
    }

    @Override
    public synchronized void close(long handle) {
        if (handles.remove(handle)) {
            drop(handle);
        }
    }

    @Override
    public synchronized long read(long handle, long position, byte[] to, int offset, int length) {
        int done = 0;
        while (done < length) {
            int most = Math.min(length - done, CHUNK);
            long n = Libc.longCall(Libc.PREAD, state, handle, chunk.address(), most, position + done, 0);
            if (n <= 0) {
                return done > 0 ? done : n;
            }
            MemorySegment.copy(chunk, JAVA_BYTE, 0, to, offset + done, (int) n);
            done += (int) n;
            if (n < most) {
                break;
            }
        }
        return done;
    }

    @Override
    public synchronized long write(long handle, long position, byte[] from, int offset, int length) {
        if (readOnly) {
            return -EROFS;
        }
        int done = 0;
        while (done < length) {
            int most = Math.min(length - done, CHUNK);
            MemorySegment.copy(from, offset + done, chunk, JAVA_BYTE, 0, most);
            long n = Libc.longCall(Libc.PWRITE, state, handle, chunk.address(), most, position + done, 0);
            if (n <= 0) {
                return done > 0 ? done : n;
            }
            done += (int) n;
        }
        return done;
    }

    private synchronized long change(MethodHandle function, long a, long b, long c, long d) {
        return readOnly ? -EROFS : call(function, a, b, c, d, 0);
    }

    @Override
    public long truncate(long handle, long size) {
        return change(Libc.FTRUNCATE, handle, size, 0, 0);
    }

    @Override
    public long allocate(long handle, int mode, long position, long length) {
        return change(Libc.FALLOCATE, handle, mode, position, length);
    }

    @Override
    public synchronized long sync(long handle) {
        return call(Libc.FSYNC, handle, 0, 0, 0, 0);
    }

    // --- names ------------------------------------------------------------------------------------------------------

    @Override
    public long mkdir(String text, int mode) {
        return at(text, true, folder -> {
            long made = call(Libc.MKDIRAT, folder, name.address(), mode & 0777, 0, 0);
            if (made == 0) {
                call(Libc.FCHMODAT, folder, name.address(), mode, AT_SYMLINK_NOFOLLOW, 0);
            }
            return made;
        });
    }

    @Override
    public long symlink(String text, String target) {
        return at(
                text,
                true,
                folder -> put(other, target)
                        ? call(Libc.SYMLINKAT, other.address(), folder, name.address(), 0, 0)
                        : -ENAMETOOLONG);
    }

    @Override
    public synchronized @Nullable String readlink(String text) {
        long n = at(
                text,
                false,
                folder -> Libc.longCall(Libc.READLINKAT, state, folder, name.address(), other.address(), PATH_MAX, 0));
        return n < 0 ? null : text(other, 0, (int) n);
    }

    private static String text(MemorySegment from, long at, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(from, JAVA_BYTE, at, bytes, 0, length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public long link(String text, String newPath) {
        return both(text, newPath, (from, to) -> call(Libc.LINKAT, from, other.address(), to, name.address(), 0));
    }

    @Override
    public long unlink(String text) {
        return at(text, true, folder -> call(Libc.UNLINKAT, folder, name.address(), 0, 0, 0));
    }

    @Override
    public long rmdir(String text) {
        return at(text, true, folder -> call(Libc.UNLINKAT, folder, name.address(), AT_REMOVEDIR, 0, 0));
    }

    @Override
    public long rename(String text, String newPath, int flags) {
        return both(
                text, newPath, (from, to) -> call(Libc.RENAMEAT2, from, other.address(), to, name.address(), flags));
    }

    /** What is done with the name {@link #other} in one folder and {@link #name} in another. */
    @FunctionalInterface
    private interface Move {
        long between(int from, int to);
    }

    private synchronized long both(String text, String newPath, Move move) {
        return at(text, true, from -> {
            byte[] first = name.asSlice(0, PATH_MAX).toArray(JAVA_BYTE);
            return at(newPath, true, to -> {
                MemorySegment.copy(first, 0, other, JAVA_BYTE, 0, PATH_MAX);
                return move.between(from, to);
            });
        });
    }

    // --- attributes -------------------------------------------------------------------------------------------------

    @Override
    public long chmod(String text, int mode) {
        if (text.isEmpty()) {
            return -EACCES; // the folder itself is the host's
        }
        return at(text, true, folder -> call(Libc.FCHMODAT, folder, name.address(), mode, AT_SYMLINK_NOFOLLOW, 0));
    }

    @Override
    public long chmod(long handle, int mode) {
        return change(Libc.FCHMOD, handle, mode, 0, 0);
    }

    @Override
    public long utimes(String text, long atime, long mtime) {
        if (text.isEmpty()) {
            return -EACCES;
        }
        return at(text, true, folder -> {
            times(atime, mtime);
            return call(Libc.UTIMENSAT, folder, name.address(), statx.address(), AT_SYMLINK_NOFOLLOW, 0);
        });
    }

    @Override
    public synchronized long utimes(long handle, long atime, long mtime) {
        times(atime, mtime);
        return change(Libc.FUTIMENS, handle, statx.address(), 0, 0);
    }

    /** Two of struct timespec, in {@link #statx}. */
    private void times(long atime, long mtime) {
        time(0, atime);
        time(16, mtime);
    }

    private void time(long at, long time) {
        boolean special = time == OMIT || time == NOW;
        statx.set(JAVA_LONG_UNALIGNED, at, special ? 0 : Math.floorDiv(time, SECOND));
        long nanos = time == OMIT ? UTIME_OMIT : time == NOW ? UTIME_NOW : Math.floorMod(time, SECOND);
        statx.set(JAVA_LONG_UNALIGNED, at + 8, nanos);
    }

    // --- the whole --------------------------------------------------------------------------------------------------

    @Override
    public synchronized long list(String text, Names to) {
        int folder = beneath(text, O_DIRECTORY, 0);
        if (folder < 0) {
            return folder;
        }
        long n = more(folder);
        while (n > 0) {
            entries((int) n, to);
            n = more(folder);
        }
        drop(folder);
        return n;
    }

    private long more(int folder) {
        return Libc.longCall(Libc.GETDENTS64, state, folder, chunk.address(), CHUNK, 0, 0);
    }

    /** struct linux_dirent64: number 8, offset 8, length 2, type 1, name. */
    private void entries(int bytes, Names to) {
        for (int at = 0; at < bytes; ) {
            int length = chunk.get(JAVA_SHORT_UNALIGNED, at + 16) & 0xFFFF;
            int end = at + 19;
            while (chunk.get(JAVA_BYTE, end) != 0) {
                end++;
            }
            String entry = text(chunk, at + 19, end - at - 19);
            if (!entry.equals(".") && !entry.equals("..")) {
                to.name(entry, chunk.get(JAVA_LONG_UNALIGNED, at), chunk.get(JAVA_BYTE, at + 18));
            }
            at += length;
        }
    }

    @Override
    public synchronized long space(long[] to) {
        if (closed) {
            return -EIO;
        }
        int error = call(Libc.FSTATFS, root, statx.address(), 0, 0, 0);
        if (error == 0) {
            Arrays.setAll(to, i -> statx.get(JAVA_LONG_UNALIGNED, i < 6 ? 8 + 8L * i : 64));
        }
        return error;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        handles.forEach(this::drop);
        handles.clear();
        if (root >= 0) {
            drop(root);
        }
        arena.close();
    }
}
