package vkernel.kern;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The shell of the kernel itself (QEMU's monitor, ddb): runs Gogo commands for whoever has a terminal or a script. An
 * OSGi service of the bundle shell. Any thread may call.
 */
@ProviderType
public interface Monitor {
    /**
     * A new session, with variables of its own.
     *
     * @param in what commands read
     * @param out what they print
     * @param err where failures go
     */
    Session open(InputStream in, OutputStream out, OutputStream err);

    /** One person's, or one script's, dialogue. Used by one thread at a time. */
    interface Session extends AutoCloseable {
        /**
         * Runs commands and prints their results.
         *
         * @return false when one failed; why is on {@code err}
         */
        boolean execute(String commands);

        /** What the last word of a line may become: names of commands and their options. */
        List<String> complete(String line);

        @Override
        void close();
    }
}
