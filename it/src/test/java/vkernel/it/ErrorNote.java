package vkernel.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Why errors that manual pages list are in no guest program's output.
 *
 * @param number of the reason, from 1
 * @param errors by call; {@link #EVERY} for all calls
 */
record ErrorNote(int number, Kind kind, String reason, Map<String, Set<String>> errors) {
    static final String EVERY = "*";

    private static final Path FILE = Path.of("src/test/resources/errors/notes.txt");

    enum Kind {
        IMPOSSIBLE,
        ELSEWHERE,
        GAP;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static List<ErrorNote> all() throws IOException {
        List<ErrorNote> notes = new ArrayList<>();
        for (String line : Files.readAllLines(FILE)) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(": ");
            if (colon > 0) {
                Kind kind = Kind.valueOf(line.substring(0, colon).toUpperCase(Locale.ROOT));
                notes.add(new ErrorNote(notes.size() + 1, kind, line.substring(colon + 2), new TreeMap<>()));
            } else {
                List<String> words = List.of(line.split(" "));
                notes.getLast()
                        .errors
                        .computeIfAbsent(words.getFirst(), none -> new TreeSet<>())
                        .addAll(words.subList(1, words.size()));
            }
        }
        return notes;
    }

    /** Those of a call's errors that it explains. */
    Set<String> of(String call, Set<String> open) {
        Set<String> here = new TreeSet<>(errors.getOrDefault(call, Set.of()));
        here.addAll(errors.getOrDefault(EVERY, Set.of()));
        here.retainAll(open);
        return here;
    }
}
