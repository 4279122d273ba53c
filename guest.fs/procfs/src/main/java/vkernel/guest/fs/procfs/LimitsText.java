package vkernel.guest.fs.procfs;

import java.util.List;
import vkernel.task.Limits;
import vkernel.task.Process;

/** /proc/PID/limits. */
final class LimitsText {
    private record Row(int limit, String name, String unit) {}

    private static final List<Row> ROWS = List.of(
            new Row(Limits.CPU, "Max cpu time", "seconds"),
            new Row(Limits.FSIZE, "Max file size", "bytes"),
            new Row(Limits.DATA, "Max data size", "bytes"),
            new Row(Limits.STACK, "Max stack size", "bytes"),
            new Row(Limits.CORE, "Max core file size", "bytes"),
            new Row(Limits.RSS, "Max resident set", "bytes"),
            new Row(Limits.NPROC, "Max processes", "processes"),
            new Row(Limits.NOFILE, "Max open files", "files"),
            new Row(Limits.MEMLOCK, "Max locked memory", "bytes"),
            new Row(Limits.AS, "Max address space", "bytes"),
            new Row(Limits.LOCKS, "Max file locks", "locks"),
            new Row(Limits.SIGPENDING, "Max pending signals", "signals"),
            new Row(Limits.MSGQUEUE, "Max msgqueue size", "bytes"),
            new Row(Limits.NICE, "Max nice priority", ""),
            new Row(Limits.RTPRIO, "Max realtime priority", ""),
            new Row(Limits.RTTIME, "Max realtime timeout", "us"));

    private LimitsText() {}

    static String of(View view) {
        Process process = view.process();
        StringBuilder out = new StringBuilder();
        row(out, "Limit", "Soft Limit", "Hard Limit", "Units");
        for (Row row : ROWS) {
            String soft = value(process.softLimits[row.limit()]);
            row(out, row.name(), soft, value(process.hardLimits[row.limit()]), row.unit());
        }
        return out.toString();
    }

    private static void row(StringBuilder out, String name, String soft, String hard, String unit) {
        out.append(SystemText.format("%-25s %-20s %-20s ", name, soft, hard));
        out.append(unit.isEmpty() ? "\n" : SystemText.format("%-10s\n", unit));
    }

    private static String value(long limit) {
        return limit == Limits.INFINITY ? "unlimited" : Long.toUnsignedString(limit);
    }
}
