package vkernel.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.fs.FdTable;
import vkernel.fs.FsContext;
import vkernel.fs.FsStat;
import vkernel.fs.HostVolume;
import vkernel.fs.Mount;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.host.Folder;
import vkernel.host.Host;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.Session;
import vkernel.task.SigHandlers;
import vkernel.task.Task;

/** File systems. */
@Component(
        service = Object.class,
        property = {
            "osgi.command.scope=fs",
            "osgi.command.function=mounts",
            "osgi.command.function=df",
            "osgi.command.function=mount",
            "osgi.command.function=share",
            "osgi.command.function=umount"
        })
public final class FsCommands {
    private final Kernel kernel;
    private final Host host;

    @Activate
    public FsCommands(@Reference Kernel kernel, @Reference Host host) {
        this.kernel = kernel;
        this.host = host;
    }

    @Descriptor("how full file systems are (KiB)")
    public void df(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        mounts(session, json);
    }

    @Descriptor("gives the guest a folder of this machine; fs:umount takes it away")
    public void share(
            @Descriptor("it cannot change it") @Parameter(names = "--ro", presentValue = "true", absentValue = "false")
                    boolean readOnly,
            @Descriptor("on this machine") String folder,
            @Descriptor("where; an existing directory") String point) {
        int number = 0;
        while (host.folders().containsKey("share" + number)) {
            number++;
        }
        String name = "share" + number;
        host.plug(name, Folder.of(java.nio.file.Path.of(folder), readOnly));
        try {
            mount("host", name, point);
        } catch (IllegalArgumentException e) {
            host.unplugFolder(name);
            throw e;
        }
    }

    @Descriptor("mounts a disk, or a folder that the machine has been given")
    public void mount(
            @Descriptor("of file system, for instance ext4") String type,
            @Descriptor("what, for instance /dev/vda or share0") String source,
            @Descriptor("where; an existing directory") String point) {
        long error = kernel.call(() ->
                kernel.vfs().mount(null, source, place(point, Vfs.FOLLOW | Vfs.DIRECTORY), type, 0, ""));
        check(error, "cannot mount " + source + " as " + type + " on " + point);
    }

    @Descriptor("unmounts what is mounted somewhere and nobody uses")
    public void umount(@Descriptor("where") String point) {
        long error = kernel.call(() -> kernel.vfs().umount(root(), place(point, Vfs.FOLLOW), 0));
        check(error, "cannot unmount " + point);
        host.folders().keySet().stream().filter(name -> !mounted(name)).forEach(host::unplugFolder);
    }

    private boolean mounted(String folder) {
        return kernel.call(() -> kernel.vfs().mounts().stream()
                .anyMatch(mount -> mount.sb.data instanceof HostVolume volume && volume.folder.equals(folder)));
    }

    /** With the kernel lock held, so that it stays where it is while something is done there. */
    private Path place(String path, int flags) {
        Result<Path> place = kernel.vfs().walk(root(), root().fs.cwd, path, flags);
        check(place.error(), path);
        return place.value();
    }

    private static void check(long error, String what) {
        if (error != 0) {
            throw new IllegalArgumentException(what + ": " + Errno.name((int) -error));
        }
    }

    /** The kernel itself, standing at the root. */
    private Task root() {
        Path root = kernel.vfs().mounts().stream()
                .filter(mount -> mount.point == null)
                .map(mount -> new Path(mount, mount.root))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no root yet"));
        return new Task(
                0,
                new Process(0, new Session(0)),
                new FdTable(),
                new FsContext(root, root),
                new SigHandlers(),
                Credentials.ROOT);
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
