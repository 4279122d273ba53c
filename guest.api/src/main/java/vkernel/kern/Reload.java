package vkernel.kern;

import java.nio.file.Path;

/**
 * What came of a change in a folder of sources.
 *
 * @param folder that is watched
 * @param bundle symbolic name of what it is built to
 * @param number counts the folder's reloads from 1; 0 while the first is under way
 * @param state what runs now
 * @param text all of it for a person: one line, or for what was refused the places and the reasons
 * @param total nanoseconds from the save of the newest file until the new code was in place
 * @param compile nanoseconds of them in the compiler
 * @param bundling nanoseconds of them in bnd
 * @param pause nanoseconds for which no guest code ran
 */
public record Reload(
        Path folder,
        String bundle,
        int number,
        State state,
        String text,
        long total,
        long compile,
        long bundling,
        long pause) {
    /** Whose code runs. */
    public enum State {
        /** Nobody's of this folder yet. */
        STARTING,
        /** The code as it was saved. */
        RUNNING,
        /** What was saved does not compile or makes no bundle; the code from before runs. */
        BROKEN,
        /** It was built, but the kernel did not take it; the code from before runs. */
        REFUSED
    }
}
