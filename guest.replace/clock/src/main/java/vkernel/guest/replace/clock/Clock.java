package vkernel.guest.replace.clock;

import java.util.Arrays;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;
import vkernel.vm.Replacement;
import vkernel.vm.ReplacementState;

/** A hand goes round over all frames: a page that was used since it came by last is spared once. */
@Component(service = Replacement.class, immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "replacement", attribute = "policy=clock")
public final class Clock implements Replacement, Swappable<ReplacementState> {
    /** Soft: the frame looked at last. */
    private int hand = -1;
    /** Soft: what a predecessor would have taken first, and how far that has been done. */
    private int[] inherited = {};

    private int taken;

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public int victim(Pages pages) {
        while (taken < inherited.length) {
            int frame = inherited[taken++];
            if (frame < pages.size() && pages.candidate(frame) && !pages.used(frame)) {
                return frame;
            }
        }
        // after one round nothing is marked as used but what was used meanwhile
        for (int i = 0; i <= 2 * pages.size(); i++) {
            hand = hand + 1 < pages.size() ? hand + 1 : 0;
            if (pages.candidate(hand) && !pages.used(hand)) {
                return hand;
            }
        }
        return any(pages);
    }

    private int any(Pages pages) {
        for (int i = 0; i < pages.size(); i++) {
            hand = hand + 1 < pages.size() ? hand + 1 : 0;
            if (pages.candidate(hand)) {
                return hand;
            }
        }
        return -1;
    }

    /** A clock knows what comes next under its hand, and nothing of who was used when. */
    @Override
    public ReplacementState release() {
        return new ReplacementState(Arrays.copyOfRange(inherited, taken, inherited.length));
    }

    @Override
    public void adopt(ReplacementState state) throws StateRejected {
        for (int frame : state.order()) {
            if (frame < 0) {
                throw new StateRejected("frame " + frame);
            }
        }
        inherited = state.order().clone();
        taken = 0;
    }
}
