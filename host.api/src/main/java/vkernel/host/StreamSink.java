package vkernel.host;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The outgoing half of a {@link StreamChannel}: a thread, started by the first write, sends what was taken ahead. */
final class StreamSink {
    private static final int CAPACITY = 1 << 16;
    private static final int CHUNK = 1 << 13;

    private final String name;
    private final OutputStream out;
    private final Runnable changed;
    private final ByteRing ahead = new ByteRing(CAPACITY); // guarded by this
    private boolean started; // guarded by this
    private boolean gone; // nothing more can be sent; guarded by this
    private boolean closed; // guarded by this
    private boolean awaited; // somebody was told to wait; guarded by this
    private int leaving; // bytes that the thread is sending; guarded by this
    private @Nullable IOException failure; // guarded by this

    StreamSink(String name, OutputStream out, Runnable changed) {
        this.name = name;
        this.out = out;
        this.changed = changed;
    }

    /** See {@link Channel#write}. */
    synchronized int write(byte[] from, int offset, int length) {
        if (gone || closed) return -1;
        start();
        int count = ahead.put(from, offset, length);
        if (count < length) awaited = true;
        notifyAll();
        return count;
    }

    /** See {@link Channel#drained}. */
    synchronized boolean drained() {
        boolean drained = gone || ahead.size() + leaving == 0;
        if (!drained) awaited = true;
        return drained;
    }

    /** Waits until all has left or nothing more can be sent. */
    synchronized void close() {
        closed = true;
        notifyAll();
        try {
            while (!drained()) wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // who interrupts does not want to wait for the output
        }
    }

    synchronized @Nullable IOException failure() {
        return failure;
    }

    // guarded by this
    private void start() {
        if (started) return;
        started = true;
        Thread thread = new Thread(this::drain, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void drain() {
        byte[] chunk = new byte[CHUNK];
        int count;
        while ((count = next(chunk)) > 0) {
            if (sent(send(chunk, count))) changed.run();
        }
    }

    /** @return bytes to be sent; 0 when there will be none */
    private synchronized int next(byte[] chunk) {
        try {
            while (ahead.size() == 0 && !closed) wait();
        } catch (InterruptedException e) {
            gone = true; // somebody wants this thread to end
            notifyAll();
        }
        leaving = gone ? 0 : ahead.take(chunk, 0, chunk.length);
        return leaving;
    }

    private @Nullable IOException send(byte[] chunk, int count) {
        try {
            out.write(chunk, 0, count);
            out.flush();
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    /** @return whether somebody waits to hear of it */
    private synchronized boolean sent(@Nullable IOException failed) {
        leaving = 0;
        failure = failed;
        gone = failed != null;
        boolean tell = awaited || gone;
        awaited = false;
        notifyAll();
        return tell;
    }
}
