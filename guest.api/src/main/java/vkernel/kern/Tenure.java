package vkernel.kern;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * How the providers of one subsystem have fared, for as long as the kernel lives: plain data, so that it outlives the
 * code that judges them. Providers are named by their identity, which changes with their bundle's content. Guarded by the
 * kernel lock.
 */
public final class Tenure {
    /** Who serves; empty for none, or for one of the kernel's own. */
    public String now = "";
    /** Who served before, and is the way back; empty for none. */
    public String before = "";
    /** The first bug before this brings the predecessor back; monotonic nanoseconds. */
    public long probationUntil = Long.MIN_VALUE;
    /** Whether anybody ever served; a subsystem that has lost its provider holds user code up. */
    public boolean used;
    /** Bugs that its providers were blamed for. */
    public int oopses;
    /** Why it is as it is, in words. */
    public String why = "";
    /** Providers that were there from the start, or have passed their probation. */
    public final Set<String> trusted = Collections.newSetFromMap(new Latest<>());
    /** Those that have failed. */
    public final Map<String, Failure> failures = new Latest<>();

    /** Forgets the eldest: providers come and go for as long as the kernel lives. */
    private static final class Latest<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1L;
        private static final int MOST = 64;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MOST;
        }
    }

    /** How often a provider has failed. */
    public static final class Failure {
        /** For people. */
        public String name = "";

        public int times;
        /** Until when it is left alone; monotonic nanoseconds. */
        public long until;
    }
}
