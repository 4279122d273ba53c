package vkernel.host.folder;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import vkernel.host.FileStatus;
import vkernel.host.Folder;

/** The host's structs on files, as its calls read and write them: one at a time. Not thread-safe. */
final class Structs {
    private static final int BYTES = 256;
    private static final long SECOND = 1_000_000_000;
    private static final long UTIME_NOW = 0x3FFFFFFF, UTIME_OMIT = 0x3FFFFFFE;

    private final MemorySegment struct;
    private final MemorySegment nothing;

    Structs(Arena arena) {
        struct = arena.allocate(BYTES, 8);
        nothing = arena.allocate(1);
    }

    /** Where calls find the struct, or put it. */
    long address() {
        return struct.address();
    }

    /** Address of an empty string. */
    long nothing() {
        return nothing.address();
    }

    /** struct statx: the same on every machine. */
    void status(FileStatus to) {
        to.links = struct.get(JAVA_INT_UNALIGNED, 16);
        to.uid = struct.get(JAVA_INT_UNALIGNED, 20);
        to.gid = struct.get(JAVA_INT_UNALIGNED, 24);
        to.mode = struct.get(JAVA_SHORT_UNALIGNED, 28) & 0xFFFF;
        to.ino = struct.get(JAVA_LONG_UNALIGNED, 32);
        to.size = struct.get(JAVA_LONG_UNALIGNED, 40);
        to.blocks = struct.get(JAVA_LONG_UNALIGNED, 48);
        to.atime = time(64);
        to.btime = time(80);
        to.ctime = time(96);
        to.mtime = time(112);
    }

    private long time(long at) {
        return struct.get(JAVA_LONG_UNALIGNED, at) * SECOND + struct.get(JAVA_INT_UNALIGNED, at + 8);
    }

    /** Two of struct timespec, for utimensat(2). */
    void times(long atime, long mtime) {
        time(0, atime);
        time(16, mtime);
    }

    private void time(long at, long time) {
        boolean special = time == Folder.OMIT || time == Folder.NOW;
        struct.set(JAVA_LONG_UNALIGNED, at, special ? 0 : Math.floorDiv(time, SECOND));
        long nanos = time == Folder.OMIT ? UTIME_OMIT : time == Folder.NOW ? UTIME_NOW : Math.floorMod(time, SECOND);
        struct.set(JAVA_LONG_UNALIGNED, at + 8, nanos);
    }

    /** struct statfs. @param to as {@link Folder#space} has it */
    void space(long[] to) {
        Arrays.setAll(to, i -> struct.get(JAVA_LONG_UNALIGNED, i < 6 ? 8 + 8L * i : 64));
    }

    /** struct linux_dirent64: number 8, offset 8, length 2, type 1, name. */
    static void entries(MemorySegment chunk, int bytes, Folder.Names to) {
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

    static String text(MemorySegment from, long at, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(from, JAVA_BYTE, at, bytes, 0, length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
