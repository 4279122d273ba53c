package vkernel.boot.library;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import vkernel.fs.FileSystemType;
import vkernel.host.HostException;
import vkernel.kern.Errno;
import vkernel.kern.Slot;
import vkernel.rump.ErrnoException;
import vkernel.rump.FileTree;
import vkernel.rump.RumpHost;
import vkernel.rump.RumpKernel;

/** The file system on an image of a disk, or of a partition of it. */
public final class DiskImage implements AutoCloseable {
    private static final long MEMORY = 64 << 20;

    private final RumpHost host;
    private final FileTree tree;

    private DiskImage(RumpHost host, FileTree tree) {
        this.host = host;
        this.tree = tree;
    }

    /**
     * Opens an image with whichever file system knows it.
     *
     * @param bundles jars of drivers and file systems
     * @param partition 0 for the whole disk
     * @throws IOException saying what is wrong with it
     */
    public static DiskImage open(List<Path> bundles, Path image, int partition, boolean write) throws IOException {
        if (!Files.isRegularFile(image)) {
            throw new IOException("there is no image " + image);
        }
        RumpKernel kernel = new RumpKernel(MEMORY);
        RumpHost host = new RumpHost(kernel).disk(image, !write);
        Drivers drivers = new Drivers(bundles);
        try {
            kernel.add(drivers.disks(kernel, host));
            FileTree tree = mount(kernel, drivers, "vda" + (partition == 0 ? "" : partition), write);
            return new DiskImage(host, tree);
        } catch (ErrnoException e) {
            host.close();
            throw new IOException(image + ": " + why(e, partition), e);
        } catch (HostException | IllegalStateException e) {
            host.close();
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The first that can mount it; else what the most knowing of them said. */
    private static FileTree mount(RumpKernel kernel, Drivers drivers, String source, boolean write) throws IOException {
        ErrnoException said = new ErrnoException(source, -Errno.EINVAL);
        for (FileSystemType type : drivers.fileSystems(kernel)) {
            Slot<FileSystemType> slot = kernel.add(type);
            try {
                return FileTree.mount(kernel, slot, source, write ? "" : "ro");
            } catch (ErrnoException e) {
                boolean foreign = e.errno() == Errno.EINVAL || e.errno() == Errno.ENODEV;
                said = foreign ? said : e;
            }
        }
        throw said;
    }

    private static String why(ErrnoException e, int partition) {
        return switch (e.errno()) {
            case Errno.EINVAL -> "no file system that is known here";
            case Errno.ENOENT, Errno.ENOTBLK, Errno.ENXIO -> "it has no partition " + partition;
            case Errno.EUCLEAN -> "its file system is damaged, or has features that are not known here";
            default -> e.getMessage();
        };
    }

    public FileTree tree() {
        return tree;
    }

    /** Unmounts it. */
    @Override
    public void close() {
        tree.close();
        host.close();
    }
}
