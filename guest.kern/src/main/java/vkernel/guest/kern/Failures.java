package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.kern.Tenure.Failure;

/**
 * Who has failed how often: after each failure a provider is left alone for longer, and after the third for good, until
 * its bundle is another one. Guarded by the kernel lock.
 */
final class Failures {
    /** So many, and it is in quarantine. */
    static final int MOST = 3;
    /** How long it is left alone after the first failure, nanoseconds; four times as long after each further one. */
    static final long FIRST_PAUSE = 1_000_000_000L;

    private final Map<String, Failure> records;

    /** @param records by identity; theirs who have the kernel's state */
    Failures(Map<String, Failure> records) {
        this.records = records;
    }

    void note(Provider provider, long now) {
        Failure record = records.computeIfAbsent(provider.identity(), identity -> new Failure());
        record.name = provider.name();
        record.until = now + (FIRST_PAUSE << 2 * Math.min(record.times, MOST));
        record.times++;
    }

    /** Why a provider is not to be tried now; null when it may be. */
    @Nullable
    String refusal(Provider provider, long now) {
        Failure record = records.get(provider.identity());
        if (record == null) {
            return null;
        }
        if (record.times >= MOST) {
            return "it is in quarantine: it has failed " + record.times + " times";
        }
        return now < record.until ? "it has failed and is tried again in " + seconds(record.until - now) + " s" : null;
    }

    private static long seconds(long nanos) {
        return (nanos + 999_999_999) / 1_000_000_000;
    }

    /** Names of those that are not tried any more. */
    List<String> quarantined() {
        List<String> names = new ArrayList<>();
        for (Failure record : records.values()) {
            if (record.times >= MOST) {
                names.add(record.name);
            }
        }
        return names;
    }

    /** Somebody has asked for it by name: it gets another chance. */
    void pardon(Provider provider) {
        records.remove(provider.identity());
    }
}
