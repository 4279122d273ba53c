package vkernel.host.riscv.jit;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What running a program taught about places of its code, by virtual address: for the next translation of them. A hint
 * that is of another program does no harm. Any thread.
 */
final class Hints {
    /** Most targets of one jump that are remembered. */
    private static final int MOST_TARGETS = 128;
    /** Most places; beyond, all is forgotten. */
    private static final int MOST_PLACES = 100_000;

    private final Set<Long> straddles = ConcurrentHashMap.newKeySet();
    private final Set<Long> alone = ConcurrentHashMap.newKeySet();
    private final Map<Long, Long> ints = new ConcurrentHashMap<>();
    private final Map<Long, Set<Long>> targets = new ConcurrentHashMap<>();

    /** What is checked at a place often reaches into the next page. @return whether that is new */
    boolean straddled(long va) {
        if (straddles.size() > MOST_PLACES) straddles.clear();
        return straddles.add(va);
    }

    boolean straddles(long va) {
        return straddles.contains(va);
    }

    /** A check of several accesses at once fails often: each is to be checked by itself. @return whether that is new */
    boolean checkAlone(long va) {
        if (alone.size() > MOST_PLACES) alone.clear();
        return alone.add(va);
    }

    boolean alone(long va) {
        return alone.contains(va);
    }

    /** What registers held sign-extended 32-bit values where a region begins. */
    void ints(long va, long set) {
        if (ints.size() > MOST_PLACES) ints.clear();
        ints.merge(va, set, (a, b) -> a & b);
    }

    /** Those that always did; none if nobody looked. */
    long ints(long va) {
        return ints.getOrDefault(va, 0L);
    }

    /** A jump to a register's value led somewhere. @return whether that is new */
    boolean jumped(long va, long target) {
        if (targets.size() > MOST_PLACES) targets.clear();
        Set<Long> known = targets.computeIfAbsent(va, a -> ConcurrentHashMap.newKeySet());
        return known.size() < MOST_TARGETS && known.add(target);
    }

    Set<Long> targets(long va) {
        return targets.getOrDefault(va, Set.of());
    }
}
