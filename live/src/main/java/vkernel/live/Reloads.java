package vkernel.live;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import vkernel.kern.Reload;
import vkernel.kern.SwapReport;

/** Says what came of a build and of its swap. */
final class Reloads {
    /** More mistakes than a person reads at once are counted only. */
    private static final int SHOWN = 10;

    private Reloads() {}

    /** It was built, and the kernel has answered. */
    static Reload of(Path folder, int number, Build build, List<SwapReport> reports, long total) {
        List<SwapReport> refused =
                reports.stream().filter(report -> !report.ok()).toList();
        long pause = reports.stream().mapToLong(SwapReport::pause).sum();
        Reload.State state = refused.isEmpty() ? Reload.State.RUNNING : Reload.State.REFUSED;
        String text = refused.isEmpty()
                ? String.format(
                        Locale.ROOT,
                        "reloaded %s (%s) in %d ms: compile %d, bundle %d, swap %.1f ms pause",
                        names(reports),
                        build.bundle(),
                        total / 1_000_000,
                        build.compile() / 1_000_000,
                        build.bundling() / 1_000_000,
                        pause / 1e6)
                : refused.stream()
                        .map(report -> report.subsystem() + ": " + report.why())
                        .collect(Collectors.joining("\n", build.bundle() + " was refused, the old code runs on\n", ""));
        return new Reload(folder, build.bundle(), number, state, text, total, build.compile(), build.bundling(), pause);
    }

    private static String names(List<SwapReport> reports) {
        return reports.stream().map(SwapReport::subsystem).distinct().collect(Collectors.joining(", "));
    }

    /** It ran, and the one before runs again. */
    static Reload takenBack(Reload last, SwapReport report) {
        String text = String.format(
                "%s: %s is back, %s was taken out\n%s", report.subsystem(), report.to(), report.from(), report.why());
        return new Reload(
                last.folder(),
                last.bundle(),
                last.number(),
                Reload.State.REFUSED,
                text,
                last.total(),
                last.compile(),
                last.bundling(),
                report.pause());
    }

    /** It was not built. */
    static Reload broken(SourceFolder folder, int number, List<Mistake> mistakes, long total, long compile, long bnd) {
        StringBuilder text = new StringBuilder();
        mistakes.stream()
                .limit(SHOWN)
                .forEach(mistake -> text.append(mistake.render(folder.home())).append('\n'));
        text.append(folder.name()).append(": ").append(mistakes.size());
        text.append(mistakes.size() == 1 ? " error" : " errors").append(", the old code runs on");
        return new Reload(
                folder.home(), folder.name(), number, Reload.State.BROKEN, text.toString(), total, compile, bnd, 0);
    }
}
