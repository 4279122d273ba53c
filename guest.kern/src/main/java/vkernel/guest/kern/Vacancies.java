package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.fs.OpenFile;
import vkernel.fs.Vfs;
import vkernel.kern.SwapReport.Outcome;
import vkernel.task.Task;

/**
 * Providers go and fail: who takes their places, or nobody, and who is tried again. Guarded by the kernel lock unless said.
 */
final class Vacancies {
    private static final Logger LOG = LoggerFactory.getLogger(Vacancies.class);

    private final EventKernel kernel;
    private final Places places;
    private final Swapping swapping;
    private final Flip flip;
    private final History history;
    private final Provider fifo = Provider.builtIn(new Fifo());

    Vacancies(EventKernel kernel, Flip flip) {
        this.kernel = kernel;
        this.flip = flip;
        places = kernel.places;
        swapping = kernel.swapping;
        history = kernel.history;
    }

    /** A provider is not registered any more. */
    void go(Provider provider) {
        for (Place place : places.all()) {
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
        for (Place place : places.all()) {
            if (place.now == null && place.slots.containsAll(provider.slots())) {
                place.kept = null;
                places.keep(place);
                kernel.slots.drop(place.slots);
                place.tenure.used = false;
            }
        }
    }

    /** The provider of now is not to serve any more; somebody else takes its place, or nobody. */
    private void vacate(Place place, Provider gone, Outcome outcome, String why, int torn) {
        if (kernel.readiness.halted()) {
            place.seat(null);
            return;
        }
        Toll.Meter meter = Toll.meter(kernel.dispatcher);
        Provider before = place.before;
        String told = why;
        String damaged = flip.empty(place);
        places.keep(place);
        if (!damaged.isEmpty()) {
            told += "; " + damaged;
        }
        place.wayBack(null);
        place.tenure.probationUntil = Long.MIN_VALUE;
        for (Provider next : successors(place, before, gone)) {
            String wrong = flip.replace(place, next, false);
            places.keep(place);
            if (wrong == null) {
                swapping.tryOut(place);
                Toll toll = meter.end();
                Outcome done = next.equals(before) ? Outcome.ROLLED_BACK : outcome;
                history.report(place.name(), gone.name(), next.name(), toll.and(torn), done, told);
                return;
            }
            place.failures.note(next, kernel.now());
            told += "; " + next + ": " + wrong;
        }
        if (place.kept == null && !place.sched() && !uses(place.slots)) {
            kernel.slots.drop(place.slots);
            place.tenure.used = false;
        }
        place.tenure.why = told;
        history.report(place.name(), gone.name(), "", meter.end().and(torn), Outcome.MISSING, told);
    }

    /** Whether a file that is open, or a mount, refers to one of the slots. */
    private boolean uses(Set<String> names) {
        Vfs vfs = kernel.slots.vfs.orNull();
        try {
            if (vfs == null || vfs.mounts().stream().anyMatch(mount -> names.contains(mount.sb.type.name()))) {
                return true;
            }
        } catch (RuntimeException | Error e) {
            LOG.debug("{} does not say what is mounted", vfs, e);
            return true;
        }
        for (Task task : kernel.processes.tasks()) {
            for (int fd = 0; fd < task.files.size(); fd++) {
                OpenFile file = task.files.get(fd);
                if (file != null && names.contains(file.ops.name())) {
                    return true;
                }
            }
        }
        return false;
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
        if (place.sched() && kernel.state.life().started) {
            next.add(fifo);
        }
        return next;
    }

    // --- providers fail ----------------------------------------------------------------------------------------------

    /**
     * Something was thrown in a handler.
     *
     * @param call whether that is made again when this returns true
     * @return whether a provider on probation was blamed and is out of service: what was under way can be tried again
     */
    boolean contain(String where, Throwable bug, boolean call) {
        Place culprit = Culprits.onProbation(bug, places.all(), kernel.now());
        if (culprit != null && fail(culprit, where + ": " + Flip.words(bug), call ? 1 : 0)) {
            return true;
        }
        Place blamed = Culprits.of(bug, places.all());
        if (blamed != null) {
            blamed.tenure.oopses++;
        }
        return false;
    }

    /** A bug has cost a call, and its program's life: the last change of the subsystem to blame is told. */
    void failed(Throwable bug) {
        Place blamed = Culprits.of(bug, places.all());
        if (blamed != null) {
            history.failed(blamed.name(), kernel.realtime() - Swapping.PROBATION);
        }
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
        kernel.readiness.look();
        return true;
    }

    /** The scheduler has failed: unlike others it is replaced at once, on probation or not. */
    void schedFailed(Throwable bug) {
        Place place = places.sched();
        if (place.now != null && place.now.bundle() != null) {
            fail(place, "scheduler: " + Flip.words(bug), 0);
        }
    }

    // --- what is due now and then ------------------------------------------------------------------------------------

    /** Whether {@link #tend} may find something to do. Any thread: it only looks. */
    boolean due() {
        for (Place place : places.all()) {
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
        for (Place place : places.all()) {
            if (!place.onProbation(kernel.now())) {
                place.trust();
            }
        }
    }

    /** Tries who has failed again, when their time has come, for places that nobody is in. */
    private void retry() {
        for (Place place : places.all()) {
            if (!place.tenure.used || place.now != null && place.now.bundle() != null) {
                continue;
            }
            for (Provider next : List.copyOf(place.candidates.reversed())) {
                if (place.failures.refusal(next, kernel.now()) == null) {
                    swapping.takeOver(place, next, false);
                    break;
                }
            }
        }
    }
}
