package vkernel.kern;

import java.util.List;

/** The kernel log: a ring of lines (dmesg(1)). Any thread may call. */
public interface Dmesg {
    /**
     * One line of the log.
     *
     * @param seq counts up by one with each line ever logged, from 0
     * @param nanos monotonic time
     * @param level syslog(2) level: 3 error, 4 warning, 6 info, 7 debug
     */
    record Line(long seq, long nanos, int level, String source, String text) {}

    /** The lines still held, oldest first. */
    List<Line> lines();

    /** Forgets all lines. */
    void clear();

    /** As at the start: no lines, and numbers and time from 0. Another kernel follows. */
    void restart();

    /** A log that holds nothing. */
    Dmesg NONE = new Dmesg() {
        @Override
        public List<Line> lines() {
            return List.of();
        }

        @Override
        public void clear() {
            // nothing is there
        }

        @Override
        public void restart() {
            // nothing was there
        }
    };
}
