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
import vkernel.dev.BlockRequest;
import vkernel.dev.CharDevice;
import vkernel.dev.Disk;
import vkernel.kern.Kernel;
import vkernel.net.Gateway;

/** Faults on demand; {@code dev:stat} shows them, and how many requests they have met. */
@Component(
        service = Object.class,
        property = {
            "osgi.command.scope=fault",
            "osgi.command.function=add",
            "osgi.command.function=list",
            "osgi.command.function=clear"
        })
public final class FaultCommands {
    private static final String NET = "net0";

    private final Kernel kernel;

    @Activate
    public FaultCommands(@Reference Kernel kernel) {
        this.kernel = kernel;
    }

    private Disk disk(String name) {
        for (CharDevice driver : kernel.devices()) {
            for (Disk disk : driver instanceof BlockDevices disks ? disks.disks() : List.<Disk>of()) {
                if (disk.whole().name.equals(name) || disk.host.equals(name)) {
                    return disk;
                }
            }
        }
        throw new IllegalArgumentException("there is no disk " + name);
    }

    private String net(String rules) {
        return kernel.call(() -> {
            Gateway gateway = kernel.gateway().orNull();
            if (gateway == null) {
                throw new IllegalArgumentException("this kernel has no way out");
            }
            return gateway.faults(rules);
        });
    }

    @Descriptor("the faults that are set, and how many requests each has met")
    public void list(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table("device", "what", "effect", "every", "met");
        kernel.call(() -> {
            for (CharDevice driver : kernel.devices()) {
                for (Disk disk : driver instanceof BlockDevices disks ? disks.disks() : List.<Disk>of()) {
                    for (Disk.Fault fault : disk.faults) {
                        table.row(disk.whole().name, low(fault.kind), low(fault.effect), fault.every, fault.met);
                    }
                }
            }
            return true;
        });
        table.print(session.getConsole(), json);
    }

    private static String low(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Descriptor("lets requests meet a fault, for instance: fault:add vda read error every 1000")
    public String add(
            @Descriptor("the disk, or net0") String name,
            @Descriptor("KIND EFFECT every N, or loss 1/10 delay 20 seed 7") String... rules) {
        if (name.equals(NET)) {
            return net(String.join(" ", rules));
        }
        if (rules.length != 4 || !rules[2].equals("every") || !rules[3].matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("fault:add DISK KIND EFFECT every N, or fault:add net0 RULES");
        }
        String kind = rules[0];
        String effect = rules[1];
        long every = Long.parseLong(rules[3]);
        int equals = effect.indexOf('=');
        Disk.Fault fault = new Disk.Fault(
                BlockRequest.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
                Disk.Fault.Effect.valueOf((equals < 0 ? effect : effect.substring(0, equals)).toUpperCase(Locale.ROOT)),
                Math.max(1, every),
                equals < 0 ? 0 : Long.parseLong(effect.substring(equals + 1)));
        kernel.call(() -> disk(name).faults.add(fault));
        return "";
    }

    @Descriptor("ends all faults of a disk, or of net0")
    public void clear(@Descriptor("the disk") String name) {
        if (name.equals(NET)) {
            net("none");
            return;
        }
        kernel.call(() -> {
            disk(name).faults.clear();
            return true;
        });
    }
}
