package vkernel.shell;

import java.util.Locale;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import vkernel.dev.BlockDevices;
import vkernel.dev.CharDevice;
import vkernel.dev.DeviceNode;
import vkernel.dev.Disk;
import vkernel.fs.Mode;
import vkernel.host.Host;
import vkernel.host.Terminals;
import vkernel.kern.Kernel;
import vkernel.net.Gateway;
import vkernel.net.NetStack.Traffic;

/** Devices: which there are, what they have done, and those that are plugged in and out. */
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
    private final Plugs plugs;

    @Activate
    public DiskCommands(
            @Reference Kernel kernel,
            @Reference Host host,
            @Nullable @Reference(cardinality = ReferenceCardinality.OPTIONAL) Terminals terminals) {
        this.kernel = kernel;
        plugs = new Plugs(kernel, host, terminals);
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
            outside().ifPresent(way -> {
                String link = way.link().orElseThrow().name();
                table.row(Plugs.NET, "net", link, "net", 0, way.use());
                way.published().forEach(port -> table.row(port, "net", link, "port", 0, ""));
            });
        } finally {
            kernel.unlock();
        }
        table.print(session.getConsole(), json);
    }

    private Optional<Gateway> outside() {
        Gateway gateway = kernel.gateway().orNull();
        return gateway == null || gateway.link().isEmpty() ? Optional.empty() : Optional.of(gateway);
    }

    private static String use(Disk.Part part) {
        String holder = part.holder;
        return holder != null ? holder : part.opens > 0 ? "open " + part.opens + " times" : "";
    }

    @Descriptor("plugs a device in: a disk as --disk takes it, 'net user', 'publish 8080:80', 'console pty'")
    public String add(
            @Descriptor("FILE[,ro][,overlay=FILE][,serial=S], or: net user|switch:NAME|unix:FILE, or: publish "
                            + "[ADDR:]HOSTPORT:PORT, or: console pty|unix:FILE|null")
                    String... what) {
        return switch (what.length == 2 ? what[0] : "") {
            case "net" -> plugs.net(what[1]);
            case "publish" -> plugs.publish(what[1]);
            case "console" -> plugs.console(String.valueOf(what[1])); // Gogo takes the word null for nothing
            default -> {
                if (what.length != 1) {
                    throw new IllegalArgumentException(
                            "dev:add FILE, dev:add net WHERE, dev:add publish PORTS, dev:add console KIND");
                }
                yield plugs.disk(what[0]);
            }
        };
    }

    @Descriptor("takes a device away that nobody uses")
    public void remove(@Descriptor("its name, for instance vdb, ttyS1, net0, 8080:80") String name) {
        plugs.remove(name);
    }

    @Descriptor("what disks and net0 have done")
    public void stat(
            CommandSession session,
            @Descriptor("of net0 alone") @Parameter(names = "--net", presentValue = "true", absentValue = "false")
                    boolean net,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        if (net || !json) {
            traffic().print(session.getConsole(), json);
        }
        if (net) {
            return;
        }
        Table table = new Table(
                "disk",
                "reads",
                "read_kb",
                "writes",
                "written_kb",
                "flushes",
                "discards",
                "errors",
                "retries",
                "timeouts",
                "queue",
                "deepest",
                "faults");
        kernel.lock();
        try {
            for (Disk disk : plugs.disks().disks()) {
                table.row(
                        disk.whole().name,
                        disk.reads,
                        disk.bytesRead >> 10,
                        disk.writes,
                        disk.bytesWritten >> 10,
                        disk.flushes,
                        disk.discards,
                        disk.errors,
                        disk.retries,
                        disk.timeouts,
                        disk.inFlight,
                        disk.deepest,
                        faults(disk));
            }
        } finally {
            kernel.unlock();
        }
        table.print(session.getConsole(), json);
    }

    private Table traffic() {
        Table table = new Table("net", "in_kb", "in_frames", "out_kb", "out_frames", "lost", "late", "use");
        kernel.call(() -> {
            outside().ifPresent(way -> {
                Traffic traffic = way.link().orElseThrow().traffic();
                Gateway.Faults faults = way.faults("");
                table.row(
                        Plugs.NET,
                        traffic.receivedBytes() >> 10,
                        traffic.receivedPackets(),
                        traffic.sentBytes() >> 10,
                        traffic.sentPackets(),
                        faults.lost(),
                        faults.late(),
                        way.use());
            });
            return true;
        });
        return table;
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
