package vkernel.guest.kern;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.kern.KernelState;
import vkernel.kern.SwapReport;
import vkernel.kern.SwapReport.Outcome;

/** The last reports. Guarded by the kernel lock. */
final class History {
    private static final Logger LOG = LoggerFactory.getLogger("swap");

    private final EventKernel kernel;
    private final KernelState.Reports reports;
    private final List<Consumer<SwapReport>> listeners = new CopyOnWriteArrayList<>();

    History(EventKernel kernel) {
        this.kernel = kernel;
        reports = kernel.state.reports();
    }

    /** A call has failed for which the last change of a subsystem is to blame, if that is not older than some time. */
    void failed(String subsystem, long since) {
        reports.failed(subsystem, since);
    }

    /** Adds to the last report of a provider what has come out since. */
    void note(String provider, String why) {
        reports.note(provider, why);
    }

    /** Notes what became of a change, and tells those who listen. */
    SwapReport report(String place, String from, String to, Toll toll, Outcome outcome, String why) {
        return add(new SwapReport(
                reports.next(),
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

    private SwapReport add(SwapReport report) {
        reports.add(report);
        switch (report.outcome()) {
            case DONE, REHEARSED -> LOG.info("{}", line(report));
            case REFUSED, ROLLED_BACK, MISSING -> LOG.warn("{}", line(report));
        }
        for (Consumer<SwapReport> listener : listeners) {
            try {
                listener.accept(report);
            } catch (RuntimeException | Error e) {
                LOG.error("a listener to swaps failed", e);
            }
        }
        return report;
    }

    /** Any thread. */
    void listen(Consumer<SwapReport> listener) {
        listeners.add(listener);
    }

    /** Any thread. */
    void unlisten(Consumer<SwapReport> listener) {
        listeners.remove(listener);
    }

    List<SwapReport> all() {
        return reports.all();
    }

    private static String line(SwapReport report) {
        return report.subsystem() + ": "
                + (report.from().isEmpty() ? "nothing" : report.from()) + " -> "
                + (report.to().isEmpty() ? "nothing" : report.to()) + " "
                + report.outcome() + " in " + report.pause() / 1000 + " us"
                + (report.why().isEmpty() ? "" : ": " + report.why());
    }
}
