package vkernel.host;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The incoming half of a {@link StreamChannel}: a thread reads ahead, up to a bound, once it is started. */
final class StreamSource {
    private static final int CAPACITY = 1 << 16;
    private static final int CHUNK = 1 << 13;

    private final String name;
    private final InputStream in;
    private final Runnable changed;
    private final ByteRing ahead = new ByteRing(CAPACITY); // guarded by this
    private boolean started; // guarded by this
    private boolean ended; // no more comes; guarded by this
    private boolean closed; // guarded by this
    private @Nullable IOException failure; // guarded by this

    StreamSource(String name, InputStream in, Runnable changed) {
        this.name = name;
        this.in = in;
        this.changed = changed;
    }

    synchronized void start() {
        if (started) return;
        started = true;
        Thread thread = new Thread(this::fill, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** See {@link Channel#read}. */
    synchronized int read(byte[] to, int offset, int length) {
        if (length > 0 && ahead.size() == 0 && ended) return -1;
        int count = ahead.take(to, offset, length);
        notifyAll();
        return count;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized @Nullable IOException failure() {
        return failure;
    }

    private void fill() {
        byte[] chunk = new byte[CHUNK];
        int count;
        do {
            count = receive(chunk);
        } while (count >= 0 && keep(chunk, count));
        changed.run();
    }

    private int receive(byte[] chunk) {
        int count = -1;
        IOException failed = null;
        try {
            count = in.read(chunk);
        } catch (IOException e) {
            failed = e;
        }
        synchronized (this) {
            ended = count < 0;
            failure = failed;
        }
        return count;
    }

    /** @return false when nobody wants more */
    private boolean keep(byte[] chunk, int count) {
        int done = 0;
        while (done < count) {
            synchronized (this) {
                if (!awaitRoom()) return false;
                done += ahead.put(chunk, done, count - done);
            }
            changed.run();
        }
        return true;
    }

    // guarded by this
    private boolean awaitRoom() {
        try {
            while (ahead.full() && !closed) wait();
        } catch (InterruptedException e) {
            return false; // somebody wants this thread to end
        }
        return !closed;
    }
}
