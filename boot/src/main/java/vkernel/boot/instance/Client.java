package vkernel.boot.instance;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jline.utils.Signals;

/** Whoever asks an instance for something. */
public final class Client {
    /** What is passed on to a program. */
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private final Instance instance;

    public Client(Instance instance) {
        this.instance = instance;
    }

    /**
     * Asks, and passes on what goes to and fro.
     *
     * @param in what is sent; its end is told
     * @param quit when a byte that is sent ends it; -1 for none
     * @return the status that it ended with
     */
    public int ask(String request, List<String> words, InputStream in, OutputStream out, OutputStream err, int quit)
            throws IOException {
        instance.checkRunning();
        List<String> all = new ArrayList<>(List.of(request));
        all.addAll(words);
        try (Frames frames = Frames.connect(instance.control())) {
            frames.request(all);
            if (request.equals("exec")) {
                SIGNALS.forEach((name, number) -> Signals.register(name, () -> signal(frames, number)));
            }
            Thread.ofPlatform().name("input").daemon().start(() -> send(in, frames, quit));
            while (true) {
                Frames.Frame frame = frames.read();
                switch (frame.kind()) {
                    case Frames.OUTPUT -> write(out, frame.content());
                    case Frames.ERRORS -> write(err, frame.content());
                    default -> {
                        return frame.number();
                    }
                }
            }
        } catch (EOFException | java.nio.channels.AsynchronousCloseException ended) {
            return 0;
        } catch (ConnectException e) {
            throw new InstanceException(instance.name() + " does not answer: " + e.getMessage(), e);
        }
    }

    private static void write(OutputStream to, byte[] bytes) throws IOException {
        to.write(bytes);
        to.flush();
    }

    private static void signal(Frames frames, int number) {
        try {
            frames.send(Frames.SIGNAL, number);
        } catch (IOException gone) {
            System.exit(128 + number);
        }
    }

    private static void send(InputStream in, Frames frames, int quit) {
        byte[] buffer = new byte[8192];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    if (quit >= 0 && buffer[i] == quit) {
                        frames.close();
                        return;
                    }
                }
                frames.send(Frames.INPUT, buffer, 0, n);
            }
            frames.send(Frames.INPUT, new byte[0]);
        } catch (IOException gone) {
            // it has ended
        }
    }
}
