package vkernel.guest.kern;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.kern.SwapReport;
import vkernel.kern.SwapReport.Outcome;

/**
 * Replaces what no slot of the kernel holds: the kernel itself, the host and the engine. Their successors take over by
 * themselves when they are started ({@link vkernel.kern.KernelSlot}, {@link vkernel.host.HostSlot}); here is only who
 * starts them. For {@code kern} this very code is what goes: it has nothing to do afterwards but to return.
 */
final class FixedPoints {
    private static final Logger LOG = LoggerFactory.getLogger(FixedPoints.class);
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

    SwapReport swap(String subsystem, String spec, boolean dryRun) {
        if (dryRun) {
            return refused(subsystem, spec, "there is no rehearsal of it");
        }
        int before = last(subsystem);
        Bundle bundle = null;
        try {
            Bundle known = bundles.find(spec);
            bundle = bundles.keep(known == null ? spec : Bundles.content(known));
            bundle.start();
            SwapReport report = since(subsystem, before);
            if (report != null && report.ok()) {
                return report;
            }
            String why = report == null ? reasons.of(bundle, subsystem) : report.why();
            bundle.uninstall();
            return report == null ? refused(subsystem, spec, why) : report;
        } catch (BundleException | RuntimeException e) {
            uninstall(bundle);
            return refused(subsystem, spec, Reasons.words(e));
        }
    }

    SwapReport rollback(String subsystem) {
        int before = last(subsystem);
        try {
            boolean there = switch (subsystem) {
                case "host" -> kernel.host().goBack();
                case "kern" -> restartFormer();
                default -> false;
            };
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
        former.start();
        return true;
    }

    private void uninstall(@Nullable Bundle bundle) {
        try {
            if (bundle != null && bundle.getState() != Bundle.UNINSTALLED) {
                bundle.uninstall();
            }
        } catch (BundleException e) {
            LOG.warn("{} does not go", bundle, e);
        }
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

    private @Nullable SwapReport since(String subsystem, int number) {
        List<SwapReport> all = reports(subsystem);
        return all.isEmpty() || all.getLast().number() == number ? null : all.getLast();
    }

    private SwapReport refused(String subsystem, String spec, String why) {
        return kernel.call(() -> kernel.swapping.report(subsystem, "", spec, 0, Outcome.REFUSED, why));
    }
}
