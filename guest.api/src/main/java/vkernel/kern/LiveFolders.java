package vkernel.kern;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Folders of Java sources whose code runs as it was last saved. An OSGi service of the bundle live. Any thread may
 * call.
 */
@ProviderType
public interface LiveFolders {
    /**
     * Compiles a folder, swaps it in, and does so again whenever a file in it is saved. Returns at once.
     *
     * @param folder with sources in {@code src/main/java} or in the folder itself, and perhaps a {@code bnd.bnd}
     * @param news told of every reload, good or not, in order, on a thread of its own, which it may block
     * @throws IllegalArgumentException when there is nothing to watch, or it is watched already; the message is for a
     *     person
     */
    void watch(Path folder, Consumer<Reload> news);

    /** Watches a folder no longer; its code stays. @return false when it was not watched */
    boolean unwatch(Path folder);

    /** The last reload of each folder being watched. */
    List<Reload> folders();
}
