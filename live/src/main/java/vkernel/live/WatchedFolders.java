package vkernel.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import vkernel.kern.LiveFolders;
import vkernel.kern.Reload;
import vkernel.kern.Swaps;

/** The folders that are watched, by the host's watch service. */
@Component
@Capability(namespace = "vkernel.subsystem", name = "live")
public final class WatchedFolders implements LiveFolders {
    private final BundleContext context;
    private final Swaps swaps;
    private final Map<Path, LiveFolder> folders = new LinkedHashMap<>(); // guarded by this
    private @Nullable ClassPath path; // soft; guarded by this
    private int pathVersion; // guarded by this

    @Activate
    public WatchedFolders(BundleContext context, @Reference Swaps swaps) {
        this.context = context;
        this.swaps = swaps;
    }

    @Override
    public synchronized void watch(Path wanted, Consumer<Reload> news) {
        SourceFolder folder = new SourceFolder(wanted);
        if (!Files.isDirectory(folder.home())) {
            throw new IllegalArgumentException("there is no folder " + wanted);
        }
        if (folders.containsKey(folder.home())) {
            throw new IllegalArgumentException(wanted + " is watched already");
        }
        try {
            if (folder.javaFiles().isEmpty()) {
                throw new IllegalArgumentException("no Java file in " + wanted + " or its src/main/java");
            }
            LiveFolder live = new LiveFolder(folder, this::path, swaps, news);
            folders.put(folder.home(), live);
            live.start();
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot watch " + wanted + ": " + e.getMessage(), e);
        }
    }

    @Override
    public boolean unwatch(Path folder) {
        LiveFolder gone;
        synchronized (this) {
            gone = folders.remove(new SourceFolder(folder).home());
        }
        if (gone != null) {
            gone.close();
        }
        return gone != null;
    }

    @Override
    public synchronized List<Reload> folders() {
        return folders.values().stream().map(LiveFolder::last).toList();
    }

    /** What can be compiled against now: read anew when bundles that export have come or gone. */
    private synchronized ClassPath path() {
        int version = ClassPath.version(context);
        ClassPath now = path;
        if (now == null || version != pathVersion) {
            try {
                now = ClassPath.of(context);
            } catch (IOException e) {
                throw new UncheckedIOException("the framework's packages cannot be read", e);
            }
            path = now;
            pathVersion = version;
        }
        return now;
    }

    @Deactivate
    void deactivate() {
        List<LiveFolder> all;
        synchronized (this) {
            all = new ArrayList<>(folders.values());
            folders.clear();
        }
        all.forEach(LiveFolder::close);
    }
}
