package vkernel.shell;

import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.kern.Kernel;
import vkernel.vm.MemoryStats;
import vkernel.vm.VmCounters;

/** Memory. */
@Component(
        service = Object.class,
        property = {
            "osgi.command.scope=mm",
            "osgi.command.function=free",
            "osgi.command.function=vmstat",
            "osgi.command.function=check"
        })
public final class MmCommands {
    private final Kernel kernel;

    @Activate
    public MmCommands(@Reference Kernel kernel) {
        this.kernel = kernel;
    }

    @Descriptor("memory in use, in KiB")
    public void free(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        MemoryStats stats = kernel.call(() -> kernel.vm().stats());
        new Table("total", "used", "free", "cached", "shared", "anonymous", "tables", "spaces")
                .row(
                        stats.total() >> 10,
                        stats.total() - stats.free() >> 10,
                        stats.free() >> 10,
                        stats.cached() >> 10,
                        stats.shared() >> 10,
                        stats.anonymous() >> 10,
                        stats.pageTables() >> 10,
                        stats.spaces())
                .print(session.getConsole(), json);
    }

    @Descriptor("events of virtual memory since boot")
    public void vmstat(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table("event", "count");
        kernel.lock();
        try {
            VmCounters counters = kernel.vm().counters();
            table.row("faults", counters.faults)
                    .row("major faults", counters.majorFaults)
                    .row("zero fills", counters.zeroFills)
                    .row("copies on write", counters.copies)
                    .row("reuses on write", counters.reuses)
                    .row("pages allocated", counters.pagesAllocated)
                    .row("pages freed", counters.pagesFreed)
                    .row("forks", counters.forks)
                    .row("out of memory", counters.outOfMemory);
        } finally {
            kernel.unlock();
        }
        table.print(session.getConsole(), json);
    }

    @Descriptor("looks whether every frame is accounted for")
    public String check() {
        List<String> wrong = kernel.call(() -> kernel.vm().check());
        return wrong.isEmpty() ? "every frame is accounted for" : String.join("\n", wrong);
    }
}
