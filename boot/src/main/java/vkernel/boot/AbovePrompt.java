package vkernel.boot;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jline.reader.LineReader;
import org.jspecify.annotations.Nullable;

/**
 * What commands print. Some go on when the prompt is there again (dev:watch): whole lines of theirs go above it, and
 * what the person is typing stays. Any thread.
 */
final class AbovePrompt extends FilterOutputStream {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(); // guarded by this
    private @Nullable LineReader reader; // guarded by this

    AbovePrompt(OutputStream screen) {
        super(screen);
    }

    /** Who reads the person's lines. */
    synchronized void prompts(LineReader lines) {
        reader = lines;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    private void above(LineReader asking, byte b) {
        if (b == '\n') {
            asking.printAbove(line.toString(StandardCharsets.UTF_8));
            line.reset();
        } else {
            line.write(b);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        LineReader asking = reader;
        if (asking != null && asking.isReading()) {
            for (int i = 0; i < length; i++) {
                above(asking, bytes[offset + i]);
            }
        } else {
            line.writeTo(out);
            line.reset();
            out.write(bytes, offset, length);
        }
    }
}
