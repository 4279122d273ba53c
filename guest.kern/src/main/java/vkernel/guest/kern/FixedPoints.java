package vkernel.guest.kern;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import vkernel.kern.SwapLocation;
import vkernel.kern.SwapReport;
import vkernel.kern.SwapReport.Outcome;

/**
 * Replaces what no slot of the kernel holds: the kernel itself, the host and the engine. Their successors take over by
 * themselves when they are started ({@link vkernel.kern.KernelSlot}, {@link vkernel.host.HostSlot}); here is only who
 * starts them. For {@code kern} this very code is what goes: it has nothing to do afterwards but to return.
 */
final class FixedPoints {
    private static final Pattern NUMBER = Pattern.compile("#([0-9]+)");
    /** In the header {@code Provide-Capability}. */
    private static final Pattern SUBSYSTEM = Pattern.compile("vkernel\\.subsystem=\"?([a-z]+)");

    static final Set<String> NAMES = Set.of("kern", "host", "engine");

    private final EventKernel kernel;
    private final Bundles bundles;
    private final Reasons reasons;
    private final BundleContext context;

    FixedPoints(EventKernel kernel, Bundles bundles, Reasons reasons, BundleContext context) {
        this.kernel = kernel;
        this.bundles = bundles;
        this.reasons = reasons;
        this.context = context;
    }

    /** What a bundle is for that lies in memory: {@code kern}, {@code host}, {@code engine}, or nothing of these. */
    static String subsystem(byte[] jar) {
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar))) {
            Manifest manifest = in.getManifest();
            String provided =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Constants.PROVIDE_CAPABILITY);
            Matcher subsystem = SUBSYSTEM.matcher(provided == null ? "" : provided);
            while (subsystem.find()) {
                if (NAMES.contains(subsystem.group(1))) {
                    return subsystem.group(1);
                }
            }
            return "";
        } catch (IOException e) {
            return ""; // whoever installs it says why
        }
    }

    SwapReport swap(String subsystem, String spec, boolean dryRun) {
        return swap(subsystem, spec, dryRun, () -> {
            Bundle known = bundles.find(spec);
            return bundles.install(known == null ? spec : SwapLocation.place(known), subsystem);
        });
    }

    SwapReport install(String subsystem, String location, byte[] jar) {
        return swap(subsystem, location, false, () -> bundles.install(location, subsystem, jar));
    }

    private SwapReport swap(String subsystem, String spec, boolean dryRun, HotSwaps.Source source) {
        int before = last(subsystem);
        rehearse(subsystem, dryRun);
        try {
            Bundle bundle = source.bundle();
            bundle.start();
            SwapReport report = since(subsystem, before);
            if (report != null && report.outcome() == Outcome.DONE) {
                return report;
            }
            String why = report == null ? reasons.of(bundle, subsystem) : report.why();
            return report == null ? refused(subsystem, spec, why) : report;
        } catch (BundleException | RuntimeException e) {
            return refused(subsystem, spec, Reasons.words(e));
        } finally {
            rehearse(subsystem, false);
            tidy(subsystem);
        }
    }

    private void rehearse(String subsystem, boolean only) {
        if (subsystem.equals("kern")) {
            kernel.socket().rehearse(only);
        } else {
            kernel.host().rehearse(only);
        }
    }

    /** Who does the work and who did before are needed, nobody else. */
    private void tidy(String subsystem) {
        Set<Long> needed = new HashSet<>();
        if (subsystem.equals("kern")) {
            needed.add(kernel.socket().bundle());
            needed.add(kernel.call(() -> kernel.state.life().formerBundle));
        } else {
            kernel.host().needed().forEach(label -> id(label).ifPresent(needed::add));
        }
        bundles.tidy(subsystem, needed);
    }

    /** The bundle's id in what a provider is called. */
    private static Optional<Long> id(String label) {
        Matcher number = NUMBER.matcher(label);
        return number.find() ? Optional.of(Long.valueOf(number.group(1))) : Optional.empty();
    }

    SwapReport rollback(String subsystem) {
        int before = last(subsystem);
        try {
            boolean there =
                    subsystem.equals("kern") ? restartFormer() : kernel.host().goBack(subsystem, "asked for");
            SwapReport report = there ? since(subsystem, before) : null;
            return report == null ? refused(subsystem, "", "there is no predecessor") : report;
        } catch (BundleException | RuntimeException e) {
            return refused(subsystem, "", Reasons.words(e));
        }
    }

    private boolean restartFormer() throws BundleException {
        long id = kernel.call(() -> kernel.state.life().formerBundle);
        Bundle former = id == 0 ? null : context.getBundle(id);
        if (former == null) {
            return false;
        }
        kernel.socket().replaceBecause("asked for");
        try {
            former.start();
        } finally {
            kernel.socket().replaceBecause("");
        }
        return true;
    }

    private List<SwapReport> reports(String subsystem) {
        return kernel.call(() -> kernel.state.reports().all().stream()
                .filter(report -> report.subsystem().equals(subsystem))
                .toList());
    }

    private int last(String subsystem) {
        List<SwapReport> all = reports(subsystem);
        return all.isEmpty() ? 0 : all.getLast().number();
    }

    /** The first one after another: a bad successor may be out of service before anybody looks. */
    private @Nullable SwapReport since(String subsystem, int number) {
        return reports(subsystem).stream()
                .filter(report -> report.number() > number)
                .findFirst()
                .orElse(null);
    }

    private SwapReport refused(String subsystem, String spec, String why) {
        return kernel.call(() -> kernel.history.report(subsystem, "", spec, Toll.NONE, Outcome.REFUSED, why));
    }
}
