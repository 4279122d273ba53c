package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import vkernel.kern.SwapReport;
import vkernel.kern.SwapReport.Outcome;
import vkernel.kern.Swaps.Condition;
import vkernel.kern.Swaps.Standing;
import vkernel.kern.Tenure;
import vkernel.sched.SchedPolicy;

/**
 * Who does which work, and what happens when that changes: providers that come, go, fail, or are asked for. Guarded by
 * the kernel lock. Here: decisions and reports. Not here: the moment itself ({@link Flip}), bundles ({@link HotSwaps}).
 */
final class Swapping {
    /** How long a provider is on probation after it has come to a running kernel, nanoseconds. */
    static final long PROBATION = 30_000_000_000L;

    private final EventKernel kernel;
    private final Map<String, Place> bySlot = new TreeMap<>();
    /** Read by the watchdog without the lock. */
    private final List<Place> places = new CopyOnWriteArrayList<>();

    private final Provider fifo = Provider.builtIn(new Fifo());
    private final Flip flip;
    final History history;
    /** What bundles that are being started are to do, by their id. */
    private final Map<Long, Errand> errands = new HashMap<>();

    /** Those whose places are still to be looked at. */
    private final List<Provider> prepared = new ArrayList<>();

    private boolean composed;
    private boolean closing;

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

    Swapping(EventKernel kernel) {
        this.kernel = kernel;
        history = new History(kernel.state.reports());
        flip = new Flip(this::seat, kernel::caught);
        place(Set.of(Place.SCHED));
    }

    // --- places -----------------------------------------------------------------------------------------------------

    Collection<Place> places() {
        return places;
    }

    /** By the name of a slot, or of all its slots with {@code +} between. */
    @Nullable
    Place place(String name) {
        Place place = bySlot.get(name.split("\\+", 2)[0]);
        return place != null && (place.slots.contains(name) || place.name().equals(name)) ? place : null;
    }

    /** Whether who serves in a slot has passed its probation. */
    boolean trusted(String slot) {
        Place place = bySlot.get(slot);
        return place != null && place.trusted();
    }

    private Place place(Set<String> slots) {
        Map<String, Tenure> tenures = kernel.state.tenures();
        Tenure tenure = slots.stream()
                .map(tenures::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(Tenure::new);
        Place place = new Place(slots, tenure);
        places.add(place);
        slots.forEach(slot -> known(slot, place));
        return place;
    }

    private void known(String slot, Place place) {
        bySlot.put(slot, place);
        kernel.state.tenures().put(slot, place.tenure);
    }

    /** The place that a provider is for; null when its slots are of several providers, or of one with more. */
    private @Nullable Place placeOf(Provider provider) {
        Set<Place> found = new HashSet<>();
        provider.slots().forEach(slot -> {
            Place known = bySlot.get(slot);
            if (known != null) {
                found.add(known);
            }
        });
        if (found.isEmpty()) {
            return place(provider.slots());
        }
        Place place = found.iterator().next();
        if (found.size() > 1 || !provider.slots().containsAll(place.slots)) {
            return null;
        }
        place.slots.addAll(provider.slots());
        provider.slots().forEach(slot -> known(slot, place));
        return place;
    }

    private @Nullable String seat(Place place, @Nullable Provider provider) {
        if (place.sched()) {
            return kernel.dispatcher.hand(provider == null ? null : (SchedPolicy) provider.service());
        }
        try {
            kernel.slots.fill(place.slots, provider == null ? null : provider.service());
            return null;
        } catch (RuntimeException | Error e) {
            kernel.caught();
            return "it cannot be put in place: " + Flip.words(e);
        }
    }

    /** Names of the policies that there are. */
    List<String> policies() {
        return schedPlace().candidates.stream()
                .map(Provider::policy)
                .distinct()
                .sorted()
                .toList();
    }

    private Place schedPlace() {
        return bySlot.get(Place.SCHED);
    }

    // --- the kernel is put together ---------------------------------------------------------------------------------

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
            Place place = placeOf(provider);
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
        Set<Object> serving = serving();
        for (Provider provider : prepared) {
            Place place = placeOf(provider);
            if (place == null) {
                come(provider);
                continue;
            }
            if (provider.identity().equals(place.tenure.before)) {
                place.before = provider;
            }
            boolean kept = place.sched()
                    ? keeper == null || provider == keeper
                    : !serving.contains(occupant(place)) || occupant(place) == provider.service();
            if (kept) {
                decided(place, provider, null);
            }
        }
        prepared.clear();
        for (Place place : places) {
            place.wayBack(place.before);
        }
        Provider policy = schedPlace().now;
        if (policy != null && kernel.dispatcher.policy() == null) {
            kernel.dispatcher.hand((SchedPolicy) policy.service());
        }
    }

    private Set<Object> serving() {
        Set<Object> serving = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Place place : places) {
            Object occupant = occupant(place);
            if (occupant != null) {
                serving.add(occupant);
            }
        }
        return serving;
    }

    /** Who had the tasks under the code before; null when it has gone, or there was none. */
    private @Nullable Provider schedKeeper() {
        Place place = schedPlace();
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

    /** The kernel goes away: nobody is missed any more. */
    void close() {
        closing = true;
    }

    void send(long bundle, Errand errand) {
        errands.put(bundle, errand);
    }

    void forget(long bundle) {
        errands.remove(bundle);
    }

    // --- providers come ---------------------------------------------------------------------------------------------

    /** A provider is registered. */
    void come(Provider provider) {
        if (closing || provider.slots().isEmpty()) {
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
        Place place = placeOf(provider);
        if (place == null) {
            String why = "its slots are of several providers, or one of a provider that fills more";
            return report(String.join("+", provider.slots()), "", provider.name(), Toll.NONE, Outcome.REFUSED, why);
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
        if (!errand.only.isEmpty() && place(errand.only) != place) {
            return null;
        }
        return errand.rehearse ? rehearse(place, provider) : takeOver(place, provider, true);
    }

    private @Nullable Object occupant(Place place) {
        return place.sched()
                ? null
                : kernel.slots.occupant(place.slots.iterator().next());
    }

    /** The kernel itself was replaced: who served goes on. @return whether the place is not to be had */
    private boolean found(Place place, Provider provider) {
        Object there = occupant(place);
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
        String from = name(place.now);
        String refusal = place.failures.refusal(provider, kernel.now());
        if (refusal != null) {
            return report(place.name(), from, provider.name(), Toll.NONE, Outcome.REFUSED, refusal);
        }
        boolean first = !place.tenure.used;
        Toll.Meter meter = Toll.meter(kernel.dispatcher);
        String wrong = flip.replace(place, provider, false);
        keep(place);
        Toll toll = meter.end();
        if (wrong != null) {
            place.failures.note(provider, kernel.now());
            place.tenure.why = place.now == null ? provider + ": " + wrong : place.tenure.why;
            return report(place.name(), from, provider.name(), toll, Outcome.REFUSED, wrong);
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
        return report(place.name(), from, provider.name(), toll, Outcome.DONE, "");
    }

    /** sched:switch: hands the tasks to a policy that is there. @return false when none of that name is */
    boolean switchTo(String name) {
        Place place = schedPlace();
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

    SwapReport rehearse(Place place, Provider provider) {
        String from = name(place.now);
        Toll.Meter meter = Toll.meter(kernel.dispatcher);
        String wrong = flip.replace(place, provider, true);
        Toll toll = meter.end();
        Outcome outcome = wrong == null ? Outcome.REHEARSED : Outcome.REFUSED;
        return report(place.name(), from, provider.name(), toll, outcome, wrong == null ? "" : wrong);
    }

    /** Goes back to the predecessor. */
    SwapReport rollback(Place place, String why) {
        Provider before = place.before;
        String from = name(place.now);
        if (before == null) {
            return report(place.name(), from, "", Toll.NONE, Outcome.REFUSED, "there is no predecessor");
        }
        Toll.Meter meter = Toll.meter(kernel.dispatcher);
        String wrong = flip.replace(place, before, false);
        Toll toll = meter.end();
        if (wrong == null && place.sched()) {
            kernel.dispatcher.want(before.policy());
        }
        tryOut(place);
        return report(
                place.name(),
                from,
                before.name(),
                toll,
                wrong == null ? Outcome.ROLLED_BACK : Outcome.REFUSED,
                wrong == null ? why : wrong);
    }

    // --- providers go and fail --------------------------------------------------------------------------------------

    /** A provider is not registered any more. */
    void go(Provider provider) {
        for (Place place : places) {
            if (place.candidates.remove(provider)) {
                if (provider.equals(place.before)) {
                    place.wayBack(null);
                }
                if (provider.equals(place.now)) {
                    vacate(place, provider, Outcome.DONE, "the former provider has gone", 0);
                }
                place.remember(provider);
            }
        }
    }

    /** A provider that nobody uses goes for good: nobody else, nobody missed. */
    void retire(Provider provider) {
        go(provider);
        for (Place place : places) {
            if (place.now == null && place.slots.containsAll(provider.slots())) {
                place.kept = null;
                keep(place);
                kernel.slots.drop(place.slots);
                place.tenure.used = false;
            }
        }
    }

    /** The provider of now is not to serve any more; somebody else takes its place, or nobody. */
    private void vacate(Place place, Provider gone, Outcome outcome, String why, int torn) {
        if (closing || kernel.halted()) {
            place.seat(null);
            return;
        }
        Toll.Meter meter = Toll.meter(kernel.dispatcher);
        Provider before = place.before;
        String told = why;
        String damaged = flip.empty(place);
        keep(place);
        if (!damaged.isEmpty()) {
            told += "; " + damaged;
        }
        place.wayBack(null);
        place.tenure.probationUntil = Long.MIN_VALUE;
        for (Provider next : successors(place, before, gone)) {
            String wrong = flip.replace(place, next, false);
            keep(place);
            if (wrong == null) {
                tryOut(place);
                Toll toll = meter.end();
                Outcome done = next.equals(before) ? Outcome.ROLLED_BACK : outcome;
                report(place.name(), gone.name(), next.name(), toll.and(torn), done, told);
                return;
            }
            place.failures.note(next, kernel.now());
            told += "; " + next + ": " + wrong;
        }
        if (place.kept == null && !place.sched() && !kernel.uses(place.slots)) {
            kernel.slots.drop(place.slots);
            place.tenure.used = false;
        }
        place.tenure.why = told;
        report(place.name(), gone.name(), "", meter.end().and(torn), Outcome.MISSING, told);
    }

    /** Somebody is back who was in service before: on probation unless it has passed that. */
    private void tryOut(Place place) {
        place.tenure.probationUntil = place.trusted() ? Long.MIN_VALUE : kernel.now() + PROBATION;
    }

    /** Who could serve, the best first. */
    private List<Provider> successors(Place place, @Nullable Provider before, Provider gone) {
        List<Provider> next = new ArrayList<>(place.candidates.reversed());
        next.removeIf(provider -> provider.equals(gone) || place.failures.refusal(provider, kernel.now()) != null);
        Comparator<Provider> order = Comparator.comparing(provider -> !provider.equals(before));
        if (place.sched()) {
            order = order.thenComparing(provider -> !provider.policy().equals(kernel.dispatcher.wanted()));
        }
        next.sort(order);
        if (place.sched() && kernel.started()) {
            next.add(fifo);
        }
        return next;
    }

    /**
     * Something was thrown in a handler.
     *
     * @param call whether that is made again when this returns true
     * @return whether a provider on probation was blamed and is out of service: what was under way can be tried again
     */
    boolean contain(String where, Throwable bug, boolean call) {
        Place culprit = Culprits.onProbation(bug, places, kernel.now());
        if (culprit != null && fail(culprit, where + ": " + Flip.words(bug), call ? 1 : 0)) {
            return true;
        }
        Place blamed = Culprits.of(bug, places);
        if (blamed != null) {
            blamed.tenure.oopses++;
        }
        return false;
    }

    /** A bug has cost a call, and its program's life: the last change of the subsystem to blame is told. */
    void failed(Throwable bug) {
        Place blamed = Culprits.of(bug, places);
        if (blamed != null) {
            history.failed(blamed.name(), kernel.realtime() - PROBATION);
        }
    }

    /** Whether a class is one of a provider's that serves. */
    boolean provides(String className) {
        return places.stream().anyMatch(place -> place.now != null && place.now.owns(className));
    }

    /** The provider on probation has failed. @return false when there is nobody else and nobody ever was */
    boolean fail(Place place, String why, int torn) {
        Provider bad = place.now;
        if (bad == null) {
            return false;
        }
        place.tenure.oopses++;
        place.failures.note(bad, kernel.now());
        vacate(place, bad, Outcome.ROLLED_BACK, why, torn);
        kernel.look();
        return true;
    }

    /** The scheduler has failed: unlike others it is replaced at once, on probation or not. */
    void schedFailed(Throwable bug) {
        Place place = schedPlace();
        if (place.now != null && place.now.bundle() != null) {
            fail(place, "scheduler: " + Flip.words(bug), 0);
        }
    }

    /** Tries who has failed again, when their time has come, for places that nobody is in. */
    private void retry() {
        for (Place place : places) {
            if (!place.tenure.used || place.now != null && place.now.bundle() != null) {
                continue;
            }
            for (Provider next : List.copyOf(place.candidates.reversed())) {
                if (place.failures.refusal(next, kernel.now()) == null) {
                    takeOver(place, next, false);
                    break;
                }
            }
        }
    }

    /** Whether {@link #tend} may find something to do. Any thread: it only looks. */
    boolean due() {
        for (Place place : places) {
            boolean waits = place.tenure.used && !place.candidates.isEmpty();
            boolean empty = place.now == null || place.now.bundle() == null;
            if (waits && empty || !place.onProbation(kernel.now()) && (place.given != null || !place.trusted())) {
                return true;
            }
        }
        return false;
    }

    /** Between handlers, some times in a second. */
    void tend() {
        trust();
        retry();
    }

    /** A provider whose probation has passed without a bug is trusted: what it was given is not needed any more. */
    private void trust() {
        for (Place place : places) {
            if (!place.onProbation(kernel.now())) {
                place.trust();
            }
        }
    }

    /** What a place has kept is the kernel's state. */
    private void keep(Place place) {
        if (place.kept == null) {
            kernel.state.kept().remove(place.name());
        } else {
            kernel.state.kept().put(place.name(), place.kept);
        }
    }

    SwapReport report(String place, String from, String to, Toll toll, Outcome outcome, String why) {
        return history.add(new SwapReport(
                history.nextNumber(),
                kernel.realtime(),
                place,
                from,
                to,
                toll.pause(),
                kernel.processes.tasks().size(),
                toll.restarted(),
                0,
                outcome,
                why));
    }

    /** The subsystem that was swapped last, and can go back. */
    @Nullable
    Place last() {
        for (SwapReport report : history.all().reversed()) {
            for (Place place : places) {
                if (report.ok() && place.name().equals(report.subsystem()) && place.before != null) {
                    return place;
                }
            }
        }
        return null;
    }

    /** Every place that somebody is or was in. */
    List<Standing> standings() {
        List<Standing> all = new ArrayList<>();
        for (Place place : places) {
            if (place.tenure.used || place.now != null || !place.candidates.isEmpty()) {
                all.add(standing(place));
            }
        }
        all.sort(Comparator.comparing(Standing::subsystem));
        return all;
    }

    private Standing standing(Place place) {
        boolean missing = place.now == null || place.now.bundle() == null;
        Condition condition = missing
                ? Condition.MISSING
                : place.before != null && place.onProbation(kernel.now()) ? Condition.ON_PROBATION : Condition.FINE;
        return new Standing(
                place.name(),
                name(place.now),
                name(place.before),
                condition,
                missing ? place.tenure.why : "",
                place.tenure.oopses,
                place.failures.quarantined(),
                place.held());
    }

    private static String name(@Nullable Provider provider) {
        return provider == null ? "" : provider.name();
    }
}
