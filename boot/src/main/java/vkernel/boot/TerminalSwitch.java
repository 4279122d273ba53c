package vkernel.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One raw terminal for two: the guest's console and the kernel's own shell. Ctrl-A is the escape, as in QEMU: c
 * switches, x ends, a sends Ctrl-A. Whoever is not in front may not print: its writer waits.
 */
final class TerminalSwitch {
    private static final int ESCAPE = 1;
    private static final int END = -1;

    private final InputStream keyboard;
    private final OutputStream screen;
    private final BiConsumer<InputStream, OutputStream> monitor;
    private final Runnable end;
    private final Side guest = new Side();
    private @Nullable Side shell; // guarded by this
    private Side front = guest; // guarded by this

    /**
     * @param monitor serves the kernel's shell on two streams until the person leaves it
     * @param end ends the kernel
     */
    TerminalSwitch(RawTerminal terminal, BiConsumer<InputStream, OutputStream> monitor, Runnable end) {
        this.keyboard = terminal.input();
        this.screen = terminal.output();
        this.monitor = monitor;
        this.end = end;
        Thread.ofPlatform().name("terminal in").daemon().start(this::read);
    }

    InputStream guestInput() {
        return guest.input;
    }

    OutputStream guestOutput() {
        return guest.output;
    }

    /** The guest is in front from now on. */
    synchronized void toGuest() {
        front = guest;
        notifyAll();
    }

    private void read() {
        boolean escaped = false;
        try {
            int b;
            while ((b = keyboard.read()) >= 0) {
                if (escaped) {
                    escaped = false;
                    command(b);
                } else if (b == ESCAPE) {
                    escaped = true;
                } else {
                    front().typed(b);
                }
            }
            hungUp();
        } catch (IOException e) {
            hungUp();
        }
    }

    private synchronized void hungUp() {
        guest.typed(END);
        if (shell != null) {
            shell.typed(END);
        }
    }

    private void command(int key) {
        switch (key) {
            case 'c', 'C' -> turn();
            case 'x', 'X' -> {
                toGuest(); // or its last output would wait for the front
                end.run();
            }
            case 'a', 'A', ESCAPE -> front().typed(ESCAPE);
            default -> {
                // as QEMU: an unknown command is nothing
            }
        }
    }

    private synchronized Side front() {
        return front;
    }

    private synchronized void turn() {
        if (front != guest) {
            toGuest();
            return;
        }
        if (shell == null) {
            Side opened = shell = new Side();
            Thread.ofPlatform().name("monitor").daemon().start(() -> serve(opened));
        }
        front = shell;
        notifyAll();
    }

    private void serve(Side side) {
        try {
            monitor.accept(side.input, side.output);
        } finally {
            side.typed(END);
            synchronized (this) {
                shell = null;
                toGuest();
            }
        }
    }

    private synchronized void print(Side side, byte[] bytes, int offset, int length) throws IOException {
        try {
            while (front != side) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted while another has the terminal", e);
        }
        screen.write(bytes, offset, length);
    }

    /** One of the two: what is typed for it, and how it prints. */
    private final class Side {
        private final LinkedBlockingQueue<Integer> keys = new LinkedBlockingQueue<>();

        final InputStream input = new InputStream() {
            @Override
            public int read() throws IOException {
                try {
                    int key = keys.take();
                    if (key == END) {
                        keys.add(END); // it stays the end
                    }
                    return key;
                } catch (InterruptedException e) {
                    throw new IOException("interrupted while reading the terminal", e);
                }
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                int n = 0;
                int key = read();
                while (key >= 0) {
                    to[offset + n++] = (byte) key;
                    if (n == length || keys.isEmpty()) {
                        return n;
                    }
                    key = read(); // only this thread takes keys
                }
                return n == 0 ? END : n;
            }

            @Override
            public int available() {
                return keys.size();
            }
        };

        final OutputStream output = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                print(Side.this, new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                print(Side.this, bytes, offset, length);
            }
        };

        void typed(int key) {
            keys.add(key);
        }
    }
}
