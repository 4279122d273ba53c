package vkernel.guest.kern;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.host.Exchange;
import vkernel.host.HostSlot;
import vkernel.kern.SwapReport.Outcome;

/** Reports what the machine below has exchanged: its host, its engine. Kernel lock held. */
final class Exchanges {
    private final HostSlot host;
    private final Swapping swapping;
    private final History history;
    private @Nullable Exchange last;

    Exchanges(HostSlot host, Swapping swapping, History history) {
        this.host = host;
        this.swapping = swapping;
        this.history = history;
        List<Exchange> before = host.exchanges();
        last = before.isEmpty() ? null : before.getLast();
    }

    /** Something may have been exchanged. */
    void report() {
        List<Exchange> all = host.exchanges();
        Exchange news = all.isEmpty() ? null : all.getLast();
        if (news == null || news == last) {
            return;
        }
        last = news;
        if (swapping.isComposed()) {
            Outcome outcome = switch (news.kind()) {
                case DONE -> news.to().isEmpty() ? Outcome.MISSING : Outcome.DONE;
                case REHEARSED -> Outcome.REHEARSED;
                case REFUSED -> Outcome.REFUSED;
                case TAKEN_BACK -> Outcome.ROLLED_BACK;
            };
            history.report(news.subsystem(), news.from(), news.to(), new Toll(news.pause(), 0), outcome, news.why());
        }
    }
}
