package vkernel.rump;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import vkernel.host.BlockFile;
import vkernel.host.BlockSource;
import vkernel.host.Host;
import vkernel.host.HostException;

/** The machine around a {@link RumpKernel}: disks in files. */
public final class RumpHost implements AutoCloseable {
    private final RumpMemory memory;
    private final Map<String, BlockSource> sources = new HashMap<>();
    private final Map<String, BlockFile> opened = new HashMap<>();
    private final Host host = Partial.of(Host.class, this);

    public RumpHost(RumpKernel kernel) {
        memory = kernel.memory();
    }

    /** This machine as drivers know it. */
    public Host host() {
        return host;
    }

    /** Plugs an image in as the next disk, before the driver is asked for its disks: the first is {@code vda}. */
    public RumpHost disk(Path image, boolean readOnly) {
        sources.put("disk" + sources.size(), new BlockSource(image, readOnly, null, ""));
        return this;
    }

    public Map<String, BlockSource> blockFiles() {
        return Map.copyOf(sources);
    }

    public BlockFile open(String name) {
        BlockSource source = sources.get(name);
        if (source == null) {
            throw new HostException(HostException.Reason.ABSENT, "there is no disk " + name);
        }
        BlockFile file = ImageFile.open(source.path(), source.readOnly(), memory);
        opened.put(name, file);
        return file;
    }

    /** Closes the images. */
    @Override
    public void close() {
        opened.values().forEach(BlockFile::close);
        opened.clear();
    }
}
