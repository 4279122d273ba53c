package vkernel.boot.compose;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts that a list of capabilities comes to.
 *
 * @param parts by name
 * @param because for each part who wants it, and what of it
 */
public record Resolution(List<Part> parts, Map<Part, List<Because>> because) {
    public long bytes() {
        return parts.stream().mapToLong(Part::bytes).sum();
    }

    public double millis() {
        return parts.stream().mapToDouble(Part::millis).sum();
    }

    public boolean contains(Part part) {
        return parts.contains(part);
    }

    /** The shortest way from the user's list to a part: who wants what, from the user on; empty when it is not there. */
    public List<Because> chain(Part part) {
        Map<String, Because> first = new LinkedHashMap<>();
        Map<String, String> reached = new LinkedHashMap<>();
        Deque<String> queue = new ArrayDeque<>(List.of(Because.USER));
        while (!queue.isEmpty()) {
            String who = queue.remove();
            because.forEach((each, reasons) -> reasons.stream()
                    .filter(reason -> reason.who().equals(who) && !first.containsKey(each.name()))
                    .findFirst()
                    .ifPresent(reason -> {
                        first.put(each.name(), reason);
                        reached.put(each.name(), who);
                        queue.add(each.name());
                    }));
        }
        Deque<Because> chain = new ArrayDeque<>();
        String at = part.name();
        while (first.containsKey(at)) {
            chain.addFirst(first.get(at));
            at = reached.get(at);
        }
        return List.copyOf(chain);
    }
}
