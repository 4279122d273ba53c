package vkernel.live;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Ten messages in five seconds are logged, the rest counted (Linux: printk_ratelimit). One thread's. */
final class Ratelimit {
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(5);
    private static final int BURST = 10;

    private long begin = System.nanoTime() - WINDOW;
    private int passed;
    private int held;

    /** @return empty to be silent; else what is to be added: how many have not been logged before this one */
    Optional<String> pass() {
        return pass(System.nanoTime());
    }

    Optional<String> pass(long now) {
        if (now - begin >= WINDOW) {
            begin = now;
            passed = 0;
        }
        if (passed == BURST) {
            held++;
            return Optional.empty();
        }
        passed++;
        String more = held == 0 ? "" : " (" + held + " more not logged)";
        held = 0;
        return Optional.of(more);
    }
}
