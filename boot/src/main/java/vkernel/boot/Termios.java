package vkernel.boot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The C library's view of terminals. Attributes are kept as the library gave them: a copy by fields, as JLine makes
 * it, loses the line's speed.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/termios.3.html">termios(3)</a>
 */
@SuppressWarnings("restricted")
final class Termios {
    /** Larger than struct termios of any system. */
    private static final long SIZE = 256;

    private static final int TCSANOW = 0;
    private static final boolean MAC = System.getProperty("os.name", "").startsWith("Mac");
    private static final long TIOCGWINSZ = MAC ? 0x40087468L : 0x5413L;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle TCGETATTR = handle("tcgetattr", JAVA_INT, ADDRESS);
    private static final MethodHandle TCSETATTR = handle("tcsetattr", JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle IOCTL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("ioctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
            Linker.Option.firstVariadicArg(2));

    private static MethodHandle handle(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /** The attributes of a terminal; they live as long as the program. @throws BootException when it is none */
    static MemorySegment attributes(int fd) {
        MemorySegment attributes = Arena.global().allocate(SIZE);
        try {
            check((int) TCGETATTR.invokeExact(fd, attributes), "tcgetattr");
        } catch (Throwable e) {
            throw failed(e);
        }
        return attributes;
    }

    static void set(int fd, MemorySegment attributes) {
        try {
            check((int) TCSETATTR.invokeExact(fd, TCSANOW, attributes), "tcsetattr");
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** The same, changed by cfmakeraw(3): every byte passes as it is, none makes a signal. */
    static MemorySegment raw(MemorySegment attributes) {
        MethodHandle cfmakeraw = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("cfmakeraw"), FunctionDescriptor.ofVoid(ADDRESS));
        MemorySegment raw = Arena.global().allocate(SIZE).copyFrom(attributes);
        try {
            cfmakeraw.invokeExact(raw);
        } catch (Throwable e) {
            throw failed(e);
        }
        return raw;
    }

    /** Rows and columns of a terminal's window, zeroes when it has no size. */
    static short[] window(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment window = arena.allocate(8, 2);
            int failed = (int) IOCTL.invokeExact(fd, TIOCGWINSZ, window);
            return failed != 0
                    ? new short[2]
                    : new short[] {window.getAtIndex(JAVA_SHORT, 0), window.getAtIndex(JAVA_SHORT, 1)};
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private static void check(int result, String call) {
        if (result != 0) {
            throw new BootException("cannot use this terminal: " + call + " failed; try with '| cat'");
        }
    }

    private static RuntimeException failed(Throwable e) {
        return e instanceof BootException known ? known : new IllegalStateException(e);
    }

    private Termios() {}
}
