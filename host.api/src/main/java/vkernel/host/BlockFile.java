package vkernel.host;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A host file as a block device. Requests complete asynchronously and in any order; {@link #flush} is a barrier for
 * the requests that were completed before it was asked for. In virtual time a request is complete, and its completion
 * told on the caller's thread, before the call returns: so runs repeat.
 */
@ProviderType
public interface BlockFile extends AutoCloseable {
    /** Told of a completed request, on a host thread; it must only note the fact. */
    @FunctionalInterface
    interface Completion {
        /** @param failure null, or why the request failed */
        void done(@org.jspecify.annotations.Nullable HostException failure);
    }

    /** Bytes. */
    long size();

    boolean readOnly();

    /** What the disk calls itself. */
    String serial();

    /**
     * Reads into guest RAM.
     *
     * @throws HostException {@code INVALID} at once when a range is outside
     */
    void read(long position, long ramAddress, int length, Completion completion);

    /**
     * Writes from guest RAM.
     *
     * @throws HostException {@code INVALID} at once when a range is outside or it is read-only
     */
    void write(long position, long ramAddress, int length, Completion completion);

    /**
     * Reads into frames of guest RAM that need not lie together.
     *
     * @param frames their addresses; all are filled but the last, which may be in part; nobody changes the array
     * @throws HostException {@code INVALID} at once when a range is outside
     */
    void read(long position, long[] frames, int length, Completion completion);

    /** Writes from frames of guest RAM, as {@link #read(long, long[], int, Completion)} reads. */
    void write(long position, long[] frames, int length, Completion completion);

    /** Reads into memory of the device's own, which nobody touches until it is complete. */
    void read(long position, byte[] to, int offset, int length, Completion completion);

    /** Writes from memory of the device's own, which nobody changes until it is complete. */
    void write(long position, byte[] from, int offset, int length, Completion completion);

    /** Gives a range back to the host where it can; it reads as zeros afterwards, or as before. */
    void discard(long position, long length, Completion completion);

    /** Makes completed writes durable. */
    void flush(Completion completion);

    /** Closes after the requests under way; later requests throw {@code ABSENT}. */
    @Override
    void close();
}
