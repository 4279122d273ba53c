package vkernel.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Waits for changes in a folder and tells when one is complete. Editors write in place, or write another file and rename
 * it, and leave backups; a person may save several files at once. So the events say only that something happens: when
 * they have been silent for a moment, the folder is compared with how it was.
 */
final class FolderWatch implements AutoCloseable {
    /** How long it must be silent: longer than from one event of a save to the next. */
    private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(15);
    /** Somebody who writes without a pause is not waited for longer. */
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(200);
    /** A file that says to have been saved longer ago was given an old date (a copy, a checkout). */
    private static final Duration JUST_NOW = Duration.ofSeconds(1);

    private final SourceFolder folder;
    private final WatchService events;
    private final Set<Path> registered = new HashSet<>();
    private Snapshot last;

    /** @throws IOException when the host cannot watch it */
    FolderWatch(SourceFolder folder) throws IOException {
        this.folder = folder;
        this.events = folder.home().getFileSystem().newWatchService();
        register();
        last = Snapshot.of(folder);
    }

    /** The folder as it is now. */
    Snapshot now() {
        return last;
    }

    /**
     * A complete change.
     *
     * @param saved when: the date of its newest file, or of the first event if no file has such a date
     */
    record Change(Snapshot snapshot, Instant saved) {}

    /**
     * Waits for the next one.
     *
     * @throws NoSuchFileException when the folder is there no more
     * @throws ClosedWatchServiceException when it has been closed
     */
    Change next() throws IOException, InterruptedException {
        while (true) {
            Optional<Change> change = look(events.take());
            if (change.isPresent()) {
                return change.get();
            }
        }
    }

    /** The next one, if there has been one. */
    Optional<Change> poll() throws IOException, InterruptedException {
        WatchKey key = events.poll();
        return key == null ? Optional.empty() : look(key);
    }

    private Optional<Change> look(WatchKey key) throws IOException, InterruptedException {
        Instant first = Instant.now();
        drain(key);
        if (!Files.isDirectory(folder.home())) {
            throw new NoSuchFileException(folder.home().toString());
        }
        register();
        Snapshot now = Snapshot.of(folder);
        Set<Path> changed = now.changedSince(last);
        if (changed.isEmpty()) {
            return Optional.empty();
        }
        last = now;
        return Optional.of(new Change(now, saved(now.newest(changed), first)));
    }

    private static Instant saved(Instant newest, Instant first) {
        boolean just = newest.isAfter(first.minus(JUST_NOW)) && newest.isBefore(Instant.now());
        return just ? newest : first;
    }

    private void drain(WatchKey first) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE;
        WatchKey key = first;
        while (key != null) {
            key.pollEvents();
            if (!key.reset()) {
                registered.remove((Path) key.watchable());
            }
            key = System.nanoTime() < until ? events.poll(QUIET, TimeUnit.NANOSECONDS) : null;
        }
    }

    /** Folders come and go too; one that is made with files in it is looked into by the comparison. */
    private void register() throws IOException {
        for (Path one : folder.folders()) {
            if (!registered.contains(one)) {
                try {
                    one.register(
                            events,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_DELETE,
                            StandardWatchEventKinds.ENTRY_MODIFY);
                    registered.add(one);
                } catch (NoSuchFileException gone) {
                    // it went again; the folder around it tells
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            events.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
