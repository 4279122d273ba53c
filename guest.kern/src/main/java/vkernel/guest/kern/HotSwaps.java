package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.guest.kern.Swapping.Errand;
import vkernel.kern.SwapLocation;
import vkernel.kern.SwapReport;
import vkernel.kern.SwapReport.Outcome;
import vkernel.kern.Swaps;

/**
 * The service {@link Swaps}: does with bundles what is asked for, and has the kernel do the rest. Everything that calls
 * the framework happens here, without the kernel lock.
 */
@Component(immediate = true)
public final class HotSwaps implements Swaps {
    private final EventKernel kernel;
    private final Swapping swapping;
    private final Places places;
    private final History history;
    private final Bundles bundles;
    private final Reasons reasons;
    private final FixedPoints fixedPoints;
    /** One swap at a time; the kernel lock is taken inside it. */
    private final ReentrantLock one = new ReentrantLock();

    @Activate
    public HotSwaps(BundleContext context, @Reference EventKernel kernel) {
        this.kernel = kernel;
        swapping = kernel.swapping;
        places = kernel.places;
        history = kernel.history;
        bundles = new Bundles(context);
        reasons = new Reasons(context);
        fixedPoints = new FixedPoints(kernel, bundles, reasons, context);
    }

    @Override
    public SwapReport swap(String subsystem, String spec, boolean dryRun) {
        one.lock();
        try {
            if (FixedPoints.NAMES.contains(subsystem)) {
                return fixedPoints.swap(subsystem, spec, dryRun);
            }
            Provider now = kernel.call(() -> provider(subsystem));
            Bundle known = bundles.find(spec);
            Errand errand = new Errand(subsystem, dryRun);
            if (known == null || now != null && known.equals(now.bundle())) {
                boolean copied = known != null;
                String place = copied ? SwapLocation.place(known) : spec;
                run(subsystem, spec, errand, () -> bundles.install(place, ""));
            } else if (!there(known, errand)) {
                run(subsystem, spec, errand, () -> known);
            }
            return errand.reports().getFirst();
        } finally {
            one.unlock();
        }
    }

    @Override
    public List<SwapReport> install(String location, byte[] jar) {
        one.lock();
        try {
            String fixed = FixedPoints.subsystem(jar);
            if (!fixed.isEmpty()) {
                return List.of(fixedPoints.install(fixed, location, jar));
            }
            Errand errand = new Errand("", false);
            run("", location, errand, () -> bundles.install(location, "", jar));
            return List.copyOf(errand.reports());
        } finally {
            one.unlock();
        }
    }

    private @Nullable Provider provider(String subsystem) {
        Place place = places.place(subsystem);
        return place == null ? null : place.now;
    }

    /** Where a bundle comes from. */
    interface Source {
        Bundle bundle() throws BundleException;
    }

    /** Starts a bundle, so that its providers come; at the end the errand has a report at least. */
    private void run(String subsystem, String spec, Errand errand, Source source) {
        Bundle bundle = null;
        try {
            bundle = source.bundle();
            long id = bundle.getBundleId();
            kernel.call(() -> {
                swapping.send(id, errand);
                return id;
            });
            bundle.start();
            if (errand.reports().isEmpty()) {
                refuse(subsystem, spec, errand, reasons.of(bundle, subsystem));
            }
        } catch (BundleException | RuntimeException e) {
            refuse(subsystem, spec, errand, Reasons.words(e));
        } finally {
            if (bundle != null) {
                end(bundle, errand);
            }
        }
    }

    /** A bundle that does not serve after all was installed in vain; who is of no use any more goes. */
    private void end(Bundle bundle, Errand errand) {
        kernel.call(() -> {
            swapping.forget(bundle.getBundleId());
            return true;
        });
        if (errand.rehearse() || errand.reports().stream().noneMatch(SwapReport::ok)) {
            bundles.uninstall(bundle);
        }
        bundles.tidy("", kernel.call(() -> {
            List<Long> needed = new ArrayList<>();
            for (Place place : places.all()) {
                needed(place.now, needed);
                needed(place.before, needed);
            }
            return needed;
        }));
    }

    private static void needed(@Nullable Provider provider, List<Long> needed) {
        Bundle bundle = provider == null ? null : provider.bundle();
        if (bundle != null) {
            needed.add(bundle.getBundleId());
        }
    }

    private void refuse(String subsystem, String spec, Errand errand, String why) {
        errand.reports()
                .add(kernel.call(
                        () -> history.report(subsystem, name(subsystem), spec, Toll.NONE, Outcome.REFUSED, why)));
    }

    private String name(String subsystem) {
        Provider now = provider(subsystem);
        return now == null ? "" : now.name();
    }

    /** Takes over by a provider that is there already. @return false when its bundle has none for the slot */
    private boolean there(Bundle bundle, Errand errand) {
        kernel.change("asked for " + bundle, () -> {
            Place place = places.place(errand.only());
            for (Provider provider : place == null ? List.<Provider>of() : List.copyOf(place.candidates)) {
                if (bundle.equals(provider.bundle()) && errand.reports().isEmpty()) {
                    errand.reports()
                            .add(
                                    errand.rehearse()
                                            ? swapping.rehearse(place, provider)
                                            : swapping.takeOver(place, provider, true));
                }
            }
        });
        return !errand.reports().isEmpty();
    }

    @Override
    public SwapReport rollback(String subsystem) {
        one.lock();
        try {
            if (FixedPoints.NAMES.contains(subsystem)) {
                return fixedPoints.rollback(subsystem);
            }
            List<SwapReport> reports = new ArrayList<>();
            kernel.change("rollback of " + subsystem, () -> {
                Place place = subsystem.isEmpty() ? swapping.last() : places.place(subsystem);
                String why = subsystem.isEmpty() ? "there is no swap to take back" : "there is no such subsystem";
                reports.add(
                        place == null
                                ? history.report(subsystem, "", "", Toll.NONE, Outcome.REFUSED, why)
                                : swapping.rollback(place, "asked for"));
            });
            return reports.getFirst();
        } finally {
            one.unlock();
        }
    }

    @Override
    public List<String> retire(Collection<Long> gone) {
        one.lock();
        try {
            List<String> users = new ArrayList<>();
            kernel.change("bundles " + gone + " are to go", () -> {
                List<Provider> providers = provided(gone);
                providers.forEach(each -> users.addAll(new Users(kernel, gone).of(each)));
                if (users.isEmpty()) {
                    providers.forEach(kernel.vacancies::retire);
                }
            });
            return users;
        } finally {
            one.unlock();
        }
    }

    private List<Provider> provided(Collection<Long> gone) {
        List<Provider> all = new ArrayList<>();
        for (Place place : places.all()) {
            place.candidates.stream()
                    .filter(each ->
                            each.bundle() != null && gone.contains(each.bundle().getBundleId()))
                    .forEach(all::add);
        }
        return all;
    }

    @Override
    public List<SwapReport> history() {
        return kernel.call(history::all);
    }

    @Override
    public void listen(Consumer<SwapReport> listener) {
        history.listen(listener);
    }

    @Override
    public void unlisten(Consumer<SwapReport> listener) {
        history.unlisten(listener);
    }

    @Override
    public List<Standing> standings() {
        return kernel.call(places::standings);
    }
}
