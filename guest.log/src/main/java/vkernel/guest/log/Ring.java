package vkernel.guest.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import vkernel.kern.Dmesg;

/**
 * The last {@link #CAPACITY} lines. What is as grave as the system property {@code vkernel.log} says (a level; by
 * default {@code error}) goes to stderr too. Any thread.
 */
final class Ring implements ILoggerFactory, Dmesg {
    private static final int CAPACITY = 4096;

    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();
    private final Level threshold =
            Level.valueOf(System.getProperty("vkernel.log", "error").toUpperCase(Locale.ROOT));
    /** Guarded by itself. */
    private final ArrayDeque<Line> ring = new ArrayDeque<>();

    private final List<Consumer<Line>> readers = new ArrayList<>(); // guarded by ring

    private long next; // guarded by ring
    private volatile long start = System.nanoTime();

    @Override
    public Logger getLogger(String name) {
        return loggers.computeIfAbsent(name, n -> new RingLogger(this, n));
    }

    boolean wanted(Level level) {
        return level.toInt() >= Math.min(Level.INFO.toInt(), threshold.toInt());
    }

    void add(Level level, String source, String text, @Nullable Throwable thrown) {
        long nanos = System.nanoTime() - start;
        StringBuilder whole = new StringBuilder(text);
        if (thrown != null) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            whole.append('\n').append(trace.toString().stripTrailing());
        }
        synchronized (ring) {
            whole.toString().lines().forEach(line -> {
                if (ring.size() == CAPACITY) {
                    ring.removeFirst();
                }
                Line added = new Line(next++, nanos, syslog(level), source, line);
                ring.addLast(added);
                readers.forEach(reader -> reader.accept(added));
            });
        }
        if (level.toInt() >= threshold.toInt()) {
            System.err.printf("[%5d.%06d] %s: %s%n", nanos / 1_000_000_000, nanos / 1000 % 1_000_000, source, whole);
        }
    }

    private static int syslog(Level level) {
        return switch (level) {
            case ERROR -> 3;
            case WARN -> 4;
            case INFO -> 6;
            case DEBUG, TRACE -> 7;
        };
    }

    @Override
    public List<Line> lines() {
        synchronized (ring) {
            return List.copyOf(ring);
        }
    }

    @Override
    public void follow(Consumer<Line> reader) {
        synchronized (ring) {
            ring.forEach(reader);
            readers.add(reader);
        }
    }

    @Override
    public void clear() {
        synchronized (ring) {
            ring.clear();
        }
    }

    @Override
    public void restart() {
        synchronized (ring) {
            ring.clear();
            readers.clear();
            next = 0;
            start = System.nanoTime();
        }
    }
}
