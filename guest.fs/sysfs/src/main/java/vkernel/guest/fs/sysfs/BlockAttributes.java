package vkernel.guest.fs.sysfs;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import vkernel.dev.BlockDevices;
import vkernel.dev.CharDevice;
import vkernel.dev.Disk;
import vkernel.fs.Mode;
import vkernel.kern.Kernel;

/** Disks and partitions below /sys/block and /sys/class/block, as they are now (Linux: sysfs-block, part_attr). */
final class BlockAttributes {
    private static final int SECTOR = 512;

    private final Kernel kernel;

    BlockAttributes(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Texts by path. */
    Map<String, Supplier<String>> all() {
        Map<String, Supplier<String>> all = new TreeMap<>();
        for (CharDevice driver : kernel.devices()) {
            if (driver instanceof BlockDevices disks) {
                disks.disks().forEach(disk -> disk(disk, (path, text) -> all.put(path, () -> text + "\n")));
            }
        }
        return all;
    }

    private static void disk(Disk disk, BiConsumer<String, Object> to) {
        String path = "block/" + disk.whole().name + "/";
        to.accept(path + "serial", disk.serial);
        to.accept(path + "removable", 0);
        to.accept(path + "queue/logical_block_size", SECTOR);
        to.accept(path + "queue/rotational", 0);
        to.accept(path + "stat", stat(disk));
        for (Disk.Part part : disk.parts) {
            part(disk, part, part == disk.whole() ? path : path + part.name + "/", to);
            part(disk, part, "class/block/" + part.name + "/", to);
        }
    }

    private static void part(Disk disk, Disk.Part part, String path, BiConsumer<String, Object> to) {
        to.accept(path + "dev", Mode.major(part.rdev) + ":" + Mode.minor(part.rdev));
        to.accept(path + "size", part.length / SECTOR);
        to.accept(path + "ro", disk.readOnly ? 1 : 0);
        if (part != disk.whole()) {
            to.accept(path + "start", part.start / SECTOR);
            to.accept(path + "partition", part.name.substring(disk.whole().name.length()));
        }
    }

    /** Requests and sectors; times are not kept (Documentation/block/stat.rst). */
    private static String stat(Disk disk) {
        return "%8d %8d %8d %8d %8d %8d %8d %8d %8d %8d %8d %8d %8d %8d %8d %8d %8d"
                .formatted(
                        disk.reads,
                        0,
                        disk.bytesRead / SECTOR,
                        0,
                        disk.writes,
                        0,
                        disk.bytesWritten / SECTOR,
                        0,
                        disk.inFlight,
                        0,
                        0,
                        disk.discards,
                        0,
                        0,
                        0,
                        disk.flushes,
                        0);
    }
}
