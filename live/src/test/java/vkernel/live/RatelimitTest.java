package vkernel.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RatelimitTest {
    @Test
    void tenPassThenTheRestAreCountedUntilTheWindowEnds() {
        Ratelimit limit = new Ratelimit();
        long now = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        for (int i = 0; i < 10; i++) {
            assertThat(limit.pass(now + i)).contains("");
        }
        assertThat(limit.pass(now + 11)).isEmpty();
        assertThat(limit.pass(now + 12)).isEmpty();
        assertThat(limit.pass(now + TimeUnit.SECONDS.toNanos(5))).contains(" (2 more not logged)");
        assertThat(limit.pass(now + TimeUnit.SECONDS.toNanos(5))).contains("");
    }
}
