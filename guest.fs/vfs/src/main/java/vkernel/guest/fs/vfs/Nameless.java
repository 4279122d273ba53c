package vkernel.guest.fs.vfs;

import vkernel.fs.FileSystemType;
import vkernel.fs.FsStat;
import vkernel.fs.Inode;
import vkernel.fs.SuperBlock;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Task;

/** Where files without a name belong: pipes, sockets (Linux: pipefs, sockfs, anon_inodefs). Cannot be mounted. */
final class Nameless implements FileSystemType {
    private static final long PIPEFS_MAGIC = 0x50495045;

    @Override
    public String name() {
        return "anonymous";
    }

    @Override
    public Result<SuperBlock> mount(Slot<FileSystemType> self, long device, String source, String options) {
        return Result.error(-Errno.EINVAL);
    }

    @Override
    public Result<Inode> lookup(Task task, Inode dir, String name) {
        return Result.error(-Errno.ENOENT);
    }

    @Override
    public FsStat stat(SuperBlock sb) {
        return new FsStat(PIPEFS_MAGIC, 4096, 0, 0, 0, 0, 0, 255);
    }
}
