package vkernel.host;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import vkernel.host.Exchange.Kind;

/**
 * What a machine runs on was exchanged: how often, who is so new that bugs are blamed on them, whom to fetch then, and
 * which engines are not trusted any more. Any thread.
 */
final class Exchanges {
    /** Exchanges that are remembered. */
    private static final int MOST = 600;
    /** How long who is new is on probation, nanoseconds. */
    private static final long PROBATION = 30_000_000_000L;

    private final Deque<Exchange> last = new ArrayDeque<>(); // guarded by itself
    private final Set<String> distrusted = ConcurrentHashMap.newKeySet(); // names of engines that have failed
    private volatile @Nullable Trial trial; // of who came last
    private volatile @Nullable Runnable rescue; // brings the machine before, whose bundle has other content by now
    private volatile @Nullable Runnable rescuer; // that of the machine in use

    /** Who is on probation, and until when by {@link System#nanoTime}. */
    private record Trial(String subsystem, long until) {}

    /** With the machine's user standing still. */
    void note(Exchange done) {
        if (done.kind() == Kind.DONE) {
            boolean machine = done.subsystem().equals("host") && !done.to().isEmpty();
            if (machine) {
                rescuer = done.from().isEmpty() ? rescue : null;
                rescue = null;
            }
            boolean wayBack = !done.to().isEmpty() && (!done.from().isEmpty() || machine && rescuer != null);
            if (wayBack) trial = new Trial(done.subsystem(), System.nanoTime() + PROBATION);
            else if (done.subsystem().equals("host")) trial = null;
        } else if (done.kind() == Kind.TAKEN_BACK && done.subsystem().equals("engine")) {
            distrusted.add(done.from());
        }
        synchronized (last) {
            if (last.size() == MOST) last.removeFirst();
            last.add(done);
        }
    }

    /** The last ones, the oldest first. */
    List<Exchange> all() {
        synchronized (last) {
            return List.copyOf(last);
        }
    }

    /** Names of the engine in use and of that before, as far as engines were exchanged. */
    List<String> lastEngines() {
        return all().stream()
                .filter(done -> done.kind() != Kind.REFUSED && done.kind() != Kind.REHEARSED)
                .filter(done -> done.subsystem().equals("engine"))
                .reduce((first, second) -> second)
                .map(done -> List.of(done.from(), done.to()))
                .orElse(List.of());
    }

    /** {@code host} or {@code engine}, whichever came last and is so new that a bug is blamed on it; empty for neither. */
    String onProbation() {
        Trial now = trial;
        return now != null && System.nanoTime() - now.until < 0 ? now.subsystem : "";
    }

    /** Who came last is blamed for nothing any more. */
    void endProbation() {
        trial = null;
    }

    /** See {@link HostSlot#rescue}. */
    void rescue(Runnable before) {
        rescue = before;
    }

    /** There is nobody to be fetched any more. */
    void noRescue() {
        rescue = null;
        rescuer = null;
    }

    /** Fetches the machine before the one in use, if that is gone but can be had; null when it cannot. */
    @Nullable
    Runnable rescuer() {
        return rescuer;
    }

    boolean distrusted(String engine) {
        return distrusted.contains(engine);
    }

    void trust(String engine) {
        distrusted.remove(engine);
    }
}
