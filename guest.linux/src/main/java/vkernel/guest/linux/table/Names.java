package vkernel.guest.linux.table;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Numbers and names of all calls of riscv64 Linux 6.12 (syscalls.txt, from include/uapi/asm-generic/unistd.h). */
public final class Names {
    private static final SortedMap<Integer, String> ALL = read();
    private static final Map<String, Integer> NUMBERS = numbers();

    /** Every call by number. */
    public static SortedMap<Integer, String> all() {
        return ALL;
    }

    /** The number of a call. @throws IllegalArgumentException when Linux has none of that name */
    public static int number(String name) {
        Integer number = NUMBERS.get(name);
        if (number == null) {
            throw new IllegalArgumentException("no system call is called " + name);
        }
        return number;
    }

    /** Why calls that nobody here does are not done, by number (missing.txt). */
    static Map<Integer, String> missing() {
        Map<Integer, String> reasons = new TreeMap<>();
        for (String line : lines("missing.txt")) {
            int colon = line.indexOf(": ");
            for (String name : line.substring(colon + 2).split(" ")) {
                reasons.put(number(name), line.substring(0, colon));
            }
        }
        return reasons;
    }

    private static SortedMap<Integer, String> read() {
        SortedMap<Integer, String> names = new TreeMap<>();
        lines("syscalls.txt").forEach(line -> add(names, line));
        return Collections.unmodifiableSortedMap(names);
    }

    private static Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new HashMap<>();
        ALL.forEach((number, name) -> numbers.put(name, number));
        return numbers;
    }

    /** A resource's lines, without comments. */
    private static List<String> lines(String resource) {
        try (var lines = new BufferedReader(
                new InputStreamReader(Names.class.getResourceAsStream(resource), StandardCharsets.US_ASCII))) {
            return lines.lines().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(SortedMap<Integer, String> names, String line) {
        int space = line.indexOf(' ');
        @Nullable String old = names.put(Integer.valueOf(line.substring(0, space)), line.substring(space + 1));
        if (old != null) {
            throw new IllegalStateException("syscalls.txt has " + line + " and " + old);
        }
    }

    private Names() {}
}
