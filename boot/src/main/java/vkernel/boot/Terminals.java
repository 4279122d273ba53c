package vkernel.boot;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vkernel.host.Channel;
import vkernel.host.StreamChannel;
import vkernel.host.StreamSender;
import vkernel.kern.End;

/**
 * This process's standard streams as the guest's channels. When standard input and output are a terminal, they are one
 * raw terminal that the guest and the kernel's own shell share ({@link TerminalSwitch}); otherwise each is a stream.
 * The channels outlive a kernel: one that boots again gets the same.
 */
final class Terminals implements AutoCloseable {
    private final @Nullable RawTerminal terminal;
    private final @Nullable TerminalSwitch focus;
    private final Map<String, StreamChannel> channels = new TreeMap<>();
    private final StreamSender inOrder = new StreamSender("output");
    private final Interrupted interrupted = new Interrupted();
    private final PrintStream standardErr = System.err;
    private @Nullable VirtualKernel kernel; // guarded by this
    private String panic = "";

    private Terminals(@Nullable RawTerminal terminal, boolean boot, boolean trace) {
        this.terminal = terminal;
        this.focus = terminal == null ? null : new TerminalSwitch(terminal, this::monitor, interrupted::end);
        OutputStream err = new FileOutputStream(FileDescriptor.err);
        if (terminal != null) {
            System.setErr(new PrintStream(lines(err), true)); // where the kernel's log goes
        }
        channels.put("console", console(boot, sender("console", trace)));
        if (terminal == null || !isTerminal(2)) {
            channels.put("stderr", output("stderr", err, trace));
        }
        if (trace) {
            channels.put("trace", output("trace", lines(err), true));
        }
    }

    /**
     * Takes the streams.
     *
     * @param boot whether the guest gets a console even when the streams are no terminal
     * @param trace whether there is to be a channel for system calls
     */
    static Terminals open(boolean boot, boolean trace) {
        return new Terminals(isTerminal(0) && isTerminal(1) ? RawTerminal.open() : null, boot, trace);
    }

    /** The launcher script knows; without it, nothing is taken for a terminal. */
    private static boolean isTerminal(int fd) {
        return System.getProperty("vkernel.terminals", "").indexOf('0' + fd) >= 0;
    }

    /** When system calls are shown, all that is printed is in the order of its printing. */
    private StreamSender sender(String name, boolean trace) {
        return trace ? inOrder : new StreamSender(name + " out");
    }

    private StreamChannel output(String name, OutputStream out, boolean trace) {
        return new StreamChannel(
                name, InputStream.nullInputStream(), out, false, () -> 0, () -> 0, sender(name, trace));
    }

    private StreamChannel console(boolean boot, StreamSender sender) {
        if (terminal == null || focus == null) {
            InputStream in = new FileInputStream(FileDescriptor.in);
            OutputStream out = new FileOutputStream(FileDescriptor.out);
            return new StreamChannel("console", in, out, boot, () -> 25, () -> 80, sender);
        }
        StreamChannel console = new StreamChannel(
                "console", focus.guestInput(), focus.guestOutput(), true, terminal::rows, terminal::columns, sender);
        terminal.onResize(console::resized);
        return console;
    }

    /** Our own lines begin at the left, raw or not. */
    private OutputStream lines(OutputStream out) {
        return terminal == null ? out : new LineStarts(out);
    }

    /** Gives a kernel-to-be its channels. */
    BootConfig connect(BootConfig config) {
        BootConfig connected = config;
        for (Map.Entry<String, StreamChannel> channel : channels.entrySet()) {
            connected = connected.withChannel(channel.getKey(), channel.getValue());
        }
        return connected;
    }

    /** Whether a person can go from the guest to the kernel's own shell. */
    boolean monitored() {
        return focus != null;
    }

    /** The kernel is up: from now on signals to this process reach it. */
    void attach(VirtualKernel booted) {
        synchronized (this) {
            kernel = booted;
            notifyAll();
        }
        interrupted.attach(booted);
        HangWatch.over(
                booted, (end, report) -> notices().println("vk: kernel hangs: " + end.message() + where(report)));
    }

    private static String where(String report) {
        return report.isEmpty() ? "" : "\nvk: what is left of it: " + report;
    }

    /** Runs a program on the streams. @return its status, once all its output has been taken */
    int run(List<String> argv) {
        VirtualKernel running = kernel();
        BootConfig config = running.config();
        Channel console = channel("console");
        Channel err = channels.containsKey("stderr") ? channel("stderr") : console;
        Program program = running.launch(argv, config.env(), config.cwd(), console, console, err);
        interrupted.attach(program);
        int status = program.status().join();
        interrupted.detach();
        running.awaitOutput();
        return status;
    }

    /**
     * Where to tell this process's person something, whoever has the terminal; each text begins on a line of its own.
     * The streams of the guest are not touched.
     */
    PrintStream notices() {
        OutputStream err = new FileOutputStream(FileDescriptor.err);
        return new PrintStream(lines(err), true) {
            @Override
            public void println(@Nullable String text) {
                super.print((terminal == null ? "" : "\n") + text + "\n");
                flush();
            }
        };
    }

    /** Starts Gogo commands beside the guest; empty for none. */
    CommandScript execute(String commands) {
        if (commands.isBlank()) {
            return CommandScript.none();
        }
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        OutputStream err = new FileOutputStream(FileDescriptor.err);
        return CommandScript.start(kernel().monitor(), commands, lines(out), lines(err));
    }

    /** The kernel has ended: remembers why, to be said when the terminal is as it was. @return how it ended */
    End ended(End end) {
        VirtualKernel dead;
        synchronized (this) {
            dead = kernel;
            kernel = null;
        }
        if (focus != null) {
            focus.toGuest();
        }
        if (end.kind() != End.Kind.PANIC) {
            return end;
        }
        panic = end.message() + (dead == null ? "" : report(dead, end));
        return new End(End.Kind.PANIC, Main.FAILED, panic);
    }

    /** Where more is told of it. */
    private static String report(VirtualKernel dead, End end) {
        try {
            return where(CrashReport.write(dead, end).toString());
        } catch (IOException e) {
            return "\nvk: no crash report: " + e.getMessage();
        }
    }

    private Channel channel(String name) {
        Channel channel = channels.get(name);
        if (channel == null) {
            throw new IllegalStateException("no channel " + name);
        }
        return channel;
    }

    private synchronized VirtualKernel kernel() {
        if (kernel == null) {
            throw new IllegalStateException("no kernel yet");
        }
        return kernel;
    }

    private void monitor(InputStream in, OutputStream out) {
        if (terminal == null) {
            return;
        }
        try {
            new MonitorDialogue(awaitKernel(out).monitor(), terminal, "Ctrl-A c or 'exit' goes back").serve(in, out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The kernel, that a person may be ahead of. */
    private VirtualKernel awaitKernel(OutputStream out) throws InterruptedException {
        synchronized (this) {
            if (kernel != null) {
                return kernel;
            }
        }
        new PrintStream(out, true).print("the kernel is not up yet; its shell comes with it\r\n");
        synchronized (this) {
            while (kernel == null) {
                wait();
            }
            return kernel;
        }
    }

    /** What was printed leaves, then the terminal is as it was. */
    @Override
    public void close() {
        if (focus != null) {
            focus.toGuest(); // or its last output would wait for the front
        }
        channels.values().forEach(StreamChannel::close);
        if (terminal != null) {
            terminal.close();
            System.setErr(standardErr);
        }
        if (!panic.isEmpty()) {
            standardErr.println("vk: kernel panic: " + panic);
        }
    }
}
