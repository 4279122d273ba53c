package vkernel.shell;

import java.util.Locale;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.dev.BlockDevices;
import vkernel.dev.BlockRequest;
import vkernel.dev.CharDevice;
import vkernel.dev.Disk;
import vkernel.kern.Kernel;

/** Faults on demand; {@code dev:stat} shows them, and how many requests they have met. */
@Component(
        service = Object.class,
        property = {"osgi.command.scope=fault", "osgi.command.function=add", "osgi.command.function=clear"})
public final class FaultCommands {
    private final Kernel kernel;

    @Activate
    public FaultCommands(@Reference Kernel kernel) {
        this.kernel = kernel;
    }

    private Disk disk(String name) {
        for (CharDevice driver : kernel.devices()) {
            for (Disk disk : driver instanceof BlockDevices disks ? disks.disks() : java.util.List.<Disk>of()) {
                if (disk.whole().name.equals(name) || disk.host.equals(name)) {
                    return disk;
                }
            }
        }
        throw new IllegalArgumentException("there is no disk " + name);
    }

    @Descriptor("lets requests meet a fault, for instance: fault:add vda read error every 1000")
    public void add(
            @Descriptor("the disk") String name,
            @Descriptor("read, write, flush or discard") String kind,
            @Descriptor("error, short, lost (its interrupt), or delay=MILLISECONDS") String effect,
            @Descriptor("the word every") String word,
            @Descriptor("each so-manieth request") long every) {
        if (!word.equals("every")) {
            throw new IllegalArgumentException("fault:add DISK KIND EFFECT every N");
        }
        int equals = effect.indexOf('=');
        Disk.Fault fault = new Disk.Fault(
                BlockRequest.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
                Disk.Fault.Effect.valueOf((equals < 0 ? effect : effect.substring(0, equals)).toUpperCase(Locale.ROOT)),
                Math.max(1, every),
                equals < 0 ? 0 : Long.parseLong(effect.substring(equals + 1)));
        kernel.call(() -> disk(name).faults.add(fault));
    }

    @Descriptor("ends all faults of a disk")
    public void clear(@Descriptor("the disk") String name) {
        kernel.call(() -> {
            disk(name).faults.clear();
            return true;
        });
    }
}
