package vkernel.host.riscv.jit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Regions that HotSpot is yet to compile. Until then the JVM interprets them, at ten times the price of our own
 * interpreter, so no hart enters them: the translator's thread calls them with nothing left to retire, which makes
 * HotSpot take them up, and tells by the time of a call when it has. The translator's thread only.
 */
final class Fledglings {
    /** Regions that wait at the same time: the others wait where the hottest of them is chosen. */
    private static final int MOST = 16;
    /** Calls that are timed together, and how often that is done for the fastest: a thread may be held up. */
    private static final int CALLS = 4;

    private static final int LOOKS = 3;
    /** Looks that make HotSpot take a method up: more calls than its threshold after scaling. */
    private static final int FIRST_LOOKS = 10;
    /** A call of compiled code takes less than this part of the time. */
    private static final int FASTER = 2;

    private static final long FIRST_LOOK = TimeUnit.MILLISECONDS.toNanos(2);
    /** A JVM that does not compile does not keep regions waiting for longer. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

    /** One that waits. */
    private static final class Fledgling {
        final Spot.Entry entry;
        final Region region;
        /** Time of a call before it was compiled. */
        final long interpreted;

        final long since = System.nanoTime();
        /** Age at which to look again: each look is a call, which HotSpot counts. */
        long look = FIRST_LOOK;

        Fledgling(Spot.Entry entry, Region region, long interpreted) {
            this.entry = entry;
            this.region = region;
            this.interpreted = interpreted;
        }
    }

    private final List<Fledgling> all = new ArrayList<>();
    /** A dispatcher that may retire nothing: every region comes back at once. */
    private final Dispatcher idle;

    Fledglings(Dispatcher idle) {
        this.idle = idle;
    }

    boolean full() {
        return all.size() >= MOST;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    void add(Spot.Entry entry, Region region) {
        long interpreted = fastest(region, LOOKS);
        fastest(region, FIRST_LOOKS);
        all.add(new Fledgling(entry, region, interpreted));
    }

    /** Hands over and forgets those that are compiled. */
    void flown(BiConsumer<Spot.Entry, Region> taker) {
        all.removeIf(f -> {
            if (!compiled(f)) return false;
            taker.accept(f.entry, f.region);
            return true;
        });
    }

    private boolean compiled(Fledgling f) {
        long age = System.nanoTime() - f.since;
        if (age < f.look) return false;
        f.look = age + age / 4;
        long now = fastest(f.region, LOOKS);
        return now * FASTER < f.interpreted || age > PATIENCE;
    }

    private long fastest(Region region, int looks) {
        long fastest = Long.MAX_VALUE;
        for (int look = 0; look < looks; look++) {
            long start = System.nanoTime();
            for (int i = 0; i < CALLS; i++) region.code().run(idle, idle.hart.regs, 0);
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return fastest;
    }
}
