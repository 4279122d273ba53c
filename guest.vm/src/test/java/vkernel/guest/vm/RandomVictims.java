package vkernel.guest.vm;

import java.util.Random;
import vkernel.vm.Replacement;

/** Names pages at random. */
final class RandomVictims implements Replacement {
    private final Random random;

    RandomVictims(long seed) {
        random = new Random(seed);
    }

    @Override
    public String name() {
        return "random";
    }

    @Override
    public int victim(Pages pages) {
        int first = random.nextInt(pages.size());
        for (int i = 0; i < pages.size(); i++) {
            int frame = (first + i) % pages.size();
            if (pages.candidate(frame) && !(random.nextBoolean() && pages.used(frame))) {
                return frame;
            }
        }
        return -1;
    }
}
