package vkernel.shell;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.kern.SwapReport;
import vkernel.kern.Swaps;
import vkernel.kern.Swaps.Standing;

/** Replacing subsystems while the kernel runs. */
@Component(
        service = Object.class,
        property = {
            "osgi.command.scope=vk",
            "osgi.command.function=swap",
            "osgi.command.function=swaps",
            "osgi.command.function=rollback",
            "osgi.command.function=slots"
        })
public final class SwapCommands {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Swaps swaps;

    @Activate
    public SwapCommands(@Reference Swaps swaps) {
        this.swaps = swaps;
    }

    @Descriptor("replaces a subsystem under the running guest")
    public void swap(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json,
            @Descriptor("only rehearse: hand the state over and back, and check it")
                    @Parameter(names = "--dry-run", presentValue = "true", absentValue = "false")
                    boolean dryRun,
            @Descriptor("slot, as vk:slots has it") String subsystem,
            @Descriptor("bundle id, symbolic name, file or URL") String bundle) {
        show(session, json, swaps.swap(subsystem, bundle, dryRun));
    }

    @Descriptor("goes back to the provider before")
    public void rollback(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json,
            @Descriptor("slot, as vk:slots has it") String subsystem) {
        show(session, json, swaps.rollback(subsystem));
    }

    @Descriptor("takes the last swap back")
    public void rollback(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        rollback(session, json, "");
    }

    private static void show(CommandSession session, boolean json, SwapReport report) {
        print(session, json, List.of(report));
        boolean back = report.outcome() == SwapReport.Outcome.ROLLED_BACK;
        if (!report.ok() && !back) {
            String of = report.subsystem().isEmpty() ? "" : report.subsystem() + ": ";
            throw new IllegalStateException(of + report.why());
        }
    }

    @Descriptor("what was replaced, how long the guest waited, and what came of it")
    public void swaps(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        print(session, json, swaps.history());
    }

    private static void print(CommandSession session, boolean json, List<SwapReport> reports) {
        Table table = new Table(
                "number",
                "when",
                "subsystem",
                "from",
                "to",
                "pause_us",
                "carried",
                "restarted",
                "failed",
                "outcome",
                "why");
        for (SwapReport report : reports) {
            table.row(
                    report.number(),
                    TIME.format(Instant.ofEpochSecond(0, report.when())),
                    report.subsystem(),
                    report.from(),
                    report.to(),
                    report.pause() / 1000,
                    report.carried(),
                    report.restarted(),
                    report.failed(),
                    words(report.outcome()),
                    report.why());
        }
        table.print(session.getConsole(), json);
    }

    @Descriptor("every subsystem: who provides it, who did before, and how it is")
    public void slots(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table =
                new Table("subsystem", "provider", "predecessor", "condition", "oopses", "held", "quarantined", "why");
        for (Standing standing : swaps.standings()) {
            table.row(
                    standing.subsystem(),
                    standing.provider(),
                    standing.predecessor(),
                    words(standing.condition()),
                    standing.oopses(),
                    standing.held(),
                    String.join(" ", standing.quarantined()),
                    standing.why());
        }
        table.print(session.getConsole(), json);
    }

    static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
