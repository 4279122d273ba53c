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

    /** Makes completed writes durable. */
    void flush(Completion completion);

    /** Closes after the requests under way; later requests throw {@code ABSENT}. */
    @Override
    void close();
}
