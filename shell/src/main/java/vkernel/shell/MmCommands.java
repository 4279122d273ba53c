package vkernel.shell;

import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.vm.MemoryStats;
import vkernel.vm.Replacement;
import vkernel.vm.VmCounters;

/** Memory. */
@Component(
        service = Object.class,
        property = {
            "osgi.command.scope=mm",
            "osgi.command.function=free",
            "osgi.command.function=vmstat",
            "osgi.command.function=check",
            "osgi.command.function=swaps",
            "osgi.command.function=swapon",
            "osgi.command.function=swapoff",
            "osgi.command.function=policy"
        })
public final class MmCommands {
    /** Pages that come back at a time. */
    private static final int BATCH = 64;

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
        new Table("total", "used", "free", "cached", "shared", "anonymous", "tables", "swap", "swap free", "spaces")
                .row(
                        stats.total() >> 10,
                        stats.total() - stats.free() >> 10,
                        stats.free() >> 10,
                        stats.cached() >> 10,
                        stats.shared() >> 10,
                        stats.anonymous() >> 10,
                        stats.pageTables() >> 10,
                        stats.swapTotal() >> 10,
                        stats.swapFree() >> 10,
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
                    .row("pages scanned", counters.scanned)
                    .row("pages chosen to go", counters.victims)
                    .row("pages read again later", counters.reclaimed)
                    .row("written for want of memory", counters.writtenBack)
                    .row("swapped out", counters.swapOuts)
                    .row("swapped in", counters.swapIns)
                    .row("waits for swap", counters.swapWaits)
                    .row("out of memory", counters.outOfMemory);
        } finally {
            kernel.unlock();
        }
        table.print(session.getConsole(), json);
    }

    @Descriptor("swap space: slots of 4 KiB, and how many are in use")
    public void swaps(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table("name", "slots", "used", "priority");
        kernel.call(() -> List.copyOf(kernel.vm().swap()))
                .forEach(area -> table.row(area.name, area.size(), area.used, area.priority));
        table.print(session.getConsole(), json);
    }

    @Descriptor("uses a block file of the machine as swap space")
    public void swapon(@Descriptor("its name") String name) {
        long error = kernel.call(() -> kernel.vm().swapOn(name));
        if (error != 0) {
            throw new IllegalArgumentException(name + ": " + Errno.name((int) -error));
        }
    }

    @Descriptor("brings all pages back from swap space and uses it no more")
    public void swapoff(@Descriptor("its name") String name) {
        long left = kernel.call(() -> kernel.vm().swapOff(name, BATCH));
        while (left > 0) {
            left = kernel.call(() -> kernel.vm().swapOff(name, BATCH));
        }
        if (left < 0) {
            throw new IllegalArgumentException(name + ": " + Errno.name((int) -left));
        }
    }

    @Descriptor("which policy chooses the page that goes when memory is short")
    public void policy(CommandSession session) {
        Replacement policy = kernel.replacement().orNull();
        session.getConsole().println(policy == null ? "none: pages go as they come" : policy.name());
    }

    @Descriptor("looks whether every frame is accounted for")
    public String check() {
        List<String> wrong = kernel.call(() -> kernel.vm().check());
        return wrong.isEmpty() ? "every frame is accounted for" : String.join("\n", wrong);
    }
}
