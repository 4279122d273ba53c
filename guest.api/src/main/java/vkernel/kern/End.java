package vkernel.kern;

/**
 * How a kernel ended.
 *
 * @param status exit status of the first process, 128 + n when signal n killed it
 * @param message for people; why, when it was not asked for
 */
public record End(Kind kind, int status, String message) {
    public enum Kind {
        /** The first process ended, or somebody asked for power off or halt. */
        HALT,
        /** Somebody asked for a reboot. */
        REBOOT,
        /** The kernel could not go on. */
        PANIC
    }
}
