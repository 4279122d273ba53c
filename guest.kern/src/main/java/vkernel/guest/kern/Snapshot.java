package vkernel.guest.kern;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the collections of a state held before a successor got it, so that one that rejects it badly does no harm.
 * Shallow: it costs by the number of mounts, terminals, address spaces, …, never by the size of memory.
 */
final class Snapshot {
    /** The accessors of a record's components; of the JDK's own classes, so they hold no kernel in memory. */
    private static final ClassValue<List<Method>> ACCESSORS = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
            return Stream.of(type.getRecordComponents())
                    .map(RecordComponent::getAccessor)
                    .toList();
        }
    };

    private final Map<Collection<Object>, List<Object>> collections = new IdentityHashMap<>();
    private final Map<Map<Object, Object>, Map<Object, Object>> maps = new IdentityHashMap<>();
    private final List<@Nullable Object> fields;

    @SuppressWarnings("unchecked")
    Snapshot(Record state) {
        fields = fields(state);
        for (Object value : fields) {
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

    /** Names of what another record has otherwise: what a provider that was only handed the state has changed. */
    List<String> changed(Record now) {
        List<String> changed = new ArrayList<>();
        RecordComponent[] components = now.getClass().getRecordComponents();
        List<@Nullable Object> after = fields(now);
        for (int i = 0; i < after.size(); i++) {
            if (after.size() != fields.size() || !same(fields.get(i), after.get(i))) {
                changed.add(components[i].getName());
            }
        }
        return changed;
    }

    private boolean same(@Nullable Object before, @Nullable Object after) {
        return switch (after) {
            case Collection<?> values
            when before instanceof Collection<?> -> new ArrayList<>(values).equals(collections.get(before));
            case Map<?, ?> map when before instanceof Map<?, ?> -> map.equals(maps.get(before));
            case null, default -> Objects.deepEquals(before, after);
        };
    }

    /** The values of a record's components, in their order. */
    static List<@Nullable Object> fields(Record state) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Method accessor : ACCESSORS.get(state.getClass())) {
            try {
                values.add(accessor.invoke(state));
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException("cannot read " + accessor, e);
            }
        }
        return values;
    }
}
