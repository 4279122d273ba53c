package vkernel.boot.instance;

import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What one thread is given as arrays, another reads as a stream. */
final class FrameInput extends InputStream {
    private static final byte[] END = {};

    private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
    private byte[] now = {0};
    private int position = 1;

    /** Any thread. @param bytes none for the end */
    void add(byte[] bytes) {
        queue.add(bytes.length == 0 ? END : bytes);
    }

    void end() {
        queue.add(END);
    }

    @Override
    public int read() throws InterruptedIOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws InterruptedIOException {
        if (length == 0) {
            return 0;
        }
        if (position == now.length) {
            if (now == END) {
                return -1;
            }
            try {
                now = queue.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
            position = 0;
            if (now == END) {
                return -1;
            }
        }
        int n = Math.min(length, now.length - position);
        System.arraycopy(now, position, to, offset, n);
        position += n;
        return n;
    }
}
