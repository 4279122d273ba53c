package vkernel.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import vkernel.host.Channel;
import vkernel.host.StreamChannel;

/**
 * Terminals of a guest beside this process's own: pseudo-terminals, Unix sockets, and what nobody is at (qemu's
 * chardevs). The guest has them as /dev/ttyS*. They outlive a kernel: one that boots again gets the same.
 */
public final class Consoles implements AutoCloseable {
    /** The streams of this process, see {@link Terminals}. */
    static final String STDIO = "stdio";

    private static final int ROWS = 25;
    private static final int COLUMNS = 80;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Channel> channels = new ArrayList<>();
    private final List<String> places = new ArrayList<>();

    private Consoles() {}

    /** @throws IllegalArgumentException saying what is wrong */
    static void check(List<String> kinds) {
        for (String kind : kinds) {
            boolean file = kind.startsWith("unix:") && kind.length() > 5;
            if (!List.of(STDIO, "pty", "null").contains(kind) && !file) {
                throw new IllegalArgumentException("stdio, pty, unix:FILE or null, got " + kind);
            }
        }
        if (kinds.lastIndexOf(STDIO) > 0) {
            throw new IllegalArgumentException("stdio can only be the first");
        }
    }

    /**
     * Opens terminals: each {@code pty}, {@code unix:FILE} or {@code null}; {@code stdio} is left out.
     *
     * @throws BootException saying what is wrong
     */
    public static Consoles open(List<String> kinds) {
        Consoles consoles = new Consoles();
        try {
            for (String kind : kinds) {
                if (!kind.equals(STDIO)) consoles.add(kind);
            }
            return consoles;
        } catch (IOException | RuntimeException e) {
            consoles.close();
            throw new BootException("--console: " + e.getMessage(), e);
        }
    }

    private void add(String kind) throws IOException {
        if (kind.equals("pty")) {
            HostPty pty = HostPty.open();
            add(pty.place(), pty, pty.input(), pty.output());
        } else if (kind.startsWith("unix:")) {
            SocketConsole socket = SocketConsole.listen(Path.of(kind.substring(5)));
            add(kind.substring(5), socket, socket.input(), socket.output());
        } else {
            channels.add(new NobodysTerminal());
            places.add("nobody");
        }
    }

    private void add(String place, AutoCloseable end, InputStream in, OutputStream out) {
        StreamChannel channel = new StreamChannel(place, in, out, true, () -> ROWS, () -> COLUMNS);
        open.add(end); // first: its streams end, and then the channel can
        open.add(channel);
        channels.add(channel);
        places.add(place);
    }

    /** The first of them, as a machine takes it. */
    Channel channel() {
        return channels.getFirst();
    }

    /** Where their other ends are: a device or a socket of this machine. */
    public List<String> places() {
        return List.copyOf(places);
    }

    /** Tells where the pseudo-terminals are: nobody could know. */
    void tell(PrintStream out, boolean first) {
        for (int i = 0; i < places.size(); i++) {
            if (places.get(i).startsWith("/dev/")) {
                out.println("vk: console " + (first ? i : i + 1) + " is " + places.get(i));
            }
        }
    }

    /**
     * Gives a kernel-to-be these terminals.
     *
     * @param first whether the first of them is the system console; else all are further ones
     */
    public BootConfig connect(BootConfig config, boolean first) {
        BootConfig connected = config;
        for (int i = 0; i < channels.size(); i++) {
            int number = first ? i : i + 1;
            connected = connected.withChannel(number == 0 ? "console" : "console" + number, channels.get(i));
        }
        return connected;
    }

    @Override
    public void close() {
        for (AutoCloseable each : open) {
            try {
                each.close();
            } catch (Exception e) {
                throw new BootException("--console: " + e.getMessage(), e);
            }
        }
    }
}
