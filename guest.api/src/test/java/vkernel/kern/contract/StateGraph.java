package vkernel.kern.contract;

import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import vkernel.kern.Slot;

/**
 * Everything that can be reached from a state. Slots are not gone through: what is in them changes with the provider.
 * Collections of the JDK are asked for their elements, objects of the two APIs for their fields; any other class is a
 * provider's, or would keep one in memory (a lambda), and is foreign.
 */
public final class StateGraph {
    private static final Set<String> APIS = Set.of(
            "vkernel.kern",
            "vkernel.task",
            "vkernel.vm",
            "vkernel.fs",
            "vkernel.ipc",
            "vkernel.dev",
            "vkernel.abi",
            "vkernel.sched",
            "vkernel.net",
            "vkernel.host",
            "vkernel.host.engine");

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> todo = new ArrayDeque<>();
    private final Set<String> foreign = new TreeSet<>();

    private StateGraph() {}

    /** Names of classes that must not be in a state and are. */
    public static Set<String> foreign(Object state) {
        StateGraph graph = new StateGraph();
        graph.add(state);
        while (!graph.todo.isEmpty()) {
            graph.visit(graph.todo.pop());
        }
        return graph.foreign;
    }

    private void add(Object value) {
        if (value != null && seen.add(value)) {
            todo.add(value);
        }
    }

    private void visit(Object at) {
        Class<?> type = at.getClass();
        switch (at) {
            case Slot<?> slot -> {}
            case Enum<?> constant -> {}
            case Object[] array -> {
                for (Object element : array) {
                    add(element);
                }
            }
            case Map<?, ?> map -> {
                map.keySet().forEach(this::add);
                map.values().forEach(this::add);
            }
            case Iterable<?> all -> all.forEach(this::add);
            case Reference<?> reference -> add(reference.get());
            default -> {
                if (APIS.contains(type.getPackageName())) {
                    fields(at, type);
                } else if (!jdk(type)) {
                    foreign.add(type.getName());
                }
            }
        }
    }

    private static boolean jdk(Class<?> type) {
        return type.isArray() || type.getName().startsWith("java.") && !type.isHidden();
    }

    private void fields(Object at, Class<?> type) {
        for (Field field : type.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) || field.getType().isPrimitive()) {
                continue;
            }
            field.setAccessible(true);
            try {
                add(field.get(at));
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }
    }
}
