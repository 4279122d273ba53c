package vkernel.boot.instance;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import vkernel.boot.Program;
import vkernel.boot.StartException;
import vkernel.boot.VirtualKernel;
import vkernel.boot.client.Guest;
import vkernel.boot.client.Wire;
import vkernel.host.StreamChannel;
import vkernel.kern.End;
import vkernel.kern.Monitor;

/** A kernel's end of its control socket. Each connection has a thread. */
public final class Control implements Closeable {
    private static final int FAILED = 125;

    private final ServerSocketChannel server;
    /** The kernel of now: one that reboots is another. */
    private final Supplier<VirtualKernel> kernel;

    private final FrameInput keys;
    private final ConsoleLog console;

    /**
     * Listens.
     *
     * @param keys what the console reads
     */
    private Control(ServerSocketChannel server, Supplier<VirtualKernel> kernel, FrameInput keys, ConsoleLog console) {
        this.server = server;
        this.kernel = kernel;
        this.keys = keys;
        this.console = console;
    }

    static Control open(Path socket, Supplier<VirtualKernel> kernel, FrameInput keys, ConsoleLog console)
            throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Control control = new Control(server, kernel, keys, console);
        Thread.ofPlatform().name("control").daemon().start(control::accept);
        return control;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                Thread.ofPlatform().name("control client").daemon().start(() -> serve(client));
            }
        } catch (ClosedChannelException closed) {
            // the kernel has ended
        } catch (IOException e) {
            System.err.println("vk: the control socket failed: " + e);
        }
    }

    private void serve(SocketChannel client) {
        try (Frames frames = new Frames(client)) {
            List<String> words = frames.read().words();
            int status;
            try {
                status = answer(frames, words);
            } catch (StartException e) {
                error(frames, e.getMessage());
                status = e.status();
            } catch (RuntimeException e) { // to be told to whoever asked; the kernel goes on
                error(frames, String.valueOf(e.getMessage()));
                status = FAILED;
            }
            frames.send(Frames.END, status);
        } catch (IOException gone) {
            // whoever asked does not want to know any more
        }
    }

    private static void error(Frames frames, String text) throws IOException {
        frames.send(Frames.ERRORS, ("vk: " + text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private int answer(Frames frames, List<String> words) throws IOException {
        List<String> more = words.subList(1, words.size());
        return switch (words.getFirst()) {
            case "exec" -> exec(frames, more);
            case "shell" -> shell(frames, more);
            case "dialogue" -> dialogue(frames);
            case "console" -> console(frames);
            case "client" -> client(frames);
            case "stop" -> {
                kernel.get().kernel().shutdown(new End(End.Kind.HALT, 0, "stopped"));
                yield 0;
            }
            default -> throw new InstanceException("a kernel of another version: it does not know " + words.getFirst());
        };
    }

    private int exec(Frames frames, List<String> argv) throws IOException {
        FrameInput input = new FrameInput();
        StreamChannel in = new StreamChannel("exec", input, frames.stream(Frames.OUTPUT));
        StreamChannel err =
                new StreamChannel("exec errors", FrameInput.nullInputStream(), frames.stream(Frames.ERRORS));
        VirtualKernel running = kernel.get();
        Program program =
                running.launch(argv, running.config().env(), running.config().cwd(), in, in, err);
        Thread.ofPlatform().name("exec input").daemon().start(() -> {
            try {
                while (true) {
                    Frames.Frame frame = frames.read();
                    if (frame.kind() == Frames.SIGNAL) {
                        program.signal(frame.number());
                    } else {
                        input.add(frame.content());
                    }
                }
            } catch (EOFException hungUp) {
                program.signal(1);
                input.end();
            } catch (IOException gone) {
                input.end();
            }
        });
        int status = program.status().join();
        in.close();
        err.close();
        return status;
    }

    /** The kernel's own shell: the commands given, or each line that comes. */
    private int shell(Frames frames, List<String> commands) throws IOException {
        OutputStream out = frames.stream(Frames.OUTPUT);
        try (Monitor.Session session =
                kernel.get().monitor().open(FrameInput.nullInputStream(), out, frames.stream(Frames.ERRORS))) {
            if (!commands.isEmpty()) {
                return session.execute(String.join(" ", commands)) ? 0 : FAILED;
            }
            boolean good = true;
            StringBuilder rest = new StringBuilder();
            while (true) {
                byte[] more;
                try {
                    more = frames.read().content();
                } catch (EOFException left) {
                    return good ? 0 : FAILED;
                }
                if (more.length == 0) {
                    return rest.isEmpty() || session.execute(rest.toString()) ? (good ? 0 : FAILED) : FAILED;
                }
                rest.append(new String(more, StandardCharsets.UTF_8));
                for (int end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
                    good = session.execute(rest.substring(0, end));
                    rest.delete(0, end + 1);
                }
            }
        }
    }

    /** The same with a person, whose lines are edited and completed at the other end. */
    private int dialogue(Frames frames) throws IOException {
        OutputStream out = frames.stream(Frames.OUTPUT);
        try (Monitor.Session session =
                kernel.get().monitor().open(FrameInput.nullInputStream(), out, frames.stream(Frames.ERRORS))) {
            while (true) {
                Frames.Frame asked = frames.read();
                String text = new String(asked.content(), StandardCharsets.UTF_8);
                switch (asked.kind()) {
                    case Frames.LINE -> frames.send(Frames.ANSWER, session.execute(text) ? 0 : FAILED);
                    case Frames.COMPLETE ->
                        frames.send(
                                Frames.ANSWER,
                                String.join("\0", session.complete(text)).getBytes(StandardCharsets.UTF_8));
                    default -> {
                        return 0;
                    }
                }
            }
        }
    }

    private int console(Frames frames) throws IOException {
        OutputStream out = frames.stream(Frames.OUTPUT);
        console.attach(out);
        try {
            for (byte[] typed = frames.read().content();
                    typed.length > 0;
                    typed = frames.read().content()) {
                keys.add(typed);
            }
            return 0; // the end of one person's input is not the console's
        } catch (EOFException left) {
            return 0;
        } finally {
            console.detach(out);
        }
    }

    /** System calls, until whoever makes them goes; a call that waits then ends, since its process does. */
    private int client(Frames frames) throws IOException {
        try (ExecutorService calls = Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name("client").daemon().factory());
                Guest guest = kernel.get().client()) {
            frames.send(Frames.RESULT, new byte[0]);
            while (true) {
                byte[] content = frames.read().content();
                calls.execute(() -> call(frames, guest, content));
            }
        } catch (EOFException left) {
            return 0;
        }
    }

    private static void call(Frames frames, Guest guest, byte[] content) {
        try {
            Wire.Asked asked = Wire.asked(new DataInputStream(new ByteArrayInputStream(content)));
            try {
                ByteArrayOutputStream answer = new ByteArrayOutputStream();
                long result = guest.call(asked.number(), asked.arguments());
                Wire.answer(new DataOutputStream(answer), result, asked.arguments());
                frames.send(Frames.RESULT, answer.toByteArray());
            } catch (IllegalArgumentException e) {
                error(frames, e.getMessage());
            }
        } catch (IOException e) {
            guest.close(); // who does not keep to the protocol, or has gone, is done with
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
