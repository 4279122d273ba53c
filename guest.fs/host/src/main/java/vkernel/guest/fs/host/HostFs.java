package vkernel.guest.fs.host;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.fs.DirSink;
import vkernel.fs.FileSystemType;
import vkernel.fs.FsStat;
import vkernel.fs.HostInode;
import vkernel.fs.Inode;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.OpenFile;
import vkernel.fs.SuperBlock;
import vkernel.host.Folder;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.kern.Timer;
import vkernel.task.Task;
import vkernel.vm.PageCache;
import vkernel.vm.PageStore;

/** The file system {@code host}: what Vfs asks of it, done by {@link Names}, {@link Contents} and {@link Listings}. */
@Component(service = FileSystemType.class, property = "fs=host", immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "fs", attribute = "fs=host")
public final class HostFs implements FileSystemType, PageStore {
    private static final Logger LOG = LoggerFactory.getLogger(HostFs.class);
    /** V9FS_MAGIC: a folder of somebody else's. */
    private static final long MAGIC = 0x0102_1997;
    /** Pages that a mapping has modified are written within this time. */
    private static final long INTERVAL = 5_000_000_000L;

    private final Kernel kernel;
    private final Host host;
    private final Nodes nodes;
    private final Names names;
    private final Contents contents;
    private final Timer timer;

    @Activate
    public HostFs(@Reference Kernel kernel, @Reference Host host) {
        this.kernel = kernel;
        this.host = host;
        nodes = new Nodes(host);
        contents = new Contents(kernel, nodes);
        nodes.changed(contents::changed);
        names = new Names(nodes);
        timer = kernel.timer(this::writeBack);
        timer.arm(kernel.now() + INTERVAL); // the one before may have left something to be written
    }

    @Deactivate
    void deactivate() {
        kernel.call(() -> {
            timer.arm(Long.MAX_VALUE);
            return true;
        });
    }

    private void writeBack() {
        Set<SuperBlock> mounted = new HashSet<>();
        for (Mount mount : kernel.vfs().mounts()) {
            if (mount.sb.type.orNull() == this && mounted.add(mount.sb)) {
                contents.flush(mount.sb);
            }
        }
    }

    @Override
    public String name() {
        return "host";
    }

    /** What is shown may have changed since. */
    @Override
    public boolean cacheable() {
        return false;
    }

    @Override
    public boolean stable() {
        return true;
    }

    // --- the whole --------------------------------------------------------------------------------------------------

    /** Options: {@code folder=NAME}, else the source is the folder's name; {@code uid=N}, {@code gid=N}. */
    @Override
    public Result<SuperBlock> mount(Slot<FileSystemType> self, long device, String source, String text) {
        Options options = Options.parse(text, source);
        if (options == null) {
            return Result.error(-Errno.EINVAL);
        }
        try {
            Folder folder = host.folder(options.folder());
            SuperBlock sb = new SuperBlock(self, device, source);
            sb.readOnly = folder.readOnly();
            sb.options = options.shown();
            long error = nodes.root(sb, options.volume());
            return error == 0 ? Result.of(sb) : Result.error(error);
        } catch (HostException e) {
            LOG.warn("{}", e.getMessage());
            return Result.error(-Errno.ENODEV);
        }
    }

    @Override
    public void unmount(SuperBlock sb) {
        contents.flush(sb);
        for (Inode inode : nodes.all(sb)) {
            contents.drop(inode);
            nodes.release(inode);
        }
    }

    @Override
    public void sync(SuperBlock sb) {
        contents.flush(sb);
        for (Inode inode : nodes.all(sb)) {
            long handle = Nodes.data(inode).handle;
            if (handle >= 0) {
                nodes.folder(inode).sync(handle);
            }
        }
    }

    @Override
    public FsStat stat(SuperBlock sb) {
        long[] space = new long[7];
        long error = nodes.folder(sb.root()).space(space);
        return error != 0
                ? new FsStat(MAGIC, 4096, 0, 0, 0, 0, 0, 255)
                : new FsStat(MAGIC, (int) space[0], space[1], space[2], space[3], space[4], space[5], (int) space[6]);
    }

    @Override
    public void evict(Inode inode) {
        contents.drop(inode);
        nodes.forget(inode);
    }

    // --- names ------------------------------------------------------------------------------------------------------

    @Override
    public Result<Inode> lookup(Task task, Inode dir, String name) {
        return names.lookup(dir, name);
    }

    @Override
    public Result<Inode> create(Task task, Inode dir, String name, int mode, long rdev) {
        boolean regular = (mode & Mode.S_IFMT) == Mode.S_IFREG;
        return regular ? names.create(dir, name, mode) : Result.error(-Errno.EPERM);
    }

    @Override
    public Result<Inode> mkdir(Task task, Inode dir, String name, int mode) {
        return names.mkdir(dir, name, mode);
    }

    @Override
    public Result<Inode> symlink(Task task, Inode dir, String name, String target) {
        return names.symlink(dir, name, target);
    }

    @Override
    public Result<String> readlink(Task task, Inode link) {
        return names.readlink(link);
    }

    @Override
    public long link(Task task, Inode dir, String name, Inode target) {
        return names.link(dir, name, target);
    }

    @Override
    public long unlink(Task task, Inode dir, String name, Inode victim) {
        return names.unlink(dir, name, victim);
    }

    @Override
    public long rmdir(Task task, Inode dir, String name, Inode victim) {
        return names.rmdir(dir, name, victim);
    }

    @Override
    public long rename(Task task, Inode from, String oldName, Inode to, String newName, int flags) {
        return names.rename(from, oldName, to, newName, flags);
    }

    @Override
    public void refresh(Inode inode) {
        nodes.refresh(inode);
    }

    @Override
    public long change(Inode inode, int mode, int uid, int gid, long atime, long mtime) {
        return nodes.change(inode, mode, uid, gid, atime, mtime);
    }

    // --- open files -------------------------------------------------------------------------------------------------

    @Override
    public long open(Task task, OpenFile file) {
        Inode inode = file.inode();
        return inode.directory() ? 0 : inode.regular() ? contents.open(inode, file.writable()) : -Errno.EACCES;
    }

    @Override
    public void release(OpenFile file) {
        if (file.inode().regular()) {
            contents.close(file.inode());
        }
    }

    @Override
    public long readdir(Task task, OpenFile file, DirSink sink) {
        return Listings.read(nodes, file, sink);
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        return contents.read(file.inode(), to, position);
    }

    @Override
    public long write(Task task, OpenFile file, IoBuffer from, long position) {
        return contents.write(file.inode(), from, position);
    }

    @Override
    public long end(OpenFile file) {
        nodes.refresh(file.inode());
        return file.inode().length();
    }

    @Override
    public @Nullable PageCache pages(OpenFile file) {
        nodes.refresh(file.inode());
        return file.inode().pages;
    }

    @Override
    public long truncate(Task task, Inode inode, long size) {
        return contents.truncate(inode, size);
    }

    @Override
    public long allocate(Task task, Inode inode, int mode, long offset, long length) {
        return contents.allocate(inode, mode, offset, length);
    }

    @Override
    public long sync(Task task, OpenFile file) {
        return contents.sync(file.inode());
    }

    // --- pages ------------------------------------------------------------------------------------------------------

    @Override
    public int fill(PageCache cache, long index, long address) {
        Inode inode = cache.file;
        return inode == null ? -Errno.EIO : contents.fill(inode, index, address);
    }

    @Override
    public void modified(PageCache cache) {
        Inode inode = cache.file;
        if (inode != null && Nodes.volume(inode).dirty.add(inode) && timer.deadline() == Long.MAX_VALUE) {
            timer.arm(kernel.now() + INTERVAL);
        }
    }

    @Override
    public void writeBack(PageCache cache) {
        Inode inode = cache.file;
        if (inode != null) {
            contents.flush(inode);
        }
    }

    /** What is kept of a file; for tests. */
    static HostInode data(Inode inode) {
        return Nodes.data(inode);
    }
}
