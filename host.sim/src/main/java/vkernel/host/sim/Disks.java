package vkernel.host.sim;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import vkernel.host.BlockFile;
import vkernel.host.BlockSource;
import vkernel.host.HostException;
import vkernel.host.HostException.Reason;
import vkernel.host.MachineConfig;
import vkernel.host.MachineState;
import vkernel.host.Ram;

/** The block files that are open, by name. */
final class Disks {
    private final Map<String, BlockSource> sources;
    private final Ram ram;
    private final boolean inline;
    private final Map<String, Disk> open = new ConcurrentHashMap<>();

    Disks(MachineState state) {
        sources = state.blockFiles();
        ram = state.ram();
        inline = state.config().time() == MachineConfig.Time.VIRTUAL;
        state.files().forEach((name, files) -> serve(name, files, false));
    }

    private BlockSource source(String name) {
        return MachineState.named(sources, "block file", name);
    }

    /** @throws HostException {@code ABSENT}, {@code BUSY}, {@code IO} */
    BlockFile open(String name) {
        return serve(name, HostFiles.open(source(name)), true);
    }

    /** @param fresh whether an overlay's base is to be looked at */
    private Disk serve(String name, List<FileChannel> files, boolean fresh) {
        try {
            BlockSource source = source(name);
            Disk disk = new Disk(name, source, ram, storage(files, fresh), inline, () -> open.remove(name));
            open.put(name, disk);
            return disk;
        } catch (IOException e) {
            HostFiles.close(files);
            throw new HostException(Reason.IO, source(name).paths().getLast() + ": " + e.getMessage(), e);
        }
    }

    private static Storage storage(List<FileChannel> files, boolean fresh) throws IOException {
        FileChannel base = files.getFirst();
        if (files.size() == 1) return new Storage.Plain(base, base.size());
        Overlay overlay = new Overlay(base, files.getLast());
        if (fresh) overlay.check();
        return overlay;
    }

    BlockFile opened(String name) {
        Disk disk = open.get(name);
        if (disk == null) throw new HostException(Reason.ABSENT, "block file " + name + " is closed");
        return disk;
    }

    void unplug(String name) {
        if (open.containsKey(name)) throw new HostException(Reason.BUSY, name + " is open");
        sources.remove(name);
    }

    /** Gives up the files, which stay open. */
    Map<String, List<FileChannel>> release() {
        Map<String, List<FileChannel>> files = new HashMap<>();
        open.forEach((name, disk) -> files.put(name, disk.release()));
        open.clear();
        return files;
    }

    void close() {
        open.values().forEach(Disk::close);
    }
}
