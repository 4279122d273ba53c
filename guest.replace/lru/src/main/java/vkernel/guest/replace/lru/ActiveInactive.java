package vkernel.guest.replace.lru;

import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;
import vkernel.vm.Replacement;
import vkernel.vm.ReplacementState;

/**
 * New pages are inactive; one that is used again while it grows old becomes active. The oldest inactive one goes. When the
 * active ones are more than the others, the oldest of them become inactive: so a program that runs through much memory once
 * does not drive out what others use all the time.
 */
@Component(service = Replacement.class, immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "replacement", attribute = "policy=lru")
public final class ActiveInactive implements Replacement, Swappable<ReplacementState> {
    /** Frames looked at for new pages at each call. */
    private static final int LOOK = 64;
    /** Active pages made inactive at a time. */
    private static final int BATCH = 32;

    /** Soft: rebuilt from the order that is handed over, and by looking. */
    private Chain chain = new Chain(0);

    private int[] inherited = {};
    private int hand = -1;

    @Override
    public String name() {
        return "lru";
    }

    @Override
    public int victim(Pages pages) {
        begin(pages);
        discover(pages, LOOK);
        for (int i = 0; i <= 2 * pages.size(); i++) {
            balance(pages);
            int frame = chain.oldest(Chain.INACTIVE);
            if (frame < 0 && discover(pages, pages.size()) == 0) {
                return -1;
            }
            if (frame < 0) {
                continue;
            }
            if (!pages.candidate(frame)) {
                chain.remove(frame);
            } else if (pages.used(frame)) {
                chain.add(frame, Chain.ACTIVE);
            } else {
                chain.add(frame, Chain.INACTIVE); // if it cannot go, others are named before
                return frame;
            }
        }
        int frame = chain.oldest(Chain.INACTIVE);
        return frame >= 0 && pages.candidate(frame) ? frame : -1;
    }

    private void begin(Pages pages) {
        if (chain.size() == pages.size()) {
            return;
        }
        chain = new Chain(pages.size());
        for (int frame : inherited) {
            if (frame < pages.size() && pages.candidate(frame)) {
                chain.add(frame, Chain.INACTIVE);
            }
        }
        inherited = new int[0];
    }

    /** Finds pages that have come. @return how many */
    private int discover(Pages pages, int looks) {
        int found = 0;
        for (int i = 0; i < looks; i++) {
            hand = hand + 1 < pages.size() ? hand + 1 : 0;
            if (chain.list(hand) == Chain.NOWHERE && pages.candidate(hand)) {
                chain.add(hand, Chain.INACTIVE);
                found++;
            }
        }
        return found;
    }

    private void balance(Pages pages) {
        for (int i = 0; i < BATCH && chain.count(Chain.ACTIVE) > chain.count(Chain.INACTIVE); i++) {
            int frame = chain.oldest(Chain.ACTIVE);
            if (!pages.candidate(frame)) {
                chain.remove(frame);
            } else if (pages.used(frame)) {
                chain.add(frame, Chain.ACTIVE);
            } else {
                chain.add(frame, Chain.INACTIVE);
            }
        }
    }

    @Override
    public ReplacementState release() {
        int inactive = chain.count(Chain.INACTIVE);
        int[] order = new int[inactive + chain.count(Chain.ACTIVE)];
        int n = 0;
        for (int frame = chain.oldest(Chain.INACTIVE); frame >= 0; frame = chain.younger(frame)) {
            order[n++] = frame;
        }
        for (int frame = chain.oldest(Chain.ACTIVE); frame >= 0; frame = chain.younger(frame)) {
            order[n++] = frame;
        }
        return new ReplacementState(chain.size() == 0 ? inherited : order);
    }

    @Override
    public void adopt(ReplacementState state) throws StateRejected {
        for (int frame : state.order()) {
            if (frame < 0) {
                throw new StateRejected("frame " + frame);
            }
        }
        inherited = state.order().clone();
        chain = new Chain(0);
    }
}
