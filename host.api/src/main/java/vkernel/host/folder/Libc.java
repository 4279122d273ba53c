package vkernel.host.folder;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The C library's functions. All arguments are numbers, so that one kind of stub serves them all. */
@SuppressWarnings("restricted")
final class Libc {
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final FunctionDescriptor TYPE =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    static final long STATE_BYTES = STATE.byteSize();
    static final int ENOSYS = 38;

    static final MethodHandle SYSCALL = function("syscall");
    static final MethodHandle STATX = function("statx");
    static final MethodHandle OPENAT = function("openat");
    static final MethodHandle CLOSE = function("close");
    static final MethodHandle PREAD = function("pread");
    static final MethodHandle PWRITE = function("pwrite");
    static final MethodHandle FTRUNCATE = function("ftruncate");
    static final MethodHandle FALLOCATE = function("fallocate");
    static final MethodHandle FSYNC = function("fsync");
    static final MethodHandle MKDIRAT = function("mkdirat");
    static final MethodHandle SYMLINKAT = function("symlinkat");
    static final MethodHandle READLINKAT = function("readlinkat");
    static final MethodHandle LINKAT = function("linkat");
    static final MethodHandle UNLINKAT = function("unlinkat");
    static final MethodHandle RENAMEAT2 = function("renameat2");
    static final MethodHandle FCHMODAT = function("fchmodat");
    static final MethodHandle FCHMOD = function("fchmod");
    static final MethodHandle UTIMENSAT = function("utimensat");
    static final MethodHandle FUTIMENS = function("futimens");
    static final MethodHandle GETDENTS64 = function("getdents64");
    static final MethodHandle FSTATFS = function("fstatfs");
    static final MethodHandle GETEUID = function("geteuid");

    private static MethodHandle function(String name) {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup().findOrThrow(name);
        return linker.downcallHandle(address, TYPE, Linker.Option.captureCallState("errno"));
    }

    /** Calls a function whose result is a number of 32 bits. @return it, or a negative error number */
    static int call(MethodHandle function, MemorySegment state, long a, long b, long c, long d, long e) {
        int result = (int) invoke(function, state, a, b, c, d, e);
        return result == -1 ? -errno(state) : result;
    }

    /** Calls a function whose result is a number of 64 bits. @return it, or a negative error number */
    static long longCall(MethodHandle function, MemorySegment state, long a, long b, long c, long d, long e) {
        long result = invoke(function, state, a, b, c, d, e);
        return result == -1 ? -errno(state) : result;
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    private static long invoke(MethodHandle function, MemorySegment state, long a, long b, long c, long d, long e) {
        try {
            return (long) function.invokeExact(state, a, b, c, d, e, 0L);
        } catch (Throwable t) {
            throw new AssertionError("C does not throw", t);
        }
    }

    static long address(MemorySegment segment) {
        return segment.address();
    }

    /** Whether this is a system whose structures are those that we know: Linux of 64 bits. */
    static boolean known() {
        return System.getProperty("os.name", "").equals("Linux") && ADDRESS.byteSize() == 8 && JAVA_INT.byteSize() == 4;
    }

    private Libc() {}
}
