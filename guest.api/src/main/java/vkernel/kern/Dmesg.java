package vkernel.kern;

import java.util.List;
import java.util.function.Consumer;

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

    /**
     * Gives a reader the lines still held, then every new one, until the log is restarted.
     *
     * @param reader called by whoever logs, which waits for it: it must not log itself
     */
    void follow(Consumer<Line> reader);

    /** Forgets all lines. */
    void clear();

    /** As at the start: no lines, no readers, and numbers and time from 0. Another kernel follows. */
    void restart();

    /** A log that holds nothing. */
    Dmesg NONE = new Dmesg() {
        @Override
        public List<Line> lines() {
            return List.of();
        }

        @Override
        public void follow(Consumer<Line> reader) {
            // nothing comes
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
