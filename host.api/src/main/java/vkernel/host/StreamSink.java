package vkernel.host;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The outgoing half of a {@link StreamChannel}: its stream, and what of it a {@link StreamSender} has still to send. */
final class StreamSink {
    private final StreamSender sender;
    private final OutputStream out;
    private final Runnable changed;
    private long written; // bytes taken ahead so far; guarded by sender
    private long sent; // bytes that have left so far; guarded by sender
    private boolean gone; // nothing more can be sent; guarded by sender
    private boolean closed; // guarded by sender
    private boolean awaited; // somebody was told to wait; guarded by sender
    private @Nullable IOException failure; // guarded by sender

    StreamSink(StreamSender sender, OutputStream out, Runnable changed) {
        this.sender = sender;
        this.out = out;
        this.changed = changed;
        sender.opened(this);
    }

    /** See {@link Channel#write}. */
    int write(byte[] from, int offset, int length) {
        synchronized (sender) {
            if (gone || closed) return -1;
            int count = sender.put(this, from, offset, length);
            written += count;
            if (count < length) awaited = true;
            return count;
        }
    }

    /** See {@link Channel#drained}. */
    boolean drained() {
        synchronized (sender) {
            boolean drained = gone || written == sent;
            if (!drained) awaited = true;
            return drained;
        }
    }

    /** Waits until all has left or nothing more can be sent. */
    void close() {
        synchronized (sender) {
            sender.closed(this);
            closed = true;
            try {
                while (!drained()) sender.wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // who interrupts does not want to wait for the output
            }
        }
    }

    @Nullable
    IOException failure() {
        synchronized (sender) {
            return failure;
        }
    }

    /** On the sender's thread: sends what may take some time. */
    void send(byte[] chunk, int count) {
        IOException failed = null;
        try {
            if (!gone()) {
                out.write(chunk, 0, count);
                out.flush();
            }
        } catch (IOException e) {
            failed = e;
        }
        sent(count, failed);
    }

    private boolean gone() {
        synchronized (sender) {
            return gone;
        }
    }

    private void sent(int count, @Nullable IOException failed) {
        synchronized (sender) {
            sent += count;
            if (failed != null) {
                failure = failed;
                gone = true;
                awaited = true; // whoever listens has to know
            }
            sender.notifyAll();
        }
    }

    /** Nothing more is sent. Guarded by sender. */
    void end() {
        gone = true;
    }

    /** Whoever waits for this stream is told to look again. */
    void tell() {
        synchronized (sender) {
            if (!awaited) return;
            awaited = false;
        }
        changed.run();
    }
}
