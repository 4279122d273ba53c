package vkernel.guest.kern;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private static final long SECOND = 1_000_000_000L;

    private final Failures failures = new Failures(new LinkedHashMap<>());
    private final Provider provider = Provider.builtIn(new Fifo());

    @Test
    void eachFailureIsFollowedByALongerPauseAndTheLastByQuarantine() {
        assertThat(failures.refusal(provider, 0)).isNull();
        failures.note(provider, 0);
        assertThat(failures.refusal(provider, SECOND / 2)).contains("tried again in 1 s");
        assertThat(failures.refusal(provider, SECOND)).isNull();
        failures.note(provider, SECOND);
        assertThat(failures.refusal(provider, 4 * SECOND)).contains("tried again in 1 s");
        assertThat(failures.refusal(provider, 5 * SECOND)).isNull();
        assertThat(failures.quarantined()).isEmpty();
        failures.note(provider, 5 * SECOND);
        assertThat(failures.refusal(provider, Long.MAX_VALUE)).contains("quarantine");
        assertThat(failures.quarantined()).containsExactly(provider.name());
    }

    @Test
    void whoIsAskedForByNameGetsAnotherChance() {
        for (int i = 0; i < Failures.MOST; i++) {
            failures.note(provider, 0);
        }
        failures.pardon(provider);
        assertThat(failures.refusal(provider, 0)).isNull();
    }
}
