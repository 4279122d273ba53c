package vkernel.guest.kern;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of exceptions in handlers: who is to blame and new goes, and what was under way is tried again; else it is
 * told. Kernel lock held.
 */
final class Containment {
    private static final Logger LOG = LoggerFactory.getLogger(Containment.class);

    private final EventKernel kernel;
    /** Told what a timer's action has thrown. */
    final Consumer<Throwable> timerFailed = bug -> contained("timer", bug);

    Containment(EventKernel kernel) {
        this.kernel = kernel;
    }

    /** Something was thrown in a handler. @param call whether of a call @return whether it can be made again */
    boolean contain(String where, Throwable bug, boolean call) {
        caught();
        if (kernel.trials.blame(bug)) {
            return true;
        }
        try {
            return kernel.vacancies.contain(where, bug, call);
        } catch (RuntimeException | Error e) {
            LOG.error("cannot go back after {} in a {}", bug, where, e);
            return false;
        } finally {
            kernel.readiness.trustSharers();
        }
    }

    /** The same where nothing is to be tried again: the timers of the failed one come anew with its successor. */
    void contained(String where, Throwable bug) {
        kernel.lock.unwind();
        if (!contain(where, bug, false)) {
            kernel.stats.oopses++;
            LOG.error("oops {} in a {}", kernel.stats.oopses, where, bug);
        }
    }

    /** Whatever was thrown has been caught: if it was the watchdog's, it has done its work. */
    void caught() {
        kernel.watchdog.relieve();
    }

    /** A hart was thrown out of its loop. @param then {@link Trials#changes} when it went in @return whether it goes on */
    boolean goesOn(Throwable bug, int then) {
        caught();
        kernel.lock.unwind();
        return kernel.trials.blame(bug, then);
    }
}
