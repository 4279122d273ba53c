package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import vkernel.kern.SwapReport;
import vkernel.kern.SwapReport.Outcome;
import vkernel.sched.SchedPolicy;

/**
 * Who does which work, and what happens when that changes: providers that come, or are asked for. Guarded by the kernel
 * lock. Here: decisions. Not here: the moment itself ({@link Flip}), providers that go or fail ({@link Vacancies}), bundles
 * ({@link HotSwaps}).
 */
final class Swapping {
    /** How long a provider is on probation after it has come to a running kernel, nanoseconds. */
    static final long PROBATION = 30_000_000_000L;

    private final EventKernel kernel;
    private final Places places;
    private final Flip flip;
    private final History history;
    /** What bundles that are being started are to do, by their id. */
    private final Map<Long, Errand> errands = new HashMap<>();

    /** Those whose places are still to be looked at. */
    private final List<Provider> prepared = new ArrayList<>();

    private boolean composed;

    /**
     * What a bundle is started for.
     *
     * @param only the slot that it is to take over; empty for all that it provides for
     * @param rehearse to show whether it could
     * @param reports what came of it
     */
    record Errand(String only, boolean rehearse, List<SwapReport> reports) {
        Errand(String only, boolean rehearse) {
            this(only, rehearse, new ArrayList<>());
        }
    }

    Swapping(EventKernel kernel, Flip flip) {
        this.kernel = kernel;
        this.flip = flip;
        places = kernel.places;
        history = kernel.history;
    }

    // --- the kernel is put together ----------------------------------------------------------------------------------

    /** From now on who comes is a successor. */
    void composed() {
        composed = true;
    }

    /** Providers that are there before the kernel is taken over: what can be done for them without it. */
    void prepare(List<Provider> providers) {
        for (Provider provider : providers) {
            if (provider.slots().isEmpty()) {
                continue;
            }
            Place place = places.of(provider);
            if (place != null) {
                place.candidates.add(provider);
            }
            prepared.add(provider);
        }
    }

    /**
     * The kernel begins, or goes on after it had been given up: the policy that had the tasks gets them again. The guest
     * waits for this code's first run, so it has no lambda, each of which takes the JVM 0.1 ms to link.
     */
    void resume() {
        Provider keeper = schedKeeper();
        Set<Object> serving = places.serving();
        for (Provider provider : prepared) {
            Place place = places.of(provider);
            if (place == null) {
                come(provider);
                continue;
            }
            if (provider.identity().equals(place.tenure.before)) {
                place.before = provider;
            }
            boolean kept = place.sched()
                    ? keeper == null || provider == keeper
                    : !serving.contains(places.occupant(place)) || places.occupant(place) == provider.service();
            if (kept) {
                decided(place, provider, null);
            }
        }
        prepared.clear();
        for (Place place : places.all()) {
            place.wayBack(place.before);
        }
        Provider policy = places.sched().now;
        if (policy != null && kernel.dispatcher.policy() == null) {
            kernel.dispatcher.hand((SchedPolicy) policy.service());
        }
    }

    /** Who had the tasks under the code before; null when it has gone, or there was none. */
    private @Nullable Provider schedKeeper() {
        Place place = places.sched();
        for (Provider provider : place.candidates) {
            if (provider.identity().equals(place.tenure.now)) {
                return provider;
            }
        }
        return null;
    }

    boolean isComposed() {
        return composed;
    }

    void send(long bundle, Errand errand) {
        errands.put(bundle, errand);
    }

    void forget(long bundle) {
        errands.remove(bundle);
    }

    // --- providers come ----------------------------------------------------------------------------------------------

    /** A provider is registered. */
    void come(Provider provider) {
        if (provider.slots().isEmpty()) {
            return;
        }
        Errand errand =
                provider.bundle() == null ? null : errands.get(provider.bundle().getBundleId());
        SwapReport report = placed(provider, errand);
        if (errand != null && report != null) {
            errand.reports.add(report);
        }
    }

    private @Nullable SwapReport placed(Provider provider, @Nullable Errand errand) {
        Place place = places.of(provider);
        if (place == null) {
            String why = "its slots are of several providers, or one of a provider that fills more";
            return history.report(
                    String.join("+", provider.slots()), "", provider.name(), Toll.NONE, Outcome.REFUSED, why);
        }
        place.candidates.add(provider);
        return decided(place, provider, errand);
    }

    private @Nullable SwapReport decided(Place place, Provider provider, @Nullable Errand errand) {
        if (place.now == null && found(place, provider)) {
            return null;
        }
        if (errand == null) {
            return wanted(place, provider) ? takeOver(place, provider, false) : null;
        }
        if (!errand.only.isEmpty() && places.place(errand.only) != place) {
            return null;
        }
        return errand.rehearse ? rehearse(place, provider) : takeOver(place, provider, true);
    }

    /** The kernel itself was replaced: who served goes on. @return whether the place is not to be had */
    private boolean found(Place place, Provider provider) {
        Object there = places.occupant(place);
        if (there == null) {
            place.kept = kernel.state.kept().get(place.name());
            return false;
        }
        if (there == provider.service()) {
            place.seat(provider);
            place.tenure.used = true;
        }
        return true;
    }

    /** Whether one who comes by itself is to serve. */
    private boolean wanted(Place place, Provider provider) {
        Provider now = place.now;
        if (now == null || now.bundle() == null) {
            return true;
        }
        if (place.sched()) {
            return provider.policy().equals(kernel.dispatcher.wanted());
        }
        if (composed) {
            return true;
        }
        return compare(provider, now) > 0;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static int compare(Provider one, Provider other) {
        Comparable reference = one.reference();
        return reference == null || other.reference() == null ? 0 : reference.compareTo(other.reference());
    }

    /** Somebody asks for a provider that is registered. */
    SwapReport takeOver(Place place, Provider provider, boolean asked) {
        if (asked) {
            place.failures.pardon(provider);
        }
        String from = Places.name(place.now);
        String refusal = place.failures.refusal(provider, kernel.now());
        if (refusal != null) {
            return history.report(place.name(), from, provider.name(), Toll.NONE, Outcome.REFUSED, refusal);
        }
        boolean first = !place.tenure.used;
        Toll.Meter meter = Toll.meter(kernel.dispatcher);
        String wrong = flip.replace(place, provider, false);
        places.keep(place);
        Toll toll = meter.end();
        if (wrong != null) {
            place.failures.note(provider, kernel.now());
            place.tenure.why = place.now == null ? provider + ": " + wrong : place.tenure.why;
            return history.report(place.name(), from, provider.name(), toll, Outcome.REFUSED, wrong);
        }
        if (place.sched() && (asked || !composed)) {
            kernel.dispatcher.want(composed ? provider.policy() : kernel.dispatcher.wanted());
        }
        if (!composed) {
            place.trust();
            return silent(place, provider, toll.pause());
        }
        if (first) {
            place.trust(); // there is nobody to go back to
        } else {
            place.tenure.probationUntil = kernel.now() + PROBATION;
        }
        return history.report(place.name(), from, provider.name(), toll, Outcome.DONE, "");
    }

    /** sched:switch: hands the tasks to a policy that is there. @return false when none of that name is */
    boolean switchTo(String name) {
        Place place = places.sched();
        for (Provider provider : place.candidates.reversed()) {
            if (provider.policy().equals(name)) {
                if (provider.equals(place.now)) {
                    kernel.dispatcher.want(name);
                    return true;
                }
                takeOver(place, provider, true);
                return provider.equals(place.now);
            }
        }
        return false;
    }

    private SwapReport silent(Place place, Provider provider, long pause) {
        return new SwapReport(0, 0, place.name(), "", provider.name(), pause, 0, 0, 0, Outcome.DONE, "");
    }

    // --- providers are asked for -------------------------------------------------------------------------------------

    SwapReport rehearse(Place place, Provider provider) {
        String from = Places.name(place.now);
        Toll.Meter meter = Toll.meter(kernel.dispatcher);
        String wrong = flip.replace(place, provider, true);
        Toll toll = meter.end();
        Outcome outcome = wrong == null ? Outcome.REHEARSED : Outcome.REFUSED;
        return history.report(place.name(), from, provider.name(), toll, outcome, wrong == null ? "" : wrong);
    }

    /** Goes back to the predecessor. */
    SwapReport rollback(Place place, String why) {
        Provider before = place.before;
        String from = Places.name(place.now);
        if (before == null) {
            return history.report(place.name(), from, "", Toll.NONE, Outcome.REFUSED, "there is no predecessor");
        }
        Toll.Meter meter = Toll.meter(kernel.dispatcher);
        String wrong = flip.replace(place, before, false);
        Toll toll = meter.end();
        if (wrong == null && place.sched()) {
            kernel.dispatcher.want(before.policy());
        }
        tryOut(place);
        return history.report(
                place.name(),
                from,
                before.name(),
                toll,
                wrong == null ? Outcome.ROLLED_BACK : Outcome.REFUSED,
                wrong == null ? why : wrong);
    }

    /** Somebody is back who was in service before: on probation unless it has passed that. */
    void tryOut(Place place) {
        place.tenure.probationUntil = place.trusted() ? Long.MIN_VALUE : kernel.now() + PROBATION;
    }

    /** The subsystem that was swapped last, and can go back. */
    @Nullable
    Place last() {
        for (SwapReport report : history.all().reversed()) {
            for (Place place : places.all()) {
                if (report.ok() && place.name().equals(report.subsystem()) && place.before != null) {
                    return place;
                }
            }
        }
        return null;
    }
}
