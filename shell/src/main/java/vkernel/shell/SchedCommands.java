package vkernel.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.kern.Kernel;

/** The scheduler. */
@Component(
        service = Object.class,
        property = {
            "osgi.command.scope=sched",
            "osgi.command.function=list",
            "osgi.command.function=get",
            "osgi.command.function=switch"
        })
public final class SchedCommands {
    private final Kernel kernel;

    @Activate
    public SchedCommands(@Reference Kernel kernel) {
        this.kernel = kernel;
    }

    @Descriptor("the policies that there are")
    public void list(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table("policy", "in_use", "runnable");
        kernel.lock();
        try {
            for (String name : kernel.schedPolicies()) {
                boolean used = kernel.sched().name().equals(name);
                table.row(name, used, used ? kernel.sched().runnable() : 0);
            }
        } finally {
            kernel.unlock();
        }
        table.print(session.getConsole(), json);
    }

    @Descriptor("the policy in use")
    public String get() {
        return kernel.call(() -> kernel.sched().name());
    }

    /** Gogo's name for a command that is a Java keyword. */
    @Descriptor("hands all tasks to another policy")
    public String _switch(@Descriptor("policy") String policy) {
        String old = get();
        if (kernel.call(() -> kernel.switchSched(policy)) != 0) {
            throw new IllegalArgumentException(
                    "no policy " + policy + "; there are: " + String.join(", ", kernel.call(kernel::schedPolicies)));
        }
        return old + " -> " + policy;
    }
}
