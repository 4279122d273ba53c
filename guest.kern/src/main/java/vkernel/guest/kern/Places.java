package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import vkernel.kern.Swaps.Condition;
import vkernel.kern.Swaps.Standing;
import vkernel.kern.Tenure;
import vkernel.sched.SchedPolicy;

/**
 * Every subsystem that can be replaced, by the names of its slots, and who is there. Guarded by the kernel lock unless said.
 * What happens to them is decided by {@link Swapping} and {@link Vacancies}.
 */
final class Places {
    private final EventKernel kernel;
    private final Map<String, Place> bySlot = new TreeMap<>();
    /** Read by the watchdog without the lock. */
    private final List<Place> places = new CopyOnWriteArrayList<>();
    /** How often somebody else was put anywhere. */
    private int exchanges;

    Places(EventKernel kernel) {
        this.kernel = kernel;
        place(Set.of(Place.SCHED));
    }

    Collection<Place> all() {
        return places;
    }

    /** By the name of a slot, or of all its slots with {@code +} between. */
    @Nullable
    Place place(String name) {
        Place place = bySlot.get(name.split("\\+", 2)[0]);
        return place != null && (place.slots.contains(name) || place.name().equals(name)) ? place : null;
    }

    /** Whether who serves in a slot has passed its probation. */
    boolean trusted(String slot) {
        Place place = bySlot.get(slot);
        return place != null && place.trusted();
    }

    private Place place(Set<String> slots) {
        Map<String, Tenure> tenures = kernel.state.tenures();
        Tenure tenure = slots.stream()
                .map(tenures::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(Tenure::new);
        Place place = new Place(slots, tenure);
        places.add(place);
        slots.forEach(slot -> known(slot, place));
        return place;
    }

    private void known(String slot, Place place) {
        bySlot.put(slot, place);
        kernel.state.tenures().put(slot, place.tenure);
    }

    /** The place that a provider is for; null when its slots are of several providers, or of one with more. */
    @Nullable
    Place of(Provider provider) {
        Set<Place> found = new HashSet<>();
        provider.slots().forEach(slot -> {
            Place known = bySlot.get(slot);
            if (known != null) {
                found.add(known);
            }
        });
        if (found.isEmpty()) {
            return place(provider.slots());
        }
        Place place = found.iterator().next();
        if (found.size() > 1 || !provider.slots().containsAll(place.slots)) {
            return null;
        }
        place.slots.addAll(provider.slots());
        provider.slots().forEach(slot -> known(slot, place));
        return place;
    }

    /** The scheduler's. */
    Place sched() {
        return bySlot.get(Place.SCHED);
    }

    /** Names of the policies that there are. */
    List<String> policies() {
        return sched().candidates.stream()
                .map(Provider::policy)
                .distinct()
                .sorted()
                .toList();
    }

    /** Who is in a place other than the scheduler's, whoever put them there. */
    @Nullable
    Object occupant(Place place) {
        return place.sched()
                ? null
                : kernel.slots.occupant(place.slots.iterator().next());
    }

    /** Everybody who is in such a place. */
    Set<Object> serving() {
        Set<Object> serving = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Place place : places) {
            Object occupant = occupant(place);
            if (occupant != null) {
                serving.add(occupant);
            }
        }
        return serving;
    }

    /** Puts a provider into the slots of a place, or nobody. @return why it cannot be; null when it is */
    @Nullable
    String seat(Place place, @Nullable Provider provider) {
        exchanges++;
        if (place.sched()) {
            return kernel.dispatcher.hand(provider == null ? null : (SchedPolicy) provider.service());
        }
        try {
            kernel.slots.fill(place.slots, provider == null ? null : provider.service());
            return null;
        } catch (RuntimeException | Error e) {
            kernel.containment.caught();
            return "it cannot be put in place: " + Flip.words(e);
        }
    }

    int exchanges() {
        return exchanges;
    }

    /** What a place has kept is the kernel's state. */
    void keep(Place place) {
        if (place.kept == null) {
            kernel.state.kept().remove(place.name());
        } else {
            kernel.state.kept().put(place.name(), place.kept);
        }
    }

    /** Whether a class is one of a provider's that serves. */
    boolean provides(String className) {
        return places.stream().anyMatch(place -> place.now != null && place.now.owns(className));
    }

    /** Every place that somebody is or was in. */
    List<Standing> standings() {
        List<Standing> all = new ArrayList<>();
        for (Place place : places) {
            if (place.tenure.used || place.now != null || !place.candidates.isEmpty()) {
                all.add(standing(place));
            }
        }
        all.sort(Comparator.comparing(Standing::subsystem));
        return all;
    }

    private Standing standing(Place place) {
        boolean missing = place.now == null || place.now.bundle() == null;
        Condition condition = missing
                ? Condition.MISSING
                : place.before != null && place.onProbation(kernel.now()) ? Condition.ON_PROBATION : Condition.FINE;
        return new Standing(
                place.name(),
                name(place.now),
                name(place.before),
                condition,
                missing ? place.tenure.why : "",
                place.tenure.oopses,
                place.failures.quarantined(),
                place.held());
    }

    /** What a provider is called; empty for nobody. */
    static String name(@Nullable Provider provider) {
        return provider == null ? "" : provider.name();
    }
}
