package vkernel.dev;

import org.osgi.annotation.versioning.ProviderType;
import vkernel.fs.OpenFile;
import vkernel.kern.Result;

/** Opens the host's byte channels as files. The service of drivers/console, in the slot {@code streams}. */
@ProviderType
public interface Streams {
    /**
     * Opens a channel: a terminal as a tty, another as a stream.
     *
     * @param channel its name on the host
     * @param flags O_RDONLY, O_WRONLY or O_RDWR
     * @return -ENOENT when the host has none of that name
     */
    Result<OpenFile> open(String channel, int flags);

    /** The terminal of a channel; -ENOENT, -ENOTTY. */
    Result<Tty> tty(String channel);

    /** Prints a line on the system console, whoever is reading there (panic, out of memory). */
    void print(String line);

    /**
     * Waits for nothing: whether all output has left the kernel.
     */
    boolean drained();
}
