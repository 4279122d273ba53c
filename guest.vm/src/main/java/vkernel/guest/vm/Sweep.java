package vkernel.guest.vm;

import vkernel.vm.Replacement;

/** What guest.vm makes do with while there is no policy: frame after frame, round and round. */
final class Sweep implements Replacement {
    /** Soft. */
    private int hand;

    @Override
    public String name() {
        return "sweep";
    }

    @Override
    public int victim(Pages pages) {
        for (int i = 0; i < pages.size(); i++) {
            hand = hand + 1 < pages.size() ? hand + 1 : 0;
            if (pages.candidate(hand)) {
                return hand;
            }
        }
        return -1;
    }
}
