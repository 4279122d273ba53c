package vkernel.guest.fs.ext;

import vkernel.fs.FileSystemType;
import vkernel.fs.FsStat;
import vkernel.fs.Inode;
import vkernel.fs.SuperBlock;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Task;

/** An elder name of ext4, which is what then is mounted (Linux: CONFIG_EXT4_USE_FOR_EXT2). */
abstract class Elder implements FileSystemType {
    private final Kernel kernel;
    private final String name;

    Elder(Kernel kernel, String name) {
        this.kernel = kernel;
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean nodev() {
        return false;
    }

    @Override
    public Result<SuperBlock> mount(Slot<FileSystemType> self, long device, String source, String options) {
        Slot<FileSystemType> ext4 = kernel.fileSystem("ext4");
        FileSystemType type = ext4 == null ? null : ext4.orNull();
        return ext4 == null || type == null ? Result.error(-Errno.ENODEV) : type.mount(ext4, device, source, options);
    }

    /** Nothing is mounted under this name. */
    @Override
    public Result<Inode> lookup(Task task, Inode dir, String name) {
        return Result.error(-Errno.ENOENT);
    }

    @Override
    public FsStat stat(SuperBlock sb) {
        return sb.fs().stat(sb);
    }
}
