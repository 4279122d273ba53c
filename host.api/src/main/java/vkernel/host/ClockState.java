package vkernel.host;

/**
 * A clock between two hosts: it stands still.
 *
 * @param monotonic nanoseconds since the machine started
 * @param ahead {@link Clock#realtime} minus {@code monotonic}
 * @param started bits of the harts that have run or idled
 */
public record ClockState(long monotonic, long ahead, long started) {}
