package vkernel.shell;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

/** Faults on demand, by count or by seed; {@code fault:list} shows them, and how many requests they have met. */
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
    private static final Pattern RULE = Pattern.compile("(?<kind>read|write|flush|discard) "
            + "(?<effect>error|delay|lost|short|torn)(=(?<millis>[0-9]{1,9}))? every (?<every>[0-9]{1,18})"
            + "( seed (?<seed>[0-9]{1,18}))?");

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

    private Gateway.Faults net(String rules) {
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
        Table table = new Table("device", "what", "effect", "every", "seed", "met");
        kernel.call(() -> {
            for (CharDevice driver : kernel.devices()) {
                for (Disk disk : driver instanceof BlockDevices disks ? disks.disks() : List.<Disk>of()) {
                    for (Disk.Fault fault : disk.faults) {
                        table.row(
                                disk.whole().name,
                                low(fault.kind),
                                low(fault.effect) + (fault.millis > 0 ? "=" + fault.millis : ""),
                                fault.every,
                                fault.seed == null ? "" : fault.seed,
                                fault.met);
                    }
                }
            }
            outside(table);
            return true;
        });
        table.print(session.getConsole(), json);
    }

    private void outside(Table table) {
        Gateway gateway = kernel.gateway().orNull();
        if (gateway == null || gateway.link().isEmpty()) {
            return;
        }
        Gateway.Faults now = gateway.faults("");
        if (now.loss() > 0) {
            table.row(NET, "send", "loss", "%.4f".formatted(now.loss()), now.seed(), now.lost());
        }
        if (now.delayMillis() > 0) {
            table.row(NET, "send", "delay=" + now.delayMillis(), 1, now.seed(), now.late());
        }
    }

    private static String low(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Descriptor("lets requests meet a fault, for instance: fault:add vda read error every 1000")
    public String add(
            @Descriptor("the disk, or net0") String name,
            @Descriptor("KIND EFFECT every N [seed S], or loss 1/10 delay 20 seed 7") String... rules) {
        if (name.equals(NET)) {
            return net(String.join(" ", rules)).toString();
        }
        Disk.Fault fault = parse(String.join(" ", rules));
        kernel.call(() -> disk(name).faults.add(fault));
        return "";
    }

    private static Disk.Fault parse(String rule) {
        Matcher words = RULE.matcher(rule);
        if (!words.matches()) {
            throw new IllegalArgumentException(
                    "'" + rule + "' is not KIND EFFECT every N [seed S], where KIND is read, "
                            + "write, flush or discard, and EFFECT error, delay=MS, lost, short or torn");
        }
        var kind = BlockRequest.Kind.valueOf(words.group("kind").toUpperCase(Locale.ROOT));
        var effect = Disk.Fault.Effect.valueOf(words.group("effect").toUpperCase(Locale.ROOT));
        boolean cut = effect == Disk.Fault.Effect.SHORT || effect == Disk.Fault.Effect.TORN;
        if (cut && kind != BlockRequest.Kind.READ && kind != BlockRequest.Kind.WRITE) {
            throw new IllegalArgumentException("a " + low(kind) + " moves nothing that could be " + low(effect));
        }
        String millis = words.group("millis");
        if ((effect == Disk.Fault.Effect.DELAY) != (millis != null)) {
            throw new IllegalArgumentException("delay=MS wants milliseconds, and nothing else does");
        }
        long every = Math.max(1, Long.parseLong(words.group("every")));
        String seed = words.group("seed");
        return new Disk.Fault(
                kind,
                effect,
                every,
                millis == null ? 0 : Long.parseLong(millis),
                seed == null ? null : Long.valueOf(seed));
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
