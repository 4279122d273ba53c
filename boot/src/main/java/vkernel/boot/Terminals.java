package vkernel.boot;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import vkernel.host.Channel;
import vkernel.host.StreamChannel;
import vkernel.kern.End;
import vkernel.kern.Monitor;

/**
 * This process's standard streams as the guest's channels. When standard input and output are a terminal, they are one
 * raw terminal that the guest and the kernel's own shell share ({@link TerminalSwitch}); otherwise each is a stream.
 */
final class Terminals implements AutoCloseable {
    private final @Nullable Terminal terminal;
    private final @Nullable Attributes before;
    private final Map<String, StreamChannel> channels = new TreeMap<>();
    private final boolean boot;
    private @Nullable TerminalSwitch focus;
    private @Nullable VirtualKernel kernel;

    private Terminals(@Nullable Terminal terminal, boolean boot) {
        this.terminal = terminal;
        this.before = terminal == null ? null : enterRaw(terminal);
        this.boot = boot;
    }

    /** Raw, and without JLine's exception: ^C and ^Z are the guest's to interpret, not the host's. */
    private static Attributes enterRaw(Terminal terminal) {
        Attributes before = terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        raw.setLocalFlag(Attributes.LocalFlag.ISIG, false);
        terminal.setAttributes(raw);
        return before;
    }

    /** @param boot whether the guest gets a console even when the streams are no terminal */
    static Terminals open(boolean boot) {
        try {
            Terminal terminal = isTerminal(0) && isTerminal(1)
                    ? TerminalBuilder.builder().system(true).dumb(false).build()
                    : null;
            Terminals terminals = new Terminals(terminal, boot);
            Runtime.getRuntime().addShutdownHook(new Thread(terminals::restore));
            return terminals;
        } catch (IOException e) {
            throw new BootException("cannot use this terminal: " + e.getMessage(), e);
        }
    }

    /** The launcher script knows; without it, nothing is taken for a terminal. */
    private static boolean isTerminal(int fd) {
        return System.getProperty("vkernel.terminals", "").indexOf('0' + fd) >= 0;
    }

    /** Gives a kernel-to-be its channels. */
    BootConfig connect(BootConfig config) {
        channels.clear();
        InputStream in = new FileInputStream(FileDescriptor.in);
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        OutputStream err = new FileOutputStream(FileDescriptor.err);
        if (terminal != null) {
            if (focus == null) {
                focus = new TerminalSwitch(terminal, this::switchToMonitor, this::end);
            } else {
                focus.renewGuest(); // the one reader of the terminal goes on
            }
            channels.put(
                    "console",
                    new StreamChannel(
                            "console",
                            focus.guestInput(),
                            focus.guestOutput(),
                            true,
                            terminal::getHeight,
                            terminal::getWidth));
            terminal.handle(Terminal.Signal.WINCH, signal -> channels.get("console").resized());
        } else {
            channels.put("console", new StreamChannel("console", in, out, boot, () -> 25, () -> 80));
        }
        if (!isTerminal(2) || terminal == null) {
            channels.put("stderr", new StreamChannel("stderr", InputStream.nullInputStream(), err));
        }
        if (config.traceSyscalls()) {
            channels.put("trace", new StreamChannel("trace", InputStream.nullInputStream(), err));
        }
        BootConfig connected = config;
        for (Map.Entry<String, StreamChannel> channel : channels.entrySet()) {
            connected = connected.withChannel(channel.getKey(), channel.getValue());
        }
        return connected;
    }

    /** The kernel is up: from now on interrupts from the keyboard of a terminal that is not ours reach it. */
    void attach(VirtualKernel booted) {
        kernel = booted;
        if (terminal == null) {
            Signals.register("INT", this::end);
            Signals.register("TERM", this::end);
        }
    }

    /** Runs a program on the streams. @return its status */
    int run(List<String> argv) {
        VirtualKernel running = kernel();
        Channel console = channel("console");
        Channel err = channels.containsKey("stderr") ? channel("stderr") : console;
        CompletableFuture<Integer> status = running.start(argv, console, console, err);
        int result = status.join();
        detach();
        return result;
    }

    /** Runs Gogo commands beside the guest. */
    void execute(String commands) {
        Monitor monitor = kernel().monitor();
        Thread.ofPlatform().name("gogo").daemon().start(() -> {
            try (Monitor.Session session = monitor.open(InputStream.nullInputStream(), System.out, System.err)) {
                session.execute(commands);
            }
        });
    }

    /** The kernel has ended: what it printed leaves before anything else is printed. */
    void detach() {
        if (focus != null) {
            focus.toGuest();
        }
        channels.values().forEach(StreamChannel::close);
        kernel = null;
    }

    private Channel channel(String name) {
        Channel channel = channels.get(name);
        if (channel == null) {
            throw new IllegalStateException("no channel " + name);
        }
        return channel;
    }

    private VirtualKernel kernel() {
        if (kernel == null) {
            throw new IllegalStateException("no kernel yet");
        }
        return kernel;
    }

    private void end() {
        if (kernel == null) {
            Runtime.getRuntime().halt(130);
        } else {
            kernel.kernel().shutdown(new End(End.Kind.HALT, 130, "ended from outside"));
        }
    }

    private void switchToMonitor(InputStream in, OutputStream out) {
        Terminal now = terminal;
        VirtualKernel running = kernel;
        if (now != null && running != null) {
            new MonitorDialogue(running.monitor(), now).serve(in, out);
        }
    }

    private void restore() {
        if (terminal != null && before != null) {
            terminal.setAttributes(before);
        }
    }

    @Override
    public void close() {
        restore();
        if (terminal != null) {
            try {
                terminal.close();
            } catch (IOException e) {
                throw new BootException("cannot give the terminal back: " + e.getMessage(), e);
            }
        }
    }
}
