package vkernel.live;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.kern.SwapLocation;
import vkernel.kern.SwapReport;
import vkernel.kern.Swaps;

/**
 * Subsystems in a folder that Felix File Install watches: a jar put there is swapped in beside the provider of now, one
 * taken away gives its place back. Bundles that are no subsystems are left to File Install.
 */
@Component
public final class LoadFolder implements ArtifactInstaller {
    private static final Logger LOG = LoggerFactory.getLogger(LoadFolder.class);

    private final BundleContext context;
    /** Comes and goes with the kernel's code; what is loaded stays meanwhile. */
    private final AtomicReference<@Nullable Swaps> swaps = new AtomicReference<>();

    @Activate
    public LoadFolder(BundleContext context) {
        this.context = context;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindSwaps(Swaps now) {
        swaps.set(now);
    }

    void unbindSwaps(Swaps gone) {
        swaps.compareAndSet(gone, null);
    }

    @Override
    public boolean canHandle(File file) {
        if (!file.getName().endsWith(".jar")) {
            return false;
        }
        try (JarFile jar = new JarFile(file)) {
            Manifest manifest = jar.getManifest();
            String provided =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Constants.PROVIDE_CAPABILITY);
            return provided != null && provided.contains("vkernel.subsystem");
        } catch (IOException e) {
            LOG.debug("{} is no jar (yet): {}", file, e.toString());
            return false;
        }
    }

    @Override
    public void install(File file) throws IOException {
        Swaps now = swaps.get();
        if (now == null) {
            throw new IOException("the kernel's code is being replaced"); // File Install tries again
        }
        for (SwapReport report : now.install(place(file), Files.readAllBytes(file.toPath()))) {
            if (report.ok()) {
                LOG.info("{} is {} now", file.getName(), report.subsystem());
            } else {
                LOG.error("{} does not become {}: {}", file.getName(), report.subsystem(), report.why());
            }
        }
    }

    @Override
    public void update(File file) throws IOException {
        install(file);
    }

    /** Every version of it, the oldest first, or that would be in its place. */
    @Override
    public void uninstall(File file) throws BundleException {
        List<Bundle> versions = Arrays.stream(context.getBundles())
                .filter(bundle -> SwapLocation.place(bundle).equals(place(file)))
                .sorted(Comparator.comparingLong(Bundle::getBundleId))
                .toList();
        for (Bundle bundle : versions) {
            bundle.uninstall();
        }
        LOG.info("{} has gone", file.getName());
    }

    private static String place(File file) {
        return file.toURI().toString();
    }
}
