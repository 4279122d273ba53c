package vkernel.host.folder;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * From a path to what it names, within one folder (openat2(2)): nowhere else is the host given a name to resolve. Not
 * thread-safe: the buffers are one for all calls.
 */
final class Beneath {
    static final int O_DIRECTORY = Flags.directory(), O_NOFOLLOW = Flags.noFollow();
    static final int O_PATH = 010000000;
    static final int PATH_MAX = 4096;

    private static final int OPENAT2 = 437;
    private static final int AT_FDCWD = -100;
    private static final int O_CLOEXEC = 02000000;

    /** RESOLVE_NO_XDEV, NO_MAGICLINKS, NO_SYMLINKS, BENEATH. */
    private static final long RESOLVE = 0x1 | 0x2 | 0x4 | 0x8;

    private static final int EAGAIN = 11, EINVAL = 22, ENAMETOOLONG = 36;

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

    private final MemorySegment state;
    private final MemorySegment path;
    private final MemorySegment name;
    private final MemorySegment other;
    private final MemorySegment how;
    private final int root;

    Beneath(Arena arena, Path place) {
        state = arena.allocate(Libc.STATE_BYTES, 8);
        path = arena.allocate(PATH_MAX, 8);
        name = arena.allocate(PATH_MAX, 8);
        other = arena.allocate(PATH_MAX, 8);
        how = arena.allocate(24, 8);
        put(path, place.toString().getBytes(StandardCharsets.UTF_8));
        root = call(Libc.OPENAT, AT_FDCWD, path.address(), O_PATH | O_DIRECTORY | O_CLOEXEC, 0, 0);
    }

    /** The folder itself, or -errno. */
    int root() {
        return root;
    }

    /** A call of the host. @return what it returns, or -errno */
    int call(MethodHandle function, long a, long b, long c, long d, long e) {
        return Libc.call(function, state, a, b, c, d, e);
    }

    /** Likewise, of one that returns a size. */
    long longCall(MethodHandle function, long a, long b, long c, long d, long e) {
        return Libc.longCall(function, state, a, b, c, d, e);
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

    /** Address of the name that is acted on. */
    long name() {
        return name.address();
    }

    /** Address of a second name. */
    long other() {
        return other.address();
    }

    /** Puts a second name. @return false when it is too long */
    boolean other(String text) {
        return put(other, text);
    }

    /** What a call has put in place of the second name. */
    String otherText(int length) {
        return Structs.text(other, 0, length);
    }

    /** Opens what a path leads to, within. @return a descriptor, or -errno */
    int open(String text, int flags, int mode) {
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
    interface Act {
        long in(int folder);
    }

    /** Opens the folder that a path's last name lies in, puts that name into {@link #name}, acts, closes. */
    long at(String text, Act act) {
        int slash = text.lastIndexOf('/');
        String last = text.substring(slash + 1);
        if (last.isEmpty() || last.equals(".") || last.equals("..")) {
            return -EINVAL;
        }
        int folder = open(slash < 0 ? "" : text.substring(0, slash), O_PATH | O_DIRECTORY, 0);
        if (folder < 0) {
            return folder;
        }
        long result = put(name, last) ? act.in(folder) : -ENAMETOOLONG;
        drop(folder);
        return result;
    }

    /** What is done with the name {@link #other} in one folder and {@link #name} in another. */
    @FunctionalInterface
    interface Move {
        long between(int from, int to);
    }

    /** Like {@link #at}, with two names. */
    long both(String text, String newPath, Move move) {
        return at(text, from -> {
            byte[] first = name.asSlice(0, PATH_MAX).toArray(JAVA_BYTE);
            return at(newPath, to -> {
                MemorySegment.copy(first, 0, other, JAVA_BYTE, 0, PATH_MAX);
                return move.between(from, to);
            });
        });
    }

    void drop(long descriptor) {
        call(Libc.CLOSE, descriptor, 0, 0, 0, 0);
    }

    void close() {
        if (root >= 0) {
            drop(root);
        }
    }
}
