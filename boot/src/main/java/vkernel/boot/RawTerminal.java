package vkernel.boot;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;

/**
 * This process's terminal as a serial line: every byte passes, both ways, since the guest has a line discipline of its
 * own. It is given back as it was when it is closed or the JVM ends.
 */
final class RawTerminal implements AutoCloseable {
    private static final int FD = 0;

    private final MemorySegment before = Termios.attributes(FD);
    private final AtomicBoolean restored = new AtomicBoolean();

    private RawTerminal() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "restore terminal"));
        Termios.set(FD, Termios.raw(before));
    }

    /** @throws BootException when the terminal refuses */
    static RawTerminal open() {
        return new RawTerminal();
    }

    InputStream input() {
        return new FileInputStream(FileDescriptor.in);
    }

    OutputStream output() {
        return new FileOutputStream(FileDescriptor.out);
    }

    int rows() {
        return Short.toUnsignedInt(Termios.window(FD)[0]);
    }

    int columns() {
        return Short.toUnsignedInt(Termios.window(FD)[1]);
    }

    /** As terminfo has it. */
    String type() {
        String type = System.getenv("TERM");
        return type == null ? "dumb" : type;
    }

    /** @param told on a thread of the JVM when the window has a new size */
    void onResize(Runnable told) {
        Signals.register("WINCH", told);
    }

    @Override
    public void close() {
        if (!restored.getAndSet(true)) {
            Termios.set(FD, before);
        }
    }
}
