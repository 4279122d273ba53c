package vkernel.host;

import org.osgi.annotation.versioning.ConsumerType;

/** Read-only memory of a machine, as a board's flash: read in place, without waiting. Any thread may call. */
@ConsumerType
public interface Rom {
    /** Bytes. */
    long size();

    /**
     * Reads.
     *
     * @param position not negative; 0 bytes are read at or behind the end
     * @return bytes read; fewer than {@code length} only at the end
     * @throws HostException {@code IO} when what lies beneath it fails
     */
    int read(long position, byte[] to, int offset, int length);
}
