package vkernel.boot;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;

/** A pseudo-terminal of this machine (pty(7)): we are its master, and whoever opens {@link #place} is at the guest's terminal. */
@SuppressWarnings("restricted")
final class HostPty implements AutoCloseable {
    private static final int O_RDWR_NOCTTY = 0x102;
    private static final int O_NONBLOCK = 0x800;
    private static final int POLLIN = 1;
    private static final int CHUNK = 4096;

    private static final class Libc {
        static final MethodHandle OPENPT = function("posix_openpt");
        static final MethodHandle GRANT = function("grantpt");
        static final MethodHandle UNLOCK = function("unlockpt");
        static final MethodHandle NAME = function("ptsname_r");
        static final MethodHandle OPEN = function("open");
        static final MethodHandle POLL = function("poll");
        static final MethodHandle READ = function("read");
        static final MethodHandle WRITE = function("write");
        static final MethodHandle CLOSE = function("close");

        private static MethodHandle function(String name) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow(name),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
        }
    }

    private final Arena arena = Arena.ofShared();
    private final MemorySegment received = arena.allocate(CHUNK);
    private final MemorySegment awaited = arena.allocate(8, 4); // struct pollfd
    private final MemorySegment sent = arena.allocate(CHUNK);
    private final int master;
    private final int slave; // ours, so that the master sees no end when others close it
    private final String place;
    private volatile boolean closed;

    private HostPty() throws IOException {
        master = call(Libc.OPENPT, O_RDWR_NOCTTY | O_NONBLOCK, 0, 0);
        boolean ready = master >= 0
                && call(Libc.GRANT, master, 0, 0) == 0
                && call(Libc.UNLOCK, master, 0, 0) == 0
                && call(Libc.NAME, master, sent.address(), CHUNK) == 0;
        if (!ready) throw new IOException("this machine has no pseudo-terminal left");
        place = sent.getString(0);
        slave = call(Libc.OPEN, sent.address(), O_RDWR_NOCTTY, 0);
        if (slave < 0) throw new IOException(place + " cannot be opened");
    }

    private static int call(MethodHandle function, long a, long b, long c) {
        try {
            return (int) (long) function.invokeExact(a, b, c);
        } catch (Throwable t) {
            throw new AssertionError("C does not throw", t);
        }
    }

    /** A new one that passes every byte as it is: the guest's own line discipline does the rest. */
    static HostPty open() throws IOException {
        HostPty pty = new HostPty();
        Process raw = new ProcessBuilder("stty", "-F", pty.place, "raw", "-echo")
                .inheritIO()
                .start();
        try {
            if (raw.waitFor(10, TimeUnit.SECONDS) && raw.exitValue() == 0) return pty;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException(pty.place + ": stty cannot make it raw");
    }

    /** The device that others open. */
    String place() {
        return place;
    }

    InputStream input() {
        return new InputStream() {
            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] to, int offset, int length) {
                awaited.set(JAVA_INT, 0, master);
                awaited.set(JAVA_SHORT, 4, (short) POLLIN);
                call(Libc.POLL, awaited.address(), 1, -1);
                int n = closed ? -1 : call(Libc.READ, master, received.address(), Math.min(length, CHUNK));
                if (closed || n <= 0) return -1;
                MemorySegment.copy(received, JAVA_BYTE, 0, to, offset, n);
                return n;
            }
        };
    }

    OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) {
                for (int done = 0; done < length && !closed; ) {
                    int most = Math.min(length - done, CHUNK);
                    MemorySegment.copy(from, offset + done, sent, JAVA_BYTE, 0, most);
                    int n = call(Libc.WRITE, master, sent.address(), most);
                    if (n <= 0) return; // nobody reads there: it is lost, as on a serial line
                    done += n;
                }
            }
        };
    }

    /** Ends the streams. The descriptors stay until this process ends: a thread may still be reading. */
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        sent.set(JAVA_BYTE, 0, (byte) '\n');
        call(Libc.WRITE, slave, sent.address(), 1); // whoever reads comes back
        call(Libc.CLOSE, slave, 0, 0);
    }
}
