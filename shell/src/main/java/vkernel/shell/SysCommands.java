package vkernel.shell;

import java.util.Comparator;
import java.util.Locale;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.abi.Abi;
import vkernel.kern.Kernel;

/** System calls. */
@Component(
        service = Object.class,
        property = {"osgi.command.scope=sys", "osgi.command.function=calls", "osgi.command.function=table"})
public final class SysCommands {
    private final Kernel kernel;

    @Activate
    public SysCommands(@Reference Kernel kernel) {
        this.kernel = kernel;
    }

    @Descriptor("system calls made since boot, and those that answered ENOSYS")
    public void calls(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table("call", "count", "errors", "enosys");
        kernel.call(() -> kernel.abi().calls()).stream()
                .sorted(Comparator.comparingLong(Abi.Calls::count).reversed())
                .forEach(call -> table.row(call.name(), call.count(), call.errors(), call.missing()));
        table.print(session.getConsole(), json);
    }

    @Descriptor("every system call of the ABI, and how much of it there is")
    public void table(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table("number", "call", "support", "note");
        kernel.call(() -> kernel.abi().table())
                .forEach(call -> table.row(
                        call.number(), call.name(), call.support().toString().toLowerCase(Locale.ROOT), call.note()));
        table.print(session.getConsole(), json);
    }
}
