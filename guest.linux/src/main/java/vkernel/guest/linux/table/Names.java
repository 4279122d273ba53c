package vkernel.guest.linux.table;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Numbers and names of all calls of riscv64 Linux 6.12 (syscalls.txt, from include/uapi/asm-generic/unistd.h). */
public final class Names {
    private static final SortedMap<Integer, String> ALL = read();

    /** Every call by number. */
    public static SortedMap<Integer, String> all() {
        return ALL;
    }

    /** The number of a call. @throws IllegalArgumentException when Linux has none of that name */
    public static int number(String name) {
        for (var entry : ALL.entrySet()) {
            if (entry.getValue().equals(name)) {
                return entry.getKey();
            }
        }
        throw new IllegalArgumentException("no system call is called " + name);
    }

    private static SortedMap<Integer, String> read() {
        SortedMap<Integer, String> names = new TreeMap<>();
        try (var lines = new BufferedReader(
                new InputStreamReader(Names.class.getResourceAsStream("syscalls.txt"), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                add(names, line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return java.util.Collections.unmodifiableSortedMap(names);
    }

    private static void add(SortedMap<Integer, String> names, String line) {
        if (line.startsWith("#")) {
            return;
        }
        int space = line.indexOf(' ');
        @Nullable String old = names.put(Integer.valueOf(line.substring(0, space)), line.substring(space + 1));
        if (old != null) {
            throw new IllegalStateException("syscalls.txt has " + line + " and " + old);
        }
    }

    private Names() {}
}
