package vkernel.guest.kern;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.kern.SwapLocation;

/**
 * The bundles of successors. Each is installed at a location of its own, so that one stands beside another of the same
 * name and version; the framework is to allow that ({@code org.osgi.framework.bsnversion=multiple}).
 */
final class Bundles {
    private static final Logger LOG = LoggerFactory.getLogger(Bundles.class);
    private final BundleContext context;
    private final AtomicInteger last = new AtomicInteger();

    /** The framework's own context is used: who replaces the kernel's code ends meanwhile. */
    Bundles(BundleContext context) {
        this.context = context.getBundle(Constants.SYSTEM_BUNDLE_ID).getBundleContext();
    }

    /** A bundle that is installed, by id, symbolic name or its last words; null when it is none, or several are it. */
    @Nullable
    Bundle find(String spec) {
        if (spec.chars().allMatch(Character::isDigit)) {
            return spec.isEmpty() || spec.length() > 9 ? null : context.getBundle(Long.parseLong(spec));
        }
        List<Bundle> exact = List.of(context.getBundles()).stream()
                .filter(bundle -> spec.equals(bundle.getSymbolicName()))
                .toList();
        if (!exact.isEmpty()) {
            return exact.getLast();
        }
        List<Bundle> close = List.of(context.getBundles()).stream()
                .filter(bundle -> String.valueOf(bundle.getSymbolicName()).endsWith("." + spec))
                .toList();
        return close.size() == 1 ? close.getFirst() : null;
    }

    /** Installs a file or what is at a URL, for a slot (empty) or a fixed point. */
    Bundle install(String place, String subsystem) throws BundleException {
        String url = url(place);
        try (InputStream in = URI.create(url).toURL().openStream()) {
            return install(url, subsystem, in.readAllBytes());
        } catch (IOException | IllegalArgumentException e) {
            throw new BundleException("there is no bundle, file or URL " + place + " (" + e + ")", e);
        }
    }

    /** What the framework, too, can read, when the bundle is updated. */
    private static String url(String place) {
        try {
            Path file = Path.of(place);
            if (Files.isRegularFile(file)) {
                return file.toUri().toString();
            }
        } catch (InvalidPathException e) {
            LOG.trace("{} is no path", place, e);
        }
        return place;
    }

    /** Installs what lies in memory. */
    Bundle install(String place, String subsystem, byte[] jar) throws BundleException {
        String location;
        do { // another kernel's code may have counted before
            location = new SwapLocation(place, subsystem, last.incrementAndGet()).toString();
        } while (context.getBundle(location) != null);
        return context.installBundle(location, new ByteArrayInputStream(jar));
    }

    /** Uninstalls those that were installed for slots (empty) or a fixed point, but for those needed. */
    void tidy(String subsystem, Collection<Long> needed) {
        for (Bundle bundle : context.getBundles()) {
            boolean ours = SwapLocation.of(bundle)
                    .filter(location -> location.subsystem().equals(subsystem))
                    .isPresent();
            if (ours && !needed.contains(bundle.getBundleId())) {
                uninstall(bundle);
            }
        }
    }

    /** Uninstalls one of ours. */
    void uninstall(Bundle bundle) {
        if (SwapLocation.of(bundle).isEmpty() || bundle.getState() == Bundle.UNINSTALLED) {
            return;
        }
        try {
            bundle.uninstall();
        } catch (BundleException e) {
            LOG.warn("{} does not go", bundle, e);
        }
        FrameworkWiring wiring = context.getBundle(Constants.SYSTEM_BUNDLE_ID).adapt(FrameworkWiring.class);
        if (wiring.getRemovalPendingBundles().contains(bundle)) {
            wiring.refreshBundles(List.of(bundle));
        }
    }
}
