package vkernel.guest.kern;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import vkernel.kern.Tenure;

/**
 * One replaceable subsystem: the slots that its provider fills, who that is, and who could. Plain data, guarded by the
 * kernel lock; what happens to it is decided by {@link Swapping} and {@link Vacancies}.
 */
final class Place {
    static final String SCHED = "sched";

    /** Names of its slots: all those of its first provider. */
    final Set<String> slots;
    /** Everybody registered who could, the oldest first. */
    final List<Provider> candidates = new ArrayList<>();

    final Failures failures;

    /** Written by {@link #seat}. */
    @Nullable
    Provider now;
    /** Who was here before and is still registered: the way back. Written by {@link #wayBack}. */
    @Nullable
    Provider before;
    /** What the last provider gave up, while there is none. */
    @Nullable
    Record kept;
    /** What the provider of now adopted, and what was in it: for when it damages it. Null once it is trusted. */
    @Nullable
    Record given;

    @Nullable
    Snapshot snapshot;
    /** What is to be known of it when the kernel's code is another. */
    final Tenure tenure;

    private final List<WeakReference<ClassLoader>> former = new ArrayList<>();

    Place(Set<String> slots, Tenure tenure) {
        this.slots = new TreeSet<>(slots);
        this.tenure = tenure;
        failures = new Failures(tenure.failures);
    }

    void seat(@Nullable Provider next) {
        now = next;
        tenure.now = next == null ? "" : next.identity();
    }

    void wayBack(@Nullable Provider former) {
        before = former;
        tenure.before = former == null ? "" : former.identity();
    }

    String name() {
        return String.join("+", slots);
    }

    boolean sched() {
        return slots.contains(SCHED);
    }

    boolean onProbation(long time) {
        return now != null && time < tenure.probationUntil;
    }

    /** Whether the provider of now has passed its probation; the watchdog asks, too. */
    boolean trusted() {
        Provider here = now;
        return here == null || tenure.trusted.contains(here.identity());
    }

    void trust() {
        if (now != null) {
            tenure.trusted.add(now.identity());
        }
        given = null;
        snapshot = null;
    }

    /** Somebody is not registered any more: its classes should go when nobody holds them. */
    void remember(Provider gone) {
        former.add(gone.loader());
    }

    /** How many former providers' classes are still in memory, and are not of somebody who is here. */
    int held() {
        former.removeIf(loader -> loader.get() == null);
        return (int) former.stream()
                .filter(loader -> candidates.stream()
                        .noneMatch(here -> here.service().getClass().getClassLoader() == loader.get()))
                .count();
    }
}
