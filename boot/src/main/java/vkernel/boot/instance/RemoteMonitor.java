package vkernel.boot.instance;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import vkernel.kern.Monitor;

/** An instance's own shell as a {@link Monitor}: a person's dialogue with it is the same as with a kernel in this JVM. */
public final class RemoteMonitor implements Monitor {
    private final Instance instance;

    public RemoteMonitor(Instance instance) {
        this.instance = instance;
    }

    /** @throws UncheckedIOException when it does not answer */
    @Override
    public Session open(InputStream in, OutputStream out, OutputStream err) {
        try {
            Frames frames = Frames.connect(instance.control());
            frames.request(List.of("dialogue"));
            return new RemoteSession(frames, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(instance.name() + " does not answer: " + e.getMessage(), e);
        }
    }

    private record RemoteSession(Frames frames, OutputStream out, OutputStream err) implements Session {
        @Override
        public boolean execute(String commands) {
            return answer(Frames.LINE, commands).number() == 0;
        }

        @Override
        public List<String> complete(String line) {
            return answer(Frames.COMPLETE, line).words();
        }

        /** Passes on what is printed until the answer comes. */
        private Frames.Frame answer(int kind, String text) {
            try {
                frames.send(kind, text.getBytes(StandardCharsets.UTF_8));
                while (true) {
                    Frames.Frame frame = frames.read();
                    switch (frame.kind()) {
                        case Frames.OUTPUT -> write(out, frame);
                        case Frames.ERRORS -> write(err, frame);
                        case Frames.ANSWER -> {
                            return frame;
                        }
                        default -> throw new EOFException();
                    }
                }
            } catch (EOFException ended) {
                throw new InstanceException("the kernel has ended", ended);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void write(OutputStream to, Frames.Frame frame) throws IOException {
            to.write(frame.content());
            to.flush();
        }

        @Override
        public void close() {
            try {
                frames.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
