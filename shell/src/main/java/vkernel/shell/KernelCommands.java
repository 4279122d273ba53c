package vkernel.shell;

import java.util.List;
import java.util.Locale;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import vkernel.kern.Recomposition;
import vkernel.kern.Recomposition.Change;
import vkernel.kern.Recomposition.Part;

/** What the running kernel is composed of, and changes of it. */
@Component(
        service = Object.class,
        property = {
            "osgi.command.scope=kernel",
            "osgi.command.function=add",
            "osgi.command.function=remove",
            "osgi.command.function=resolve",
            "osgi.command.function=save"
        })
public final class KernelCommands {
    private final @Nullable Recomposition recomposition;

    /** @param recomposition null where whoever booted the kernel has no parts to choose from */
    @Activate
    public KernelCommands(
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    Recomposition recomposition) {
        this.recomposition = recomposition;
    }

    private Recomposition recomposition() {
        Recomposition here = recomposition;
        if (here == null) {
            throw new IllegalArgumentException("this kernel was not booted by vk: there are no parts to choose from");
        }
        return here;
    }

    @Descriptor("adds capabilities to the running kernel, with what they need")
    public void add(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json,
            @Descriptor("for instance fs:proc, net, sched:rr") String... capabilities) {
        print(session, json, recomposition().add(asked(capabilities)));
    }

    @Descriptor("takes capabilities out of the running kernel, unless they are in use")
    public void remove(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json,
            @Descriptor("for instance fs:proc, net, sched:rr") String... capabilities) {
        print(session, json, recomposition().remove(asked(capabilities)));
    }

    private static List<String> asked(String... capabilities) {
        if (capabilities.length == 0) {
            throw new IllegalArgumentException("which capabilities? kernel:resolve shows what there is");
        }
        return List.of(capabilities);
    }

    private static void print(CommandSession session, boolean json, Change change) {
        if (json) {
            Table table = new Table("change", "part", "bytes", "why");
            change.added().forEach(part -> table.row("added", part.name(), part.bytes(), part.because()));
            change.removed().forEach(part -> table.row("removed", part, 0, ""));
            change.said().forEach(said -> table.row("said", "", 0, said));
            table.print(session.getConsole(), true);
            return;
        }
        change.added().forEach(part -> session.getConsole().println("+ " + part.name() + ": " + part.because()));
        change.removed().forEach(part -> session.getConsole().println("- " + part));
        change.said().forEach(session.getConsole()::println);
        session.getConsole().printf(Locale.ROOT, "%.0f ms%n", change.nanos() / 1e6);
    }

    @Descriptor("the parts of the running kernel, and who wants each")
    public void resolve(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table("part", "kib", "start_ms", "because");
        for (Part part : recomposition().parts()) {
            table.row(part.name(), part.bytes() + 512 >> 10, part.millis(), part.because());
        }
        table.print(session.getConsole(), json);
    }

    @Descriptor("writes the composition of the running kernel, for --kernel")
    public void save(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json,
            @Descriptor("a name, or a file FILE.bndrun") String target) {
        List<String> lines = recomposition().save(target);
        if (json) {
            Table table = new Table("said");
            lines.forEach(table::row);
            table.print(session.getConsole(), true);
        } else {
            lines.forEach(session.getConsole()::println);
        }
    }
}
