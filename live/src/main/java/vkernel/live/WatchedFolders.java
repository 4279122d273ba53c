package vkernel.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import vkernel.kern.LiveFolders;
import vkernel.kern.Reload;
import vkernel.kern.Swaps;

/** The folders that are watched, by the host's watch service. */
@Component(immediate = true) // a delayed one would be made anew, without its folders
@Capability(namespace = "vkernel.subsystem", name = "live")
public final class WatchedFolders implements LiveFolders {
    private final BundleContext context;
    /** Comes and goes with the kernel's code. */
    private final AtomicReference<@Nullable Swaps> swaps = new AtomicReference<>();

    private final Map<Path, LiveFolder> folders = new LinkedHashMap<>(); // guarded by this
    private @Nullable ClassPath path; // soft; guarded by this
    private int pathVersion; // guarded by this

    @Activate
    public WatchedFolders(BundleContext context) {
        this.context = context;
    }

    /** The new one comes before the old one goes, or after, when the kernel's code is updated. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindSwaps(Swaps now) {
        swaps.set(now);
        all().forEach(folder -> folder.use(now));
    }

    void unbindSwaps(Swaps gone) {
        if (swaps.compareAndSet(gone, null)) {
            all().forEach(folder -> folder.use(null));
        }
    }

    private synchronized List<LiveFolder> all() {
        return List.copyOf(folders.values());
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
            LiveFolder live = new LiveFolder(folder, this::path, news);
            folders.put(folder.home(), live);
            live.start(swaps.get());
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
        List<LiveFolder> all = all();
        synchronized (this) {
            folders.clear();
        }
        all.forEach(LiveFolder::close);
    }
}
