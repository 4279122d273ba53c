package vkernel.boot;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Text for a raw terminal: each new line also returns the carriage. */
final class LineStarts extends FilterOutputStream {
    LineStarts(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        if (b == '\n') {
            out.write('\r');
        }
        out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        String text = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        out.write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }
}
