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

/**
 * The bundles of successors. Each is installed at a location of its own, so that one stands beside another of the same
 * name and version; the framework is to allow that ({@code org.osgi.framework.bsnversion=multiple}).
 */
final class Bundles {
    private static final Logger LOG = LoggerFactory.getLogger(Bundles.class);
    /** What the locations of the bundles begin with that are ours to uninstall. */
    static final String OURS = "swap:";

    /** The same, of fixed points: that which each is for, and a colon follow. */
    private static final String FIXED = "fixed.";

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

    /** Where the content of an installed bundle is. */
    static String content(Bundle bundle) {
        String location = bundle.getLocation().replaceFirst("^(" + OURS + "|" + FIXED + "[a-z]+:)[0-9]+:", "");
        return location.startsWith("reference:") ? location.substring("reference:".length()) : location;
    }

    /** Installs a file or what is at a URL. */
    Bundle install(String place) throws BundleException {
        try (InputStream in = open(place)) {
            return install(place, in.readAllBytes());
        } catch (IOException | IllegalArgumentException e) {
            throw new BundleException("there is no bundle, file or URL " + place + " (" + e + ")", e);
        }
    }

    private static InputStream open(String place) throws IOException {
        try {
            Path file = Path.of(place);
            if (Files.isRegularFile(file)) {
                return Files.newInputStream(file);
            }
        } catch (InvalidPathException e) {
            LOG.trace("{} is no path", place, e);
        }
        return URI.create(place).toURL().openStream();
    }

    Bundle install(String location, byte[] jar) throws BundleException {
        return install(OURS, location, jar);
    }

    /** Installs a file or what is at a URL, for a fixed point. */
    Bundle install(String place, String subsystem) throws BundleException {
        try (InputStream in = open(place)) {
            return install(FIXED + subsystem + ":", place, in.readAllBytes());
        } catch (IOException | IllegalArgumentException e) {
            throw new BundleException("there is no bundle, file or URL " + place + " (" + e + ")", e);
        }
    }

    /** Installs one that lies in memory, for a fixed point. */
    Bundle installFixed(String location, String subsystem, byte[] jar) throws BundleException {
        return install(FIXED + subsystem + ":", location, jar);
    }

    private Bundle install(String whose, String location, byte[] jar) throws BundleException {
        String own;
        do { // another kernel's code may have counted before
            own = whose + last.incrementAndGet() + ":" + location;
        } while (context.getBundle(own) != null);
        return context.installBundle(own, new ByteArrayInputStream(jar));
    }

    private static boolean ours(Bundle bundle) {
        return bundle.getLocation().startsWith(OURS);
    }

    /** Uninstalls those that were installed for a fixed point, but for some. */
    void tidy(String subsystem, Collection<Long> needed) {
        for (Bundle bundle : context.getBundles()) {
            boolean fixed = bundle.getLocation().startsWith(FIXED + subsystem + ":");
            if (fixed && !needed.contains(bundle.getBundleId())) {
                uninstall(bundle);
            }
        }
    }

    /** Uninstalls one of ours. */
    void uninstall(Bundle bundle) {
        boolean fixed = bundle.getLocation().startsWith(FIXED);
        if (!ours(bundle) && !fixed || bundle.getState() == Bundle.UNINSTALLED) {
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

    /** Uninstalls all of ours but those needed. */
    void tidy(Collection<Bundle> needed) {
        for (Bundle bundle : context.getBundles()) {
            if (ours(bundle) && !needed.contains(bundle)) {
                uninstall(bundle);
            }
        }
    }
}
