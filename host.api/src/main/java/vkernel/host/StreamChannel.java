package vkernel.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * A channel over two streams, each with a thread that does the waiting. The streams stay the caller's: they are not
 * closed.
 *
 * <p>Input is read ahead, up to a bound, from the first {@link #read} or {@link #listener} on; before that nothing is
 * taken from it.
 */
public final class StreamChannel implements Channel, AutoCloseable {
    private final StreamSource source;
    private final StreamSink sink;
    private final boolean terminal;
    private final IntSupplier rows;
    private final IntSupplier columns;
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
        this(name, in, out, terminal, rows, columns, new StreamSender(name + " out"));
    }

    /** A channel whose output is sent in order with that of others. @param sender the same for all of them */
    public StreamChannel(
            String name,
            InputStream in,
            OutputStream out,
            boolean terminal,
            IntSupplier rows,
            IntSupplier columns,
            StreamSender sender) {
        this.source = new StreamSource(name + " in", in, this::changed);
        this.sink = new StreamSink(sender, out, this::changed);
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
        changed();
    }

    /** The failure that ended input or output, if one did. */
    public Optional<IOException> failure() {
        return Optional.ofNullable(source.failure()).or(() -> Optional.ofNullable(sink.failure()));
    }

    @Override
    public void listener(Runnable told) {
        listener = told;
        source.start();
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, to.length);
        source.start();
        return source.read(to, offset, length);
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, from.length);
        return sink.write(from, offset, length);
    }

    @Override
    public boolean drained() {
        return sink.drained();
    }

    /** Waits until all that was written has left or the outside has gone; then its threads end. */
    @Override
    public void close() {
        source.close();
        sink.close();
    }

    private void changed() {
        listener.run();
    }
}
