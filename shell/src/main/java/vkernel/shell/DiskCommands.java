package vkernel.shell;

import java.util.List;
import java.util.Locale;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.dev.BlockDevices;
import vkernel.dev.CharDevice;
import vkernel.dev.DeviceNode;
import vkernel.dev.Disk;
import vkernel.fs.Mode;
import vkernel.host.BlockSource;
import vkernel.host.Host;
import vkernel.kern.Kernel;

/** Devices: which there are, and disks plugged in and out. */
@Component(
        service = Object.class,
        property = {
            "osgi.command.scope=dev",
            "osgi.command.function=list",
            "osgi.command.function=add",
            "osgi.command.function=remove",
            "osgi.command.function=stat"
        })
public final class DiskCommands {
    private final Kernel kernel;
    private final Host host;

    @Activate
    public DiskCommands(@Reference Kernel kernel, @Reference Host host) {
        this.kernel = kernel;
        this.host = host;
    }

    @Descriptor("the devices there are, and who has them")
    public void list(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table("name", "driver", "number", "kind", "size_kb", "use");
        kernel.lock();
        try {
            for (CharDevice driver : kernel.devices()) {
                for (DeviceNode node : driver.nodes()) {
                    Disk.Part part = driver instanceof BlockDevices disks ? disks.part(node.rdev()) : null;
                    table.row(
                            node.name(),
                            driver.name(),
                            Mode.major(node.rdev()) + ":" + Mode.minor(node.rdev()),
                            node.block() ? "block" : "char",
                            part == null ? 0 : part.length >> 10,
                            part == null ? "" : use(part));
                }
            }
        } finally {
            kernel.unlock();
        }
        table.print(session.getConsole(), json);
    }

    private static String use(Disk.Part part) {
        String holder = part.holder;
        return holder != null ? holder : part.opens > 0 ? "open " + part.opens + " times" : "";
    }

    private BlockDevices disks() {
        for (CharDevice driver : kernel.devices()) {
            if (driver instanceof BlockDevices disks) {
                return disks;
            }
        }
        throw new IllegalArgumentException("this kernel has no driver of disks");
    }

    @Descriptor("plugs a disk in: a file of this machine, as --disk takes it")
    public String add(@Descriptor("FILE[,ro][,overlay=FILE][,serial=S]") String file) {
        BlockSource source = BlockSource.parse(file);
        String name = name();
        host.plug(name, source);
        String why = kernel.call(() -> disks().attach(name) instanceof String refused ? refused : "");
        if (!why.isEmpty()) {
            host.unplugFile(name);
            throw new IllegalArgumentException(why);
        }
        return kernel.call(() -> disks().disks().stream()
                .filter(disk -> disk.host.equals(name))
                .map(disk -> disk.whole().name)
                .findFirst()
                .orElse(name));
    }

    private String name() {
        int number = 0;
        while (host.blockFiles().containsKey("disk%02d".formatted(number))) {
            number++;
        }
        return "disk%02d".formatted(number);
    }

    @Descriptor("takes a disk away that nobody uses")
    public void remove(@Descriptor("its name, for instance vdb") String name) {
        String known = kernel.call(() -> disk(name).host);
        String why = kernel.call(() -> disks().detach(name) instanceof String refused ? refused : "");
        if (!why.isEmpty()) {
            throw new IllegalArgumentException(why);
        }
        host.unplugFile(known);
    }

    private Disk disk(String name) {
        List<Disk> all = disks().disks();
        return all.stream()
                .filter(disk -> disk.whole().name.equals(name) || disk.host.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no disk " + name));
    }

    @Descriptor("what disks have done")
    public void stat(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table(
                "disk",
                "reads",
                "read_kb",
                "writes",
                "written_kb",
                "flushes",
                "discards",
                "errors",
                "queue",
                "deepest",
                "faults");
        kernel.lock();
        try {
            for (Disk disk : disks().disks()) {
                table.row(
                        disk.whole().name,
                        disk.reads,
                        disk.bytesRead >> 10,
                        disk.writes,
                        disk.bytesWritten >> 10,
                        disk.flushes,
                        disk.discards,
                        disk.errors,
                        disk.inFlight,
                        disk.deepest,
                        faults(disk));
            }
        } finally {
            kernel.unlock();
        }
        table.print(session.getConsole(), json);
    }

    private static String faults(Disk disk) {
        return String.join(
                ", ",
                disk.faults.stream()
                        .map(fault -> "%s %s every %d: %d"
                                .formatted(name(fault.kind), name(fault.effect), fault.every, fault.met))
                        .toList());
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
