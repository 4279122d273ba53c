package vkernel.live;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Every file that goes into a folder's bundle, as it is at one moment. */
record Snapshot(Map<Path, Stamp> files) {
    static final Snapshot NOTHING = new Snapshot(Map.of());

    static Snapshot of(SourceFolder folder) throws IOException {
        Map<Path, Stamp> files = new TreeMap<>();
        for (Path file : folder.inputs()) {
            try {
                files.put(file, Stamp.of(file));
            } catch (NoSuchFileException gone) {
                // between being listed and being looked at, while an editor renames: its return is an event
            }
        }
        return new Snapshot(files);
    }

    /** Files that are new, gone or saved again. */
    Set<Path> changedSince(Snapshot before) {
        Set<Path> changed = new HashSet<>(before.files.keySet());
        changed.addAll(files.keySet());
        changed.removeIf(file -> files.containsKey(file) && files.get(file).equals(before.files.get(file)));
        return changed;
    }

    /** When the last of some files was saved; {@link Instant#MIN} when none of them is here. */
    Instant newest(Set<Path> some) {
        return some.stream()
                .filter(files::containsKey)
                .map(file -> files.get(file).modified().toInstant())
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
    }
}
