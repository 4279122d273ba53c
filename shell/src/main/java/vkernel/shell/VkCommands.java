package vkernel.shell;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.host.Host;
import vkernel.kern.Dmesg;
import vkernel.kern.Kernel;
import vkernel.kern.Swaps;
import vkernel.kern.Swaps.Standing;

/** The kernel as a whole. */
@Component(
        service = Object.class,
        property = {"osgi.command.scope=vk", "osgi.command.function=info", "osgi.command.function=dmesg"})
public final class VkCommands {
    private final Kernel kernel;
    private final Host host;
    private final Swaps swaps;

    @Activate
    public VkCommands(@Reference Kernel kernel, @Reference Host host, @Reference Swaps swaps) {
        this.kernel = kernel;
        this.host = host;
        this.swaps = swaps;
    }

    @Descriptor("what this kernel is made of, and what it is missing")
    public void info(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table("what", "value");
        kernel.lock();
        try {
            List<String> missing = kernel.missing();
            table.row("state", missing.isEmpty() ? "running" : "standing still: no " + String.join(", no ", missing));
            table.row("uptime", seconds(kernel.now()) + " s");
            table.row("memory", (host.config().ramBytes() >> 20) + " MiB");
            table.row("harts", Integer.toString(host.config().harts()));
            table.row("time", host.config().time().toString().toLowerCase(Locale.ROOT));
            table.row(
                    "scheduler",
                    missing.contains("sched") ? "none" : kernel.sched().name());
            table.row("file systems", String.join(" ", kernel.fileSystems()));
            table.row(
                    "devices",
                    String.join(
                            " ",
                            kernel.devices().stream()
                                    .map(device -> device.name())
                                    .toList()));
            table.row(
                    "processes", Integer.toString(kernel.processes().processes().size()));
            table.row("context switches", Long.toString(kernel.stats().contextSwitches));
            table.row("system calls", Long.toString(kernel.stats().syscalls));
            table.row("page faults", Long.toString(kernel.stats().faults));
            table.row("interrupts", Long.toString(kernel.stats().interrupts));
            table.row("forks", Long.toString(kernel.stats().forks));
            table.row("oopses", Long.toString(kernel.stats().oopses));
            standings(table);
        } finally {
            kernel.unlock();
        }
        table.print(session.getConsole(), json);
    }

    /** What is not as it should be. */
    private void standings(Table table) {
        for (Standing standing : swaps.standings()) {
            switch (standing.condition()) {
                case MISSING -> table.row("missing", standing.subsystem() + ": " + standing.why());
                case ON_PROBATION -> table.row("on probation", standing.subsystem() + ": " + standing.provider());
                case FINE -> {
                    // nothing to say
                }
            }
            standing.quarantined().forEach(name -> table.row("quarantined", standing.subsystem() + ": " + name));
        }
    }

    @Descriptor("the kernel's log")
    public void dmesg(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        List<Dmesg.Line> lines = kernel.dmesg().lines();
        if (json) {
            Table table = new Table("seconds", "level", "source", "text");
            lines.forEach(line -> table.row(line.nanos() / 1e9, line.level(), line.source(), line.text()));
            table.print(session.getConsole(), true);
            return;
        }
        PrintStream out = session.getConsole();
        lines.forEach(line -> out.println("[" + seconds(line.nanos()) + "] " + line.source() + ": " + line.text()));
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%12.6f", nanos / 1e9).trim();
    }
}
