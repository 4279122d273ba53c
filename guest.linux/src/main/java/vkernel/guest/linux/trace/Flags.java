package vkernel.guest.linux.trace;

import java.util.ArrayList;
import java.util.List;

/** Names of bits: {@code O_RDWR|O_CREAT}; what has no name is shown in hexadecimal. */
record Flags(String zero, List<Bit> bits) {
    private record Bit(long value, long mask, String name) {}

    static final Flags OPEN = new Flags(
            "O_RDONLY",
            List.of(
                    field(1, 3, "O_WRONLY"),
                    field(2, 3, "O_RDWR"),
                    bit(0100, "O_CREAT"),
                    bit(0200, "O_EXCL"),
                    bit(0400, "O_NOCTTY"),
                    bit(01000, "O_TRUNC"),
                    bit(02000, "O_APPEND"),
                    bit(04000, "O_NONBLOCK"),
                    bit(04010000, "O_SYNC"),
                    bit(0100000, "O_LARGEFILE"),
                    bit(020200000, "O_TMPFILE"),
                    bit(0200000, "O_DIRECTORY"),
                    bit(0400000, "O_NOFOLLOW"),
                    bit(02000000, "O_CLOEXEC"),
                    bit(010000000, "O_PATH")));

    static final Flags PROTECTION =
            new Flags("PROT_NONE", List.of(bit(1, "PROT_READ"), bit(2, "PROT_WRITE"), bit(4, "PROT_EXEC")));

    static final Flags MAP = new Flags(
            "0",
            List.of(
                    field(1, 0xf, "MAP_SHARED"),
                    field(2, 0xf, "MAP_PRIVATE"),
                    bit(0x10, "MAP_FIXED"),
                    bit(0x20, "MAP_ANONYMOUS"),
                    bit(0x100, "MAP_GROWSDOWN"),
                    bit(0x800, "MAP_DENYWRITE"),
                    bit(0x4000, "MAP_NORESERVE"),
                    bit(0x8000, "MAP_POPULATE"),
                    bit(0x20000, "MAP_STACK"),
                    bit(0x100000, "MAP_FIXED_NOREPLACE")));

    static final Flags AT = new Flags(
            "0",
            List.of(
                    bit(0x100, "AT_SYMLINK_NOFOLLOW"),
                    bit(0x200, "AT_REMOVEDIR"),
                    bit(0x400, "AT_SYMLINK_FOLLOW"),
                    bit(0x800, "AT_NO_AUTOMOUNT"),
                    bit(0x1000, "AT_EMPTY_PATH")));

    static final Flags WAIT = new Flags(
            "0",
            List.of(
                    bit(1, "WNOHANG"),
                    bit(2, "WSTOPPED"),
                    bit(4, "WEXITED"),
                    bit(8, "WCONTINUED"),
                    bit(0x1000000, "WNOWAIT")));

    static final Flags CLONE = new Flags(
            "0",
            List.of(
                    bit(0x100, "CLONE_VM"),
                    bit(0x200, "CLONE_FS"),
                    bit(0x400, "CLONE_FILES"),
                    bit(0x800, "CLONE_SIGHAND"),
                    bit(0x1000, "CLONE_PIDFD"),
                    bit(0x4000, "CLONE_VFORK"),
                    bit(0x8000, "CLONE_PARENT"),
                    bit(0x10000, "CLONE_THREAD"),
                    bit(0x40000, "CLONE_SYSVSEM"),
                    bit(0x80000, "CLONE_SETTLS"),
                    bit(0x100000, "CLONE_PARENT_SETTID"),
                    bit(0x200000, "CLONE_CHILD_CLEARTID"),
                    bit(0x1000000, "CLONE_CHILD_SETTID")));

    private static Bit bit(long value, String name) {
        return new Bit(value, value, name);
    }

    private static Bit field(long value, long mask, String name) {
        return new Bit(value, mask, name);
    }

    String show(long value) {
        if (value == 0) {
            return zero;
        }
        List<String> names = new ArrayList<>();
        long rest = value;
        for (Bit bit : bits) {
            if ((rest & bit.mask) == bit.value) {
                names.add(bit.name);
                rest &= ~bit.mask;
            }
        }
        if (rest != 0) {
            names.add("0x" + Long.toHexString(rest));
        }
        // A field that is zero has a name too: O_RDONLY|O_CLOEXEC.
        if (this == OPEN && (value & 3) == 0) {
            names.addFirst(zero);
        }
        return String.join("|", names);
    }
}
