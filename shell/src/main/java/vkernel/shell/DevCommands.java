package vkernel.shell;

import java.io.PrintStream;
import java.nio.file.Path;
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
import vkernel.kern.LiveFolders;
import vkernel.kern.Reload;

/** Development from source: folders whose code runs as it was last saved. */
@Component(
        service = Object.class,
        property = {
            "osgi.command.scope=dev",
            "osgi.command.function=watch",
            "osgi.command.function=unwatch",
            "osgi.command.function=watched"
        })
public final class DevCommands {
    private final @Nullable LiveFolders live;

    /** @param live null in a kernel without the bundle live */
    @Activate
    public DevCommands(
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    LiveFolders live) {
        this.live = live;
    }

    private LiveFolders live() {
        LiveFolders folders = live;
        if (folders == null) {
            throw new IllegalArgumentException("this kernel has no bundle live; boot one with --kernel dev");
        }
        return folders;
    }

    @Descriptor("runs a folder of Java sources, and again whatever is saved in it")
    public void watch(CommandSession session, @Descriptor("the folder: src/main/java in it, or itself") String folder) {
        PrintStream console = session.getConsole();
        live().watch(Path.of(folder), reload -> console.println(reload.text()));
    }

    @Descriptor("watches a folder no longer; its code stays")
    public void unwatch(CommandSession session, @Descriptor("the folder") String folder) {
        if (!live().unwatch(Path.of(folder))) {
            throw new IllegalArgumentException(folder + " is not watched; dev:watched shows what is");
        }
    }

    @Descriptor("the folders that are watched, and what came of their last reload")
    public void watched(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table("bundle", "reloads", "state", "ms", "folder");
        List<Reload> all = live().folders();
        for (Reload last : all) {
            String state = last.state().name().toLowerCase(Locale.ROOT);
            table.row(
                    last.bundle(),
                    last.number(),
                    state,
                    last.total() / 1_000_000,
                    last.folder().toString());
        }
        table.print(session.getConsole(), json);
    }
}
