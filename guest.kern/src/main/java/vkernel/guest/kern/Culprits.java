package vkernel.guest.kern;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Whose bug it is, by the stack that it was thrown from. */
final class Culprits {
    private Culprits() {}

    /** The subsystem on probation that has a hand in it, the newest of several; null for none. */
    static @Nullable Place onProbation(Throwable bug, Collection<Place> places, long time) {
        Place newest = null;
        for (Place place : places) {
            boolean later = newest == null || place.probationUntil > newest.probationUntil;
            if (later && place.onProbation(time) && place.now != null && involved(bug, place.now)) {
                newest = place;
            }
        }
        return newest;
    }

    private static boolean involved(Throwable bug, Provider provider) {
        for (Throwable at = bug; at != null; at = at.getCause()) {
            for (StackTraceElement frame : at.getStackTrace()) {
                if (provider.owns(frame.getClassName())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The subsystem in whose code it was thrown; null when it is the kernel's own. */
    static @Nullable Place of(Throwable bug, Collection<Place> places) {
        for (StackTraceElement frame : bug.getStackTrace()) {
            for (Place place : places) {
                if (place.now != null && place.now.owns(frame.getClassName())) {
                    return place;
                }
            }
        }
        return null;
    }
}
