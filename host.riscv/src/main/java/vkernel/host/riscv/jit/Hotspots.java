package vkernel.host.riscv.jit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/**
 * Where harts are that are not in regions, by guest address: for {@code eng:profile}. A hart has one only while somebody
 * profiles. Written by harts, read when they have stopped writing.
 */
final class Hotspots {
    /** Lines of each table. */
    private static final int LINES = 20;

    /** What happened at an address. */
    private static final class Place {
        /** Instructions that the interpreter executed from here on, and how often it began here. */
        long interpreted;

        long stretches;
        /** Times that the dispatcher entered the region here. */
        long entered;
        /** Times that a region left the instruction here to the interpreter. */
        long left;
        /** Times that a jump through a register here led out of its region. */
        long jumped;
        /** Why nothing was entered, the last time. */
        String region = "";
    }

    private final Map<Long, Place> places = new ConcurrentHashMap<>();

    private Place at(long va) {
        return places.computeIfAbsent(va, a -> new Place());
    }

    void interpreted(long va, long instructions, String region) {
        Place place = at(va);
        place.interpreted += instructions;
        place.stretches++;
        place.region = region;
    }

    void entered(long va) {
        at(va).entered++;
    }

    void left(long va) {
        at(va).left++;
    }

    void jumped(long va) {
        at(va).jumped++;
    }

    /** The tables, hottest first. */
    String text() {
        return String.join(
                "\n",
                table("interpreted from", "instructions", p -> p.interpreted, true),
                table("entered by the dispatcher", "times", p -> p.entered, false),
                table("left to the interpreter", "times", p -> p.left, false),
                table("jumped out through a register", "times", p -> p.jumped, false));
    }

    private String table(String title, String unit, ToLongFunction<Place> figure, boolean stretches) {
        long all = places.values().stream().mapToLong(figure).sum();
        List<String> lines = new ArrayList<>();
        lines.add(String.format("%-30s %14d %s", title, all, unit));
        places.entrySet().stream()
                .filter(e -> figure.applyAsLong(e.getValue()) > 0)
                .sorted(Comparator.comparingLong(e -> -figure.applyAsLong(e.getValue())))
                .limit(LINES)
                .forEach(e -> {
                    Place p = e.getValue();
                    long n = figure.applyAsLong(p);
                    String more = stretches ? String.format("%10d times, %s", p.stretches, p.region) : "";
                    lines.add(String.format("  %16x %4d%% %20d %s", e.getKey(), 100 * n / all, n, more));
                });
        return String.join("\n", lines);
    }
}
