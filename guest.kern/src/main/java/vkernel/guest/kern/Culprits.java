package vkernel.guest.kern;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Whose bug it is, by the stack that it was thrown from. */
final class Culprits {
    private Culprits() {}

    /** The subsystem on probation that is nearest to where it was thrown; null when none has a hand in it. */
    static @Nullable Place onProbation(Throwable bug, Collection<Place> places, long time) {
        for (Throwable at = bug; at != null; at = at.getCause()) {
            for (StackTraceElement frame : at.getStackTrace()) {
                for (Place place : places) {
                    Provider now = place.now;
                    if (now != null && place.onProbation(time) && now.owns(frame.getClassName())) {
                        return place;
                    }
                }
            }
        }
        return null;
    }

    /** The subsystem in whose code it was thrown; null when it is the kernel's own. */
    static @Nullable Place of(Throwable bug, Collection<Place> places) {
        for (StackTraceElement frame : bug.getStackTrace()) {
            for (Place place : places) {
                Provider now = place.now;
                if (now != null && now.owns(frame.getClassName())) {
                    return place;
                }
            }
        }
        return null;
    }
}
