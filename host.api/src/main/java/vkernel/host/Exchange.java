package vkernel.host;

/**
 * What became of one change of what a machine runs on.
 *
 * @param subsystem {@code host} or {@code engine}
 * @param from who did the work before; empty for nobody
 * @param to who does it now; empty for nobody, and then the machine stands still
 * @param pause nanoseconds in which no user code could run, the time without anybody before included
 * @param kind what came of it
 * @param why it was refused or taken back, in words; else empty
 */
public record Exchange(String subsystem, String from, String to, long pause, Kind kind, String why) {
    /** What came of it. */
    public enum Kind {
        /** The new one does the work. */
        DONE,
        /** It could have; the one before does the work. */
        REHEARSED,
        /** It cannot; the one before does the work. */
        REFUSED,
        /** It could not; the one before does the work again, and is {@link #to}. */
        TAKEN_BACK
    }
}
