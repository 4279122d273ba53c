package vkernel.guest.fs.devfs;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.fs.DirSink;
import vkernel.fs.FileSystemType;
import vkernel.fs.FsStat;
import vkernel.fs.Inode;
import vkernel.fs.IoBuffer;
import vkernel.fs.OpenFile;
import vkernel.fs.SuperBlock;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Task;
import vkernel.vm.PageCache;

/** The file system {@code devtmpfs}: tmpfs, with {@link Nodes} looked after whenever somebody looks. */
@Component(service = FileSystemType.class, property = "fs=devtmpfs", immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "fs", attribute = "fs=devtmpfs")
@Requirement(namespace = "vkernel.subsystem", filter = "(&(vkernel.subsystem=fs)(fs=tmpfs))", effective = "active")
public final class Devfs implements FileSystemType {
    private final Kernel kernel;
    private final Nodes nodes;

    @Activate
    public Devfs(@Reference Kernel kernel) {
        this.kernel = kernel;
        nodes = new Nodes(kernel);
    }

    /** The tmpfs of now: it may be another one at the next call. */
    static FileSystemType tmpfs(Kernel kernel) {
        Slot<FileSystemType> slot = kernel.fileSystem("tmpfs");
        if (slot == null) {
            throw new IllegalStateException("there is no tmpfs");
        }
        return slot.get();
    }

    private FileSystemType tmpfs() {
        return tmpfs(kernel);
    }

    @Override
    public String name() {
        return "devtmpfs";
    }

    /** Nodes come and go by themselves. */
    @Override
    public boolean cacheable() {
        return false;
    }

    @Override
    public Result<SuperBlock> mount(Slot<FileSystemType> self, long device, String source, String options) {
        boolean named = options.startsWith("mode=") || options.contains(",mode=");
        String all = named ? options : options.isEmpty() ? "mode=755" : options + ",mode=755";
        return tmpfs().mount(self, device, source, all);
    }

    @Override
    public long remount(SuperBlock sb, String options) {
        return tmpfs().remount(sb, options);
    }

    @Override
    public void unmount(SuperBlock sb) {
        tmpfs().unmount(sb);
    }

    @Override
    public FsStat stat(SuperBlock sb) {
        return tmpfs().stat(sb);
    }

    @Override
    public void evict(Inode inode) {
        tmpfs().evict(inode);
    }

    // --- names ------------------------------------------------------------------------------------------------------

    @Override
    public Result<Inode> lookup(Task task, Inode dir, String name) {
        nodes.refresh(task, dir.sb);
        return tmpfs().lookup(task, dir, name);
    }

    @Override
    public long readdir(Task task, OpenFile file, DirSink sink) {
        nodes.refresh(task, file.inode().sb);
        return tmpfs().readdir(task, file, sink);
    }

    @Override
    public Result<Inode> create(Task task, Inode dir, String name, int mode, long rdev) {
        return tmpfs().create(task, dir, name, mode, rdev);
    }

    @Override
    public Result<Inode> mkdir(Task task, Inode dir, String name, int mode) {
        return tmpfs().mkdir(task, dir, name, mode);
    }

    @Override
    public Result<Inode> symlink(Task task, Inode dir, String name, String target) {
        return tmpfs().symlink(task, dir, name, target);
    }

    @Override
    public Result<Inode> tmpfile(Task task, Inode dir, int mode) {
        return tmpfs().tmpfile(task, dir, mode);
    }

    @Override
    public long link(Task task, Inode dir, String name, Inode target) {
        return tmpfs().link(task, dir, name, target);
    }

    @Override
    public long unlink(Task task, Inode dir, String name, Inode victim) {
        return tmpfs().unlink(task, dir, name, victim);
    }

    @Override
    public long rmdir(Task task, Inode dir, String name, Inode victim) {
        return tmpfs().rmdir(task, dir, name, victim);
    }

    @Override
    public long rename(Task task, Inode from, String oldName, Inode to, String newName, int flags) {
        return tmpfs().rename(task, from, oldName, to, newName, flags);
    }

    // --- contents of the files that users make ----------------------------------------------------------------------

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        return tmpfs().read(task, file, to, position);
    }

    @Override
    public long write(Task task, OpenFile file, IoBuffer from, long position) {
        return tmpfs().write(task, file, from, position);
    }

    @Override
    public @Nullable PageCache pages(OpenFile file) {
        return tmpfs().pages(file);
    }

    @Override
    public long truncate(Task task, Inode inode, long size) {
        return tmpfs().truncate(task, inode, size);
    }

    @Override
    public long allocate(Task task, Inode inode, int mode, long offset, long length) {
        return tmpfs().allocate(task, inode, mode, offset, length);
    }
}
