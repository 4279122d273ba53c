package vkernel.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.fs.FsStat;
import vkernel.fs.Mount;
import vkernel.fs.Path;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/** File systems. */
@Component(
        service = Object.class,
        property = {"osgi.command.scope=fs", "osgi.command.function=mounts"})
public final class FsCommands {
    private final Kernel kernel;

    @Activate
    public FsCommands(@Reference Kernel kernel) {
        this.kernel = kernel;
    }

    @Descriptor("what is mounted where, and how full it is (KiB)")
    public void mounts(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table("source", "point", "type", "rights", "size_kb", "free_kb");
        kernel.lock();
        try {
            for (Mount mount : kernel.vfs().mounts()) {
                FsStat stat = mount.sb.fs().stat(mount.sb);
                table.row(
                        mount.sb.source,
                        point(mount),
                        mount.sb.fs().name(),
                        mount.readOnly() ? "ro" : "rw",
                        stat.blocks() * stat.blockSize() >> 10,
                        stat.free() * stat.blockSize() >> 10);
            }
        } finally {
            kernel.unlock();
        }
        table.print(session.getConsole(), json);
    }

    private String point(Mount mount) {
        Path point = mount.point;
        Task anyone = kernel.processes().tasks().stream().findFirst().orElse(null);
        if (point == null || anyone == null) {
            return "/";
        }
        return kernel.vfs().name(anyone, point);
    }
}
