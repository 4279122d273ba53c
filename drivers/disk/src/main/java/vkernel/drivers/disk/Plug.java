package vkernel.drivers.disk;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.dev.Disk;
import vkernel.host.BlockFile;
import vkernel.kern.End;
import vkernel.kern.Kernel;

/** Disks that come and go. */
final class Plug {
    private static final Logger LOG = LoggerFactory.getLogger(Plug.class);

    /** A disk of an open file. */
    static Disk disk(int index, String host, BlockFile file) {
        Disk disk = new Disk(index, host, file, file.size(), file.readOnly(), file.serial());
        disk.parts.add(new Disk.Part(Names.of(index, 0), Names.rdev(index, 0), 0, file.size()));
        LOG.info(
                "{}: {} KiB, serial {}{}",
                disk.whole().name,
                disk.size >> 10,
                disk.serial,
                disk.readOnly ? ", read-only" : "");
        return disk;
    }

    /** A disk that the machine was given and that cannot be had: without it the kernel does not come up. */
    static void refused(Kernel kernel, String name, String why) {
        LOG.warn("{}: {}", name, why);
        kernel.shutdown(new End(End.Kind.PANIC, 255, "disk: " + why));
    }

    /** Why a disk cannot be taken away; null when it can. */
    static @Nullable String use(Disk disk) {
        for (Disk.Part part : disk.parts) {
            if (part.holder != null) {
                return part.name + " is in use: " + part.holder;
            }
            if (part.opens > 0) {
                return part.name + " is in use: open " + part.opens + " times";
            }
        }
        return disk.inFlight > 0 ? disk.whole().name + " is in use: requests are under way" : null;
    }

    private Plug() {}
}
