package vkernel.kern;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a check of a {@link HardState} has found: at most {@link #MOST}. */
public final class Faults {
    /** More would say nothing new. */
    public static final int MOST = 10;

    private final List<String> found = new ArrayList<>();

    /** Notes a fault unless something holds. @param what format of {@link String#formatted} */
    public Faults expect(boolean holds, String what, Object... values) {
        if (!holds && found.size() < MOST) {
            found.add(what.formatted(values));
        }
        return this;
    }

    /** Notes it when a collection is missing or holds null. */
    public Faults all(String name, @Nullable Collection<?> values) {
        if (values == null) {
            return expect(false, "%s is missing", name);
        }
        for (Object value : values) {
            if (value == null) {
                return expect(false, "null among %s", name);
            }
        }
        return this;
    }

    /** Notes it when a map is missing or holds null. */
    public Faults all(String name, @Nullable Map<?, ?> values) {
        if (values == null) {
            return expect(false, "%s is missing", name);
        }
        return all(name, values.keySet()).all(name, values.values());
    }

    /** Whether there is none so far. */
    public boolean none() {
        return found.isEmpty();
    }

    public List<String> list() {
        return List.copyOf(found);
    }
}
