package vkernel.host.sim;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import vkernel.host.BlockFile;
import vkernel.host.HostException;
import vkernel.host.HostException.Reason;
import vkernel.host.MachineConfig;
import vkernel.host.MachineState;
import vkernel.host.Ram;

/** The block files that are open, by name. */
final class Disks {
    private final Map<String, Path> paths;
    private final Ram ram;
    private final boolean inline;
    private final Map<String, Disk> open = new ConcurrentHashMap<>();

    Disks(MachineState state) {
        paths = state.config().blockFiles();
        ram = state.ram();
        inline = state.config().time() == MachineConfig.Time.VIRTUAL;
        state.files().forEach(this::serve);
    }

    /** @throws HostException {@code ABSENT}, {@code BUSY}, {@code IO} */
    BlockFile open(String name) {
        return serve(name, Disk.file(MachineState.named(paths, "block file", name)));
    }

    private Disk serve(String name, FileChannel file) {
        try {
            Path path = MachineState.named(paths, "block file", name);
            Disk disk = new Disk(path, ram, file, inline, () -> open.remove(name));
            open.put(name, disk);
            return disk;
        } catch (IOException e) {
            throw new HostException(Reason.IO, name + ": " + e.getMessage(), e);
        }
    }

    BlockFile opened(String name) {
        Disk disk = open.get(name);
        if (disk == null) throw new HostException(Reason.ABSENT, "block file " + name + " is closed");
        return disk;
    }

    /** Gives up the files, which stay open. */
    Map<String, FileChannel> release() {
        Map<String, FileChannel> files = new HashMap<>();
        open.forEach((name, disk) -> files.put(name, disk.release()));
        open.clear();
        return files;
    }

    void close() {
        open.values().forEach(Disk::close);
    }
}
