package vkernel.guest.kern;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;

/**
 * The moment in which a subsystem changes hands: release, check, adopt, check, fill. The kernel lock is held, so no
 * handler is under way on any hart; user code that runs meanwhile touches no kernel object. Whatever the successor does,
 * somebody has the state in the end: it, the former provider, or the place.
 */
final class Flip {
    private static final Logger LOG = LoggerFactory.getLogger(Flip.class);

    /** Who is in the slots of a place; the scheduler's moves its tasks. */
    interface Seat {
        /** @return why a provider cannot be in it; null when it is */
        @Nullable
        String fill(Place place, @Nullable Provider provider);
    }

    private final Seat seat;
    /** Called after anything was thrown: what was thrown may have been the watchdog's. */
    private final Runnable caught;

    Flip(Seat seat, Runnable caught) {
        this.seat = seat;
        this.caught = caught;
    }

    /**
     * Puts a provider in the place of the one of now, if there is one.
     *
     * @param rehearse goes back at once, after a look at everything
     * @return why it could not be; null when it could
     */
    @Nullable
    String replace(Place place, Provider next, boolean rehearse) {
        Provider old = place.now;
        boolean stateful = old == null ? place.kept != null : old.service() instanceof Swappable;
        if (stateful && !(next.service() instanceof Swappable)) {
            return "it keeps no state, and there is some to keep";
        }
        Record state = place.kept;
        if (old != null && stateful) {
            try {
                state = release(old);
            } catch (Exception | Error e) {
                caught.run();
                return "the provider of now does not give its state up: " + words(e);
            }
        }
        Snapshot snapshot = null;
        String wrong;
        try {
            List<String> faults = old == null || state == null ? List.of() : StateCheck.faults(state, rehearse);
            snapshot = state == null ? null : new Snapshot(state);
            wrong = faults.isEmpty()
                    ? hand(place, next, state, rehearse, snapshot)
                    : "the state is damaged already: " + faults;
        } catch (RuntimeException | Error e) {
            caught.run();
            wrong = words(e);
        }
        if (wrong == null && !rehearse) {
            serve(place, next, state, snapshot);
            return null;
        }
        if (snapshot != null && wrong != null) {
            snapshot.restore();
        }
        String lost = giveBack(place, old, state);
        return wrong == null && lost.isEmpty() ? null : wrong + lost;
    }

    /** @return why the successor does not serve, or would not; null when it does, or would */
    @Nullable
    private String hand(
            Place place, Provider next, @Nullable Record state, boolean rehearse, @Nullable Snapshot snapshot) {
        String wrong = adopt(next, state, rehearse);
        if (wrong != null) {
            giveUp(next, state, null);
            return wrong;
        }
        if (rehearse) {
            return giveUp(next, state, snapshot);
        }
        String unseated = seat.fill(place, next);
        if (unseated != null) {
            giveUp(next, state, null);
        }
        return unseated;
    }

    private static void serve(Place place, Provider next, @Nullable Record state, @Nullable Snapshot snapshot) {
        if (place.now != null) {
            place.wayBack(place.now.bundle() == null ? null : place.now);
        }
        place.seat(next);
        place.kept = null;
        place.given = state;
        place.snapshot = snapshot;
        place.tenure.used = true;
        place.tenure.why = "";
    }

    /** Takes the provider of now out; its state is kept in the place. @return what is wrong with that state, or empty */
    String empty(Place place) {
        Provider old = place.now;
        Taken taken = old != null && old.service() instanceof Swappable ? takeBack(place, old) : new Taken(null, "");
        place.kept = taken.state;
        place.seat(null);
        place.given = null;
        place.snapshot = null;
        seat.fill(place, null);
        return taken.wrong;
    }

    private record Taken(@Nullable Record state, String wrong) {}

    /** The state of a provider that may have damaged it: the best there is. */
    private Taken takeBack(Place place, Provider old) {
        String wrong;
        Record state = null;
        try {
            state = release(old);
            List<String> faults = StateCheck.faults(state, false);
            if (faults.isEmpty()) {
                return new Taken(state, "");
            }
            wrong = "it leaves a damaged state: " + faults;
        } catch (Exception | Error e) {
            caught.run();
            wrong = "it does not give its state up: " + words(e);
        }
        Record given = place.given;
        if (given != null && StateCheck.faults(given, false).isEmpty()) {
            return new Taken(given, wrong);
        }
        if (given != null && place.snapshot != null) {
            place.snapshot.restore();
            return new Taken(given, wrong + "; as it was when it came");
        }
        return new Taken(state, wrong);
    }

    private String giveBack(Place place, @Nullable Provider old, @Nullable Record state) {
        String wrong = null;
        if (old != null) {
            wrong = state == null ? null : adopt(old, state, false);
            if (wrong == null) {
                wrong = seat.fill(place, old);
            }
        }
        if (old == null || wrong == null) {
            return "";
        }
        place.kept = state;
        place.seat(null);
        seat.fill(place, null);
        return "; nor does the former provider take its state back: " + wrong;
    }

    /** @return why not; null when it has */
    @Nullable
    private String adopt(Provider next, @Nullable Record state, boolean deep) {
        if (state == null) {
            return null;
        }
        try {
            adopt(next.service(), state);
            List<String> faults = StateCheck.faults(state, deep);
            return faults.isEmpty() ? null : "it damages the state: " + faults;
        } catch (StateRejected e) {
            return "it rejects the state: " + e.getMessage();
        } catch (ClassCastException e) {
            caught.run();
            return "it takes another kind of state: " + words(e);
        } catch (Exception | Error e) {
            caught.run();
            return "it fails to adopt the state: " + words(e);
        }
    }

    /**
     * A successor that is not to stay lets go of what it may have registered.
     *
     * @param before what it is to hand on, for one that was only handed it; null when that does not matter
     * @return what was wrong with that
     */
    @Nullable
    private String giveUp(Provider next, @Nullable Record state, @Nullable Snapshot before) {
        if (state == null) {
            return null;
        }
        try {
            Record given = release(next);
            List<String> faults = StateCheck.faults(given, true);
            if (!faults.isEmpty()) {
                return "it gives up a damaged state: " + faults;
            }
            List<String> changed = before == null ? List.of() : before.changed(given);
            return changed.isEmpty() ? null : "it hands on another state than it was given: " + changed;
        } catch (Exception | Error e) {
            caught.run();
            LOG.debug("{} does not let go", next, e);
            return "it does not give the state up: " + words(e);
        }
    }

    private static Record release(Provider provider) {
        return ((Swappable<?>) provider.service()).release();
    }

    @SuppressWarnings("unchecked")
    private static void adopt(Object service, Record state) throws StateRejected {
        ((Swappable<Record>) service).adopt(state);
    }

    /** An exception in one line: what, and where it came from. */
    static String words(Throwable thrown) {
        Throwable root = thrown;
        for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
            root = root.getCause();
        }
        StackTraceElement[] trace = root.getStackTrace();
        return root + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
