package vkernel.drivers.console;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vkernel.dev.ByteStream;
import vkernel.dev.ConsoleState;
import vkernel.dev.DeviceNode;
import vkernel.dev.Pty;
import vkernel.dev.Tty;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.host.Channel;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.kern.Kernel;
import vkernel.kern.StateRejected;
import vkernel.task.Task;

/** The host channels in use, and the numbers of those that are terminals. */
final class Ports {
    /** Major of /dev/ttyS*, and the minor of the first. */
    private static final int MAJOR = 4;

    static final int FIRST = 64;

    private final Kernel kernel;
    private final Host host;
    /** Soft: rebuilt from the state by adopt() and begin(). */
    private final Map<String, Port> ports = new HashMap<>();

    final Ptys ptys;
    /** Whether the state is that of the kernel: what a former driver has given up, or left behind. */
    private boolean begun;

    private ConsoleState state;

    Ports(Kernel kernel, Host host, String console) {
        this.kernel = kernel;
        this.host = host;
        ptys = new Ptys(kernel);
        state = new ConsoleState(new ArrayList<>(), new HashSet<>(), new HashMap<>(), new HashMap<>(), ptys.state());
        var channels = host.config().channels();
        number(console, channels.get(console));
        channels.keySet().stream().sorted().forEach(name -> number(name, channels.get(name)));
    }

    private void number(String name, @Nullable Channel channel) {
        if (channel != null && channel.terminal() && !state.lines().contains(name)) {
            state.lines().add(name);
        }
    }

    /**
     * Before the first call of a driver that was handed nothing: connects what a former one has left in use, terminals
     * of sessions and open files. The host tells the one that listened last.
     */
    private void begin() {
        if (begun) {
            return;
        }
        begun = true;
        for (Task task : kernel.processes().tasks()) {
            recover(task.process.session.tty);
            for (int fd = 0; fd < task.files.size(); fd++) {
                OpenFile file = task.files.get(fd);
                recover(file == null ? null : file.data);
            }
        }
    }

    private void recover(@Nullable Object data) {
        if (data instanceof Pty pty) {
            ptys.recover(pty);
        } else if (data instanceof Tty tty && tty.pty != null) {
            ptys.recover(tty.pty);
        } else if (data instanceof Tty tty && state.terminals().putIfAbsent(tty.channel, tty) == null) {
            int line = Mode.minor(tty.rdev) - FIRST;
            while (state.lines().size() <= line) {
                state.lines().add("");
            }
            state.lines().set(line, tty.channel);
            open(tty.channel);
        } else if (data instanceof ByteStream stream && state.streams().putIfAbsent(stream.channel, stream) == null) {
            open(stream.channel);
        }
    }

    List<DeviceNode> nodes() {
        begin();
        List<DeviceNode> nodes = new ArrayList<>();
        nodes.add(new DeviceNode("console", Console.CONSOLE, 0600));
        nodes.add(new DeviceNode("tty", Console.CONTROLLING, 0666));
        nodes.add(new DeviceNode("ptmx", Ptys.MASTER, 0666));
        for (int i = 0; i < state.lines().size(); i++) {
            if (!state.lines().get(i).isEmpty()) {
                nodes.add(new DeviceNode("ttyS" + i, number(i), 0600));
            }
        }
        return nodes;
    }

    private static long number(int line) {
        return Mode.device(MAJOR, FIRST + line);
    }

    /** The channel of a device number; null when there is none. */
    @Nullable
    String channel(long rdev) {
        int line = Mode.minor(rdev) - FIRST;
        boolean known =
                Mode.major(rdev) == MAJOR && line >= 0 && line < state.lines().size();
        return known && !state.lines().get(line).isEmpty() ? state.lines().get(line) : null;
    }

    /** The port of a channel, made if need be; null when the host has no such channel. */
    @Nullable
    Port open(String channel) {
        begin();
        Port known = ports.get(channel);
        if (known != null) {
            return known;
        }
        Channel found;
        try {
            found = host.channel(channel);
        } catch (HostException absent) {
            if (absent.reason() == HostException.Reason.ABSENT) {
                return null;
            }
            throw absent;
        }
        return connect(channel, found);
    }

    private Port connect(String name, Channel channel) {
        Port port = channel.terminal()
                ? new TtyPort(kernel, channel, state.terminals().computeIfAbsent(name, this::terminal))
                : new StreamPort(kernel, channel, state.streams().computeIfAbsent(name, ByteStream::new));
        port.listen((channel.terminal() ? "tty." : "stream.") + name);
        ports.put(name, port);
        port.service();
        return port;
    }

    private Tty terminal(String channel) {
        List<String> lines = state.lines();
        int line = lines.indexOf(channel);
        if (line < 0) {
            line = lines.indexOf("");
        }
        if (line < 0) {
            line = lines.size();
            lines.add(channel);
        }
        lines.set(line, channel);
        return new Tty("ttyS" + line, channel, number(line));
    }

    /** What an open file reads and writes. */
    End of(OpenFile file) {
        return switch (file.data) {
            case Pty pty -> ptys.master(pty);
            case Tty tty when tty.pty != null -> ptys.master(tty.pty).port;
            case Tty tty -> there(tty.channel);
            case ByteStream stream -> there(stream.channel);
            case null, default -> throw new IllegalStateException("not a file of the console driver: " + file.data);
        };
    }

    private End there(String channel) {
        Port port = open(channel);
        if (port == null) {
            throw new IllegalStateException("the host has lost its channel " + channel);
        }
        return switch (port) {
            case TtyPort terminal -> terminal;
            case StreamPort stream -> stream;
        };
    }

    /** A file of a terminal was closed. */
    void closed(Tty tty) {
        Pty pty = tty.pty;
        if (pty != null) {
            ptys.closed(pty, tty);
        } else {
            closed(tty.channel);
        }
    }

    /** A file was closed: a channel that the machine did not start with is forgotten with its last one. */
    void closed(String channel) {
        Port port = ports.get(channel);
        if (port != null) {
            port.transmit();
        }
        boolean stays =
                host.config().channels().containsKey(channel) || state.plugged().contains(channel);
        if (port != null && port.idle() && !stays) {
            forget(channel);
        }
    }

    private void forget(String channel) {
        Port port = ports.remove(channel);
        if (port != null) {
            port.disconnect();
        }
        state.plugged().remove(channel);
        state.streams().remove(channel);
        state.terminals().remove(channel);
        state.lines().replaceAll(line -> line.equals(channel) ? "" : line);
    }

    /** Names of the terminals, by their channels. */
    Map<String, String> plugged() {
        begin();
        Map<String, String> plugged = new TreeMap<>();
        for (int i = 0; i < state.lines().size(); i++) {
            plugged.put(state.lines().get(i), "ttyS" + i);
        }
        plugged.remove(""); // free numbers
        return plugged;
    }

    /** See {@link vkernel.dev.Pluggable#attach}. */
    @Nullable
    String attach(String channel) {
        begin();
        if (state.lines().contains(channel)) {
            return channel + " is a terminal already";
        }
        try {
            if (!host.channel(channel).terminal()) {
                return channel + " is no terminal";
            }
        } catch (HostException absent) {
            return absent.getMessage();
        }
        state.plugged().add(channel);
        return open(channel) == null ? "the machine has no channel " + channel : null;
    }

    /** See {@link vkernel.dev.Pluggable#detach}. */
    @Nullable
    String detach(String name) {
        begin();
        for (Map.Entry<String, String> each : plugged().entrySet()) {
            if (name.equals(each.getKey()) || name.equals(each.getValue())) {
                String why = use(each.getKey(), each.getValue());
                if (why == null) {
                    forget(each.getKey());
                }
                return why;
            }
        }
        return "there is no terminal " + name;
    }

    private @Nullable String use(String channel, String node) {
        if (!state.plugged().contains(channel)) {
            return node + " was there from the start, and stays";
        }
        Tty tty = state.terminals().get(channel);
        if (tty != null && tty.session != null) {
            return node + " is in use: the terminal of session " + tty.session.sid;
        }
        return tty != null && tty.opens > 0 ? node + " is in use: open " + tty.opens + " times" : null;
    }

    /** Prints past everything, ^S too, on the console if there is one. */
    void print(String console, byte[] line) {
        Port port = open(console);
        if (port instanceof TtyPort terminal) {
            for (byte c : line) {
                Output.put(terminal.tty, c);
            }
            Output.put(terminal.tty, (byte) '\n');
            terminal.force();
        } else if (port instanceof StreamPort stream) {
            stream.print(line);
        }
    }

    boolean drained() {
        boolean drained = true;
        for (Port port : ports.values()) {
            drained &= port.drained();
        }
        return drained;
    }

    /** Goes the way of release and adopt with channels that are none, so that the JVM has linked its code. */
    static void rehearse(Kernel kernel, Host host, String console) throws StateRejected {
        Ports beside = new Ports(kernel, host, console);
        beside.begun = true;
        beside.connect("a terminal", new NoChannel(true));
        beside.connect("a stream", new NoChannel(false));
        ConsoleState state = beside.release();
        state.terminals().clear();
        state.streams().clear();
        beside.adopt(state);
        beside.nodes();
    }

    /** Lets go of the channels: the host keeps what comes in until a successor asks for it. */
    ConsoleState release() {
        begin();
        ports.values().forEach(Port::disconnect);
        ptys.release();
        ports.clear();
        return state;
    }

    /** The driver goes, and was asked for nothing: a successor that is there already stays connected. */
    void close() {
        ports.values().forEach(Port::detach);
        ports.clear();
    }

    void adopt(ConsoleState next) throws StateRejected {
        for (String channel : next.terminals().keySet()) {
            if (!next.lines().contains(channel)) {
                throw new StateRejected("terminal " + channel + " has no number");
            }
        }
        state = next;
        begun = true;
        ptys.adopt(next.ptys());
        next.terminals().keySet().forEach(this::open);
        next.streams().keySet().forEach(this::open);
    }
}
