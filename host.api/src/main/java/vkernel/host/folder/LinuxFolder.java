package vkernel.host.folder;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import vkernel.host.FileStatus;
import vkernel.host.Folder;
import vkernel.host.HostException;
import vkernel.host.HostException.Reason;

/** A folder of Linux, see the package. One call at a time: the buffers are one for all. */
public final class LinuxFolder implements Folder {
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int AT_EMPTY_PATH = 0x1000;

    private static final int O_CREAT = 0100, O_EXCL = 0200, O_NONBLOCK = 04000, O_NOCTTY = 0400;

    private static final int STATX = 0xFFF; // basic attributes and the time of birth
    private static final int S_IFMT = 0170000, S_IFREG = 0100000;
    private static final int EIO = 5, EACCES = 13, EROFS = 30, ENAMETOOLONG = 36;
    private static final int CHUNK = 1 << 16;

    private final Path place;
    private final boolean readOnly;
    private final Arena arena = Arena.ofShared();
    private final Beneath beneath; // guarded by this, as what follows
    private final Structs structs = new Structs(arena);
    private final MemorySegment chunk = arena.allocate(CHUNK, 8);
    private final Set<Long> handles = new HashSet<>();
    private final int user;
    private boolean closed;

    private LinuxFolder(Path place, boolean readOnly) {
        this.place = place;
        this.readOnly = readOnly;
        beneath = new Beneath(arena, place);
        user = beneath.call(Libc.GETEUID, 0, 0, 0, 0, 0);
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
        long root = folder.beneath.root();
        long readable = root < 0 ? root : folder.list("", (name, ino, type) -> {});
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

    private int beneath(String text, int flags, int mode) {
        return closed ? -EIO : beneath.open(text, flags, mode);
    }

    /** Acts on a name in the folder that it lies in. @param changes whether that is refused where nothing may change */
    private synchronized long at(String text, boolean changes, Beneath.Act act) {
        return closed ? -EIO : changes && readOnly ? -EROFS : beneath.at(text, act);
    }

    private int call(MethodHandle function, long a, long b, long c, long d, long e) {
        return beneath.call(function, a, b, c, d, e);
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
        int file = beneath(text, Beneath.O_PATH | Beneath.O_NOFOLLOW, 0);
        if (file < 0) {
            return file;
        }
        long result = statOf(file, to);
        beneath.drop(file);
        return result;
    }

    @Override
    public synchronized long stat(long handle, FileStatus to) {
        return statOf(handle, to);
    }

    private long statOf(long descriptor, FileStatus to) {
        int follow = AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW;
        int result = call(Libc.STATX, descriptor, structs.nothing(), follow, STATX, structs.address());
        if (result == 0) {
            structs.status(to);
        }
        return result;
    }

    // --- contents ---------------------------------------------------------------------------------------------------

    @Override
    public synchronized long open(String text, int access) {
        if (readOnly && access != READ) {
            return -EROFS;
        }
        // O_NONBLOCK: a FIFO must not hold us until its type is known
        long file = beneath(text, access | Beneath.O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);
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
        beneath.drop(file);
        return error;
    }

    @Override
    public synchronized long create(String text, int mode) {
        if (readOnly) {
            return -EROFS;
        }
        long file = beneath(text, READ_WRITE | O_CREAT | O_EXCL | Beneath.O_NOFOLLOW | O_NOCTTY, mode & 0777);
        if (file < 0) {
            return file;
        }
        call(Libc.FCHMOD, file, mode, 0, 0, 0); // whatever the host's umask says
        return opened(file);
    }

    @Override
    public synchronized void close(long handle) {
        if (handles.remove(handle)) {
            beneath.drop(handle);
        }
    }

    @Override
    public synchronized long read(long handle, long position, byte[] to, int offset, int length) {
        int done = 0;
        while (done < length) {
            int most = Math.min(length - done, CHUNK);
            long n = beneath.longCall(Libc.PREAD, handle, chunk.address(), most, position + done, 0);
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
            long n = beneath.longCall(Libc.PWRITE, handle, chunk.address(), most, position + done, 0);
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
            long made = call(Libc.MKDIRAT, folder, beneath.name(), mode & 0777, 0, 0);
            if (made == 0) {
                call(Libc.FCHMODAT, folder, beneath.name(), mode, AT_SYMLINK_NOFOLLOW, 0);
            }
            return made;
        });
    }

    @Override
    public long symlink(String text, String target) {
        return at(
                text,
                true,
                folder -> beneath.other(target)
                        ? call(Libc.SYMLINKAT, beneath.other(), folder, beneath.name(), 0, 0)
                        : -ENAMETOOLONG);
    }

    @Override
    public synchronized @Nullable String readlink(String text) {
        long n = at(
                text,
                false,
                folder -> beneath.longCall(
                        Libc.READLINKAT, folder, beneath.name(), beneath.other(), Beneath.PATH_MAX, 0));
        return n < 0 ? null : beneath.otherText((int) n);
    }

    @Override
    public long link(String text, String newPath) {
        return both(text, newPath, (from, to) -> call(Libc.LINKAT, from, beneath.other(), to, beneath.name(), 0));
    }

    private synchronized long both(String text, String newPath, Beneath.Move move) {
        return closed ? -EIO : readOnly ? -EROFS : beneath.both(text, newPath, move);
    }

    @Override
    public long unlink(String text) {
        return at(text, true, folder -> call(Libc.UNLINKAT, folder, beneath.name(), 0, 0, 0));
    }

    @Override
    public long rmdir(String text) {
        return at(text, true, folder -> call(Libc.UNLINKAT, folder, beneath.name(), AT_REMOVEDIR, 0, 0));
    }

    @Override
    public long rename(String text, String newPath, int flags) {
        return both(
                text, newPath, (from, to) -> call(Libc.RENAMEAT2, from, beneath.other(), to, beneath.name(), flags));
    }

    // --- attributes -------------------------------------------------------------------------------------------------

    @Override
    public long chmod(String text, int mode) {
        if (text.isEmpty()) {
            return -EACCES; // the folder itself is the host's
        }
        return at(text, true, folder -> call(Libc.FCHMODAT, folder, beneath.name(), mode, AT_SYMLINK_NOFOLLOW, 0));
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
            structs.times(atime, mtime);
            return call(Libc.UTIMENSAT, folder, beneath.name(), structs.address(), AT_SYMLINK_NOFOLLOW, 0);
        });
    }

    @Override
    public synchronized long utimes(long handle, long atime, long mtime) {
        structs.times(atime, mtime);
        return change(Libc.FUTIMENS, handle, structs.address(), 0, 0);
    }

    // --- the whole --------------------------------------------------------------------------------------------------

    @Override
    public synchronized long list(String text, Names to) {
        int folder = beneath(text, Beneath.O_DIRECTORY, 0);
        if (folder < 0) {
            return folder;
        }
        long n = more(folder);
        while (n > 0) {
            Structs.entries(chunk, (int) n, to);
            n = more(folder);
        }
        beneath.drop(folder);
        return n;
    }

    private long more(int folder) {
        return beneath.longCall(Libc.GETDENTS64, folder, chunk.address(), CHUNK, 0, 0);
    }

    @Override
    public synchronized long space(long[] to) {
        if (closed) {
            return -EIO;
        }
        int error = call(Libc.FSTATFS, beneath.root(), structs.address(), 0, 0, 0);
        if (error == 0) {
            structs.space(to);
        }
        return error;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        handles.forEach(beneath::drop);
        handles.clear();
        beneath.close();
        arena.close();
    }
}
