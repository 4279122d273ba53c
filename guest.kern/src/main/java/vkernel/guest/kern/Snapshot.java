package vkernel.guest.kern;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the collections of a state held before a successor got it, so that one that rejects it badly does no harm.
 * Shallow: it costs by the number of mounts, terminals, address spaces, …, never by the size of memory.
 */
final class Snapshot {
    private final Map<Collection<Object>, List<Object>> collections = new IdentityHashMap<>();
    private final Map<Map<Object, Object>, Map<Object, Object>> maps = new IdentityHashMap<>();

    @SuppressWarnings("unchecked")
    Snapshot(Record state) {
        for (Object value : fields(state)) {
            switch (value) {
                case Collection<?> values -> collections.put((Collection<Object>) values, new ArrayList<>(values));
                case Map<?, ?> map -> maps.put((Map<Object, Object>) map, new LinkedHashMap<>(map));
                case null, default -> {
                    // plain data of guest.api, or a value that cannot change
                }
            }
        }
    }

    /** Puts everything back as it was. */
    void restore() {
        collections.forEach((now, before) -> {
            if (!new ArrayList<>(now).equals(before)) {
                now.clear();
                now.addAll(before);
            }
        });
        maps.forEach((now, before) -> {
            if (!now.equals(before)) {
                now.clear();
                now.putAll(before);
            }
        });
    }

    /** The values of a record's components, in their order. */
    static List<@Nullable Object> fields(Record state) {
        List<@Nullable Object> values = new ArrayList<>();
        for (RecordComponent component : state.getClass().getRecordComponents()) {
            try {
                values.add(component.getAccessor().invoke(state));
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException("cannot read " + component, e);
            }
        }
        return values;
    }
}
