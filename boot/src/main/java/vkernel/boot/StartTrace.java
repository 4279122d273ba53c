package vkernel.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Says on standard error how far a start has come, and when, if the system property {@code vkernel.trace.start} is set:
 * milliseconds since this process began, and how many of them this thread had a processor. Off it costs a look at a
 * constant. By the files of proc(5), which take less time than what they measure.
 */
final class StartTrace {
    private static final boolean ON = System.getProperty("vkernel.trace.start") != null;
    private static final Path OWN_TIMES = Path.of("/proc/thread-self/schedstat");
    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final Path STAT = Path.of("/proc/self/stat");
    /** USER_HZ, for user space everywhere on Linux. */
    private static final double TICKS = 100;
    /** Of the fields behind the name in parentheses: starttime, the 22nd of all. */
    private static final int START_TIME = 19;

    /** Something has been done. */
    static void done(String what) {
        if (ON) {
            // no format: it would cost what is measured ten milliseconds
            System.err.println(
                    "start " + Math.round(millis()) + " ms, processor " + Math.round(processor()) + " ms: " + what);
        }
    }

    /** Since this process began, to ten milliseconds; NaN where there is no proc(5). */
    private static double millis() {
        try {
            String stat = Files.readString(STAT);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            double began = Long.parseLong(fields[START_TIME]) / TICKS;
            return (Double.parseDouble(Files.readString(UPTIME).split(" ")[0]) - began) * 1000;
        } catch (IOException elsewhere) {
            return Double.NaN;
        }
    }

    /** This thread's, milliseconds. */
    private static double processor() {
        try {
            return Long.parseLong(Files.readString(OWN_TIMES).split(" ")[0]) / 1e6;
        } catch (IOException elsewhere) {
            return Double.NaN;
        }
    }

    private StartTrace() {}
}
