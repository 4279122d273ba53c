package vkernel.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A channel over two streams, each with a thread that does the waiting. The streams stay the caller's: they are not
 * closed.
 *
 * <p>Input is read ahead, up to a bound, from the first {@link #read} or {@link #listener} on; before that nothing is
 * taken from it.
 */
public final class StreamChannel implements Channel, AutoCloseable {
    private static final int CAPACITY = 1 << 16;
    private static final int CHUNK = 1 << 13;

    private final String name;
    private final InputStream in;
    private final OutputStream out;
    private final boolean terminal;
    private final IntSupplier rows;
    private final IntSupplier columns;

    private final ByteRing input = new ByteRing(CAPACITY); // guarded by this
    private final ByteRing output = new ByteRing(CAPACITY); // guarded by this
    private boolean reading; // the reader's thread was started; guarded by this
    private boolean writing; // the writer's thread was started; guarded by this
    private boolean ended; // no more input comes; guarded by this
    private boolean gone; // output fails; guarded by this
    private boolean closed; // guarded by this
    private int leaving; // bytes that the writer is writing; guarded by this
    private boolean awaited; // somebody was told to wait for output to leave; guarded by this
    private @Nullable IOException failure; // guarded by this
    private volatile Runnable listener = () -> {};

    /** A channel that is no terminal: a pipe or a file. */
    public StreamChannel(String name, InputStream in, OutputStream out) {
        this(name, in, out, false, () -> 0, () -> 0);
    }

    /**
     * A channel.
     *
     * @param name of its threads, for people
     * @param terminal whether a person's terminal is at the other end
     * @param rows of the terminal now, 0 when unknown; any thread calls it
     * @param columns of the terminal now, 0 when unknown; any thread calls it
     */
    public StreamChannel(
            String name, InputStream in, OutputStream out, boolean terminal, IntSupplier rows, IntSupplier columns) {
        this.name = name;
        this.in = in;
        this.out = out;
        this.terminal = terminal;
        this.rows = rows;
        this.columns = columns;
    }

    @Override
    public boolean terminal() {
        return terminal;
    }

    @Override
    public int rows() {
        return rows.getAsInt();
    }

    @Override
    public int columns() {
        return columns.getAsInt();
    }

    /** To be called when the terminal has a new size. */
    public void resized() {
        listener.run();
    }

    /** The failure that ended input or output, if one did. */
    public synchronized Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void listener(Runnable changed) {
        listener = changed;
        synchronized (this) {
            startReading();
        }
    }

    @Override
    public synchronized int read(byte[] to, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, to.length);
        startReading();
        if (length > 0 && input.size() == 0 && ended) return -1;
        int count = input.take(to, offset, length);
        notifyAll();
        return count;
    }

    @Override
    public synchronized int write(byte[] from, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, from.length);
        if (gone || closed) return -1;
        if (!writing) {
            writing = true;
            daemon(this::drain, name + " out");
        }
        int count = output.put(from, offset, length);
        if (count < length) awaited = true;
        notifyAll();
        return count;
    }

    @Override
    public synchronized boolean drained() {
        boolean drained = gone || output.size() + leaving == 0;
        if (!drained) awaited = true;
        return drained;
    }

    /** Waits until all that was written has left or the outside has gone; then its threads end. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        try {
            while (!drained()) wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // who interrupts does not want to wait for the output
        }
    }

    private void startReading() {
        if (reading) return;
        reading = true;
        daemon(this::fill, name + " in");
    }

    private static void daemon(Runnable body, String name) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** The reader's thread. */
    private void fill() {
        byte[] chunk = new byte[CHUNK];
        int count;
        do {
            count = receive(chunk);
        } while (accept(chunk, count));
    }

    private int receive(byte[] chunk) {
        try {
            return in.read(chunk);
        } catch (IOException e) {
            fail(e);
            return -1;
        }
    }

    /** @return whether to go on reading */
    private boolean accept(byte[] chunk, int count) {
        int done = 0;
        do {
            synchronized (this) {
                if (!awaitRoom()) return false;
                if (count < 0) ended = true;
                else done += input.put(chunk, done, count - done);
            }
            listener.run();
        } while (done < count);
        return count >= 0;
    }

    private synchronized boolean awaitRoom() {
        try {
            while (input.full() && !closed) wait();
        } catch (InterruptedException e) {
            return false; // somebody wants this thread to end
        }
        return !closed;
    }

    /** The writer's thread. */
    private void drain() {
        byte[] chunk = new byte[CHUNK];
        int count;
        while ((count = next(chunk)) > 0) {
            IOException failed = send(chunk, count);
            sent(failed);
        }
    }

    private synchronized int next(byte[] chunk) {
        try {
            while (output.size() == 0 && !closed) wait();
        } catch (InterruptedException e) {
            gone = true; // somebody wants this thread to end
            return 0;
        }
        leaving = gone ? 0 : output.take(chunk, 0, chunk.length);
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

    private void sent(@Nullable IOException failed) {
        boolean tell;
        synchronized (this) {
            leaving = 0;
            if (failed != null) {
                gone = true;
                fail(failed);
            }
            tell = awaited || gone;
            awaited = false;
            notifyAll();
        }
        if (tell) listener.run();
    }

    private synchronized void fail(IOException e) {
        if (failure == null) failure = e;
    }
}
