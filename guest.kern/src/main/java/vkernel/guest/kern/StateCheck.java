package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import vkernel.host.Host;
import vkernel.kern.HardState;
import vkernel.kern.Kernel;

/**
 * What is looked at whenever a state is handed over: its structure, and that no class of a provider is in its own fields
 * and in the first elements of its collections. Tests look at the whole graph (guest.api's StateGraph).
 */
final class StateCheck {
    /** Elements of a collection that are looked at. */
    private static final int ELEMENTS = 32;

    /** Loaders whose classes may be in a state, beside the JDK's: those of the two APIs. */
    private static final Set<ClassLoader> APIS =
            Set.copyOf(List.of(Kernel.class.getClassLoader(), Host.class.getClassLoader()));

    private StateCheck() {}

    /** What is wrong with a state; empty when nothing is. @param deep looks at all of it */
    static List<String> faults(@Nullable Record state, boolean deep) {
        if (state == null) {
            return List.of("it is null");
        }
        try {
            return look(state, deep);
        } catch (RuntimeException | Error e) {
            return List.of("it cannot even be looked at: " + Flip.words(e));
        }
    }

    private static List<String> look(Record state, boolean deep) {
        List<String> faults = new ArrayList<>();
        foreign(state, faults);
        for (Object value : Snapshot.fields(state)) {
            switch (value) {
                case null -> {}
                case Collection<?> values -> values.stream().limit(ELEMENTS).forEach(each -> foreign(each, faults));
                case Map<?, ?> map -> {
                    map.keySet().stream().limit(ELEMENTS).forEach(each -> foreign(each, faults));
                    map.values().stream().limit(ELEMENTS).forEach(each -> foreign(each, faults));
                }
                default -> {}
            }
            foreign(value, faults);
        }
        if (faults.isEmpty() && state instanceof HardState hard) {
            faults.addAll(deep ? hard.allFaults() : hard.faults());
        }
        return faults;
    }

    private static void foreign(@Nullable Object value, List<String> faults) {
        if (value == null) {
            return;
        }
        ClassLoader loader = value.getClass().getClassLoader();
        boolean ours = loader == null
                || loader == ClassLoader.getPlatformClassLoader()
                || APIS.contains(loader)
                || value.getClass().getModule().getName() != null;
        if (!ours && faults.size() < ELEMENTS) {
            faults.add("an object of " + value.getClass().getName() + ", a class of a provider, is in it");
        }
    }
}
