package vkernel.guest.fs.ext;

import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.dev.BlockDevices;
import vkernel.dev.BlockRequest;
import vkernel.dev.CharDevice;
import vkernel.dev.DeviceNode;
import vkernel.fs.DirSink;
import vkernel.fs.FileSystemType;
import vkernel.fs.FsStat;
import vkernel.fs.Inode;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.fs.Vfs;
import vkernel.fs.Volume;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.OpenState;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;
import vkernel.task.Task;
import vkernel.vm.PageCache;
import vkernel.vm.PageStore;

/** The file system {@code ext4}, which reads and writes its elders too: what Vfs asks of it. */
@Component(service = FileSystemType.class, property = "fs=ext4", immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "fs", attribute = "fs=ext4")
@Requirement(
        namespace = "vkernel.subsystem",
        filter = "(&(vkernel.subsystem=device)(device=disk))",
        effective = "active")
public final class Ext implements FileSystemType, PageStore, BlockRequest.Client, Swappable<OpenState> {
    private static final int SCHEMA = 1;
    private static final long MAGIC = Layout.MAGIC;

    private final Kernel kernel;
    private final Mounting mounting;
    /** Soft: made anew from the volumes. */
    private final Map<SuperBlock, Mounted> mounted = new WeakHashMap<>();

    @Activate
    public Ext(@Reference Kernel kernel) {
        this.kernel = kernel;
        mounting = new Mounting(kernel);
    }

    @Override
    public String name() {
        return "ext4";
    }

    @Override
    public boolean nodev() {
        return false;
    }

    // --- swapping ---------------------------------------------------------------------------------------------------

    /** All state is in super blocks and inodes; what is under way on disks comes to its end first. */
    @Override
    public OpenState release() {
        for (Mounted fs : mounted.values()) {
            if (!fs.sb.readOnly) {
                fs.commits.now();
            }
            fs.contents.settleAll();
            fs.commits.stop();
        }
        mounted.clear();
        return new OpenState(SCHEMA, Map.of());
    }

    @Override
    public void adopt(OpenState state) throws StateRejected {
        if (state.schema() != SCHEMA) {
            throw new StateRejected("schema " + state.schema() + " of ext4");
        }
    }

    private Mounted fs(SuperBlock sb) {
        Mounted known = mounted.get(sb);
        if (known != null) {
            return known;
        }
        if (!(sb.data instanceof Volume volume)) {
            throw new IllegalArgumentException(sb.source + " is of another file system");
        }
        Slot<CharDevice> device = kernel.device(volume.rdev, true);
        if (device == null) {
            throw new IllegalStateException("the disk of " + sb.source + " has gone");
        }
        try {
            Mounted made = new Mounted(kernel, sb, volume, device);
            mounted.put(sb, made);
            made.commits.later();
            return made;
        } catch (Halt e) {
            throw new IllegalStateException(sb.source + " cannot be served: " + e.getMessage(), e);
        }
    }

    // --- mounting ---------------------------------------------------------------------------------------------------

    @Override
    public Result<SuperBlock> mount(Slot<FileSystemType> self, long device, String source, String text) {
        Options options = Options.parse(text);
        if (options == null) {
            return Result.error(-Errno.EINVAL);
        }
        String name = options.device().isEmpty() ? source : options.device();
        long rdev = rdev(name);
        Slot<CharDevice> disk = rdev < 0 ? null : kernel.device(rdev, true);
        if (disk == null) {
            return Result.error(rdev < 0 ? rdev : -Errno.ENXIO);
        }
        Result<Mounted> made = mounting.mount(self, disk, rdev, name, options);
        if (!made.ok()) {
            return made.failure();
        }
        mounted.put(made.value().sb, made.value());
        return Result.of(made.value().sb);
    }

    /** The number of a disk by its name in /dev, or by a path of the task that mounts. */
    private long rdev(String name) {
        String plain = name.startsWith("/dev/") ? name.substring(5) : name;
        for (CharDevice driver : kernel.devices()) {
            for (DeviceNode node : driver.nodes()) {
                if (node.block() && node.name().equals(plain)) {
                    return node.rdev();
                }
            }
        }
        Task task = kernel.current();
        if (task == null) {
            return -Errno.ENOENT;
        }
        Result<Path> place = kernel.vfs().walk(task, task.fs.cwd, name, Vfs.FOLLOW);
        if (!place.ok()) {
            return place.error() == Kernel.BLOCKED ? -Errno.EIO : place.error();
        }
        Inode inode = place.value().inode();
        return inode.type() == Mode.S_IFBLK ? inode.rdev : -Errno.ENOTBLK;
    }

    @Override
    public long remount(SuperBlock sb, String options) {
        return Options.parse(options) == null ? -Errno.EINVAL : 0;
    }

    @Override
    public void unmount(SuperBlock sb) {
        Mounted fs = fs(sb);
        Slot<CharDevice> device = kernel.device(fs.volume.rdev, true);
        CharDevice driver = device == null ? null : device.orNull();
        mounting.end(fs, driver instanceof BlockDevices disks ? disks : null);
        fs.volume.inodes.values().forEach(reference -> {
            Inode inode = reference.get();
            PageCache pages = inode == null ? null : inode.pages;
            if (pages != null) {
                kernel.vm().truncatePages(pages, 0);
            }
        });
        mounted.remove(sb);
    }

    @Override
    public FsStat stat(SuperBlock sb) {
        Mounted fs = fs(sb);
        Layout layout = fs.layout;
        long free = Math.max(0, fs.volume.freeBlocks - fs.volume.promised);
        long overhead = layout.firstData + (long) layout.groups * (2 + layout.inodesPerGroup / layout.inodesPerBlock());
        return new FsStat(
                MAGIC,
                layout.blockSize,
                layout.blocks - overhead,
                free,
                Math.max(0, free - layout.reserved),
                layout.inodes,
                fs.volume.freeInodes,
                255);
    }

    @Override
    public long check(SuperBlock sb, Consumer<String> report) {
        return sb.readOnly ? Check.run(fs(sb), report) : -Errno.EBUSY;
    }

    @Override
    public void sync(SuperBlock sb) {
        if (!sb.readOnly) {
            fs(sb).commits.now();
        }
    }

    @Override
    public long sync(Task task, OpenFile file) {
        SuperBlock sb = file.inode().sb;
        return fs(sb).volume.failure != null
                ? -Errno.EIO
                : sb.readOnly ? 0 : fs(sb).commits.sync(task);
    }

    // --- names ------------------------------------------------------------------------------------------------------

    @Override
    public Result<Inode> lookup(Task task, Inode dir, String name) {
        Mounted fs = fs(dir.sb);
        return fs.look(task, op -> {
            Directories.Entry entry = fs.directories.find(op, dir, name);
            if (entry == null) {
                throw Halt.error(Errno.ENOENT);
            }
            return fs.inodes.get(op, entry.ino());
        });
    }

    private static Names names(Mounted fs) {
        return new Names(fs);
    }

    @Override
    public Result<Inode> create(Task task, Inode dir, String name, int mode, long rdev) {
        Mounted fs = fs(dir.sb);
        return fs.run(task, op -> names(fs).create(op, task, dir, name, mode, rdev));
    }

    @Override
    public Result<Inode> mkdir(Task task, Inode dir, String name, int mode) {
        Mounted fs = fs(dir.sb);
        return fs.run(task, op -> names(fs).mkdir(op, task, dir, name, mode));
    }

    @Override
    public Result<Inode> symlink(Task task, Inode dir, String name, String target) {
        Mounted fs = fs(dir.sb);
        return fs.run(task, op -> names(fs).symlink(op, task, dir, name, target));
    }

    @Override
    public Result<Inode> tmpfile(Task task, Inode dir, int mode) {
        Mounted fs = fs(dir.sb);
        return fs.run(task, op -> names(fs).tmpfile(op, task, dir, mode));
    }

    @Override
    public long link(Task task, Inode dir, String name, Inode target) {
        Mounted fs = fs(dir.sb);
        return fs.run(task, op -> names(fs).link(op, dir, name, target)).error();
    }

    @Override
    public long unlink(Task task, Inode dir, String name, Inode victim) {
        Mounted fs = fs(dir.sb);
        return fs.run(task, op -> names(fs).unlink(op, dir, name, victim)).error();
    }

    @Override
    public long rmdir(Task task, Inode dir, String name, Inode victim) {
        Mounted fs = fs(dir.sb);
        return fs.run(task, op -> names(fs).rmdir(op, dir, name, victim)).error();
    }

    @Override
    public long rename(Task task, Inode from, String oldName, Inode to, String newName, int flags) {
        Mounted fs = fs(from.sb);
        return fs.run(task, op -> names(fs).rename(op, from, oldName, to, newName, flags))
                .error();
    }

    @Override
    public long readdir(Task task, OpenFile file, DirSink sink) {
        Mounted fs = fs(file.inode().sb);
        long before = file.position;
        long error = fs.look(task, op -> {
                    fs.directories.list(op, file, sink);
                    return 0L;
                })
                .error();
        // what has been given is not given again; the rest comes with the next call
        return error == Kernel.BLOCKED && file.position > before ? 0 : error;
    }

    @Override
    public void evict(Inode inode) {
        Mounted fs = fs(inode.sb);
        fs.contents.settle(inode);
        PageCache pages = inode.pages;
        if (pages != null) {
            kernel.vm().truncatePages(pages, 0);
        }
        fs.volume.dirty.remove(inode);
        if (!inode.sb.readOnly) {
            fs.run(null, op -> Names.free(fs, op, inode));
        }
    }

    @Override
    public boolean hasRoom(Inode inode, Map<String, byte[]> xattrs) {
        return fs(inode.sb).xattrs.fit(inode, xattrs);
    }

    @Override
    public void changed(Inode inode) {
        fs(inode.sb).changed(inode);
    }

    // --- contents ---------------------------------------------------------------------------------------------------

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        return fs(file.inode().sb).contents.read(task, file.inode(), to, position);
    }

    @Override
    public long write(Task task, OpenFile file, IoBuffer from, long position) {
        Inode inode = file.inode();
        if (inode.sb.readOnly) {
            return -Errno.EROFS;
        }
        if (inode.swap) {
            return -Errno.ETXTBSY;
        }
        return Inodes.immutable(inode) ? -Errno.EPERM : fs(inode.sb).contents.write(task, inode, from, position);
    }

    @Override
    public @Nullable PageCache pages(OpenFile file) {
        return file.inode().pages;
    }

    @Override
    public long truncate(Task task, Inode inode, long size) {
        return fs(inode.sb).sizes.truncate(task, inode, size);
    }

    @Override
    public long allocate(Task task, Inode inode, int mode, long offset, long length) {
        return fs(inode.sb).sizes.allocate(task, inode, mode, offset, length);
    }

    @Override
    public long blocks(Inode inode) {
        return fs(inode.sb).sizes.blocks(inode);
    }

    @Override
    public long @Nullable [][] places(Inode inode) {
        return fs(inode.sb).sizes.places(inode);
    }

    // --- pages ------------------------------------------------------------------------------------------------------

    @Override
    public long bring(Task task, PageCache cache, long index) {
        Inode inode = cache.file;
        return inode == null ? -Errno.EIO : fs(inode.sb).contents.bring(task, inode, index);
    }

    @Override
    public int fill(PageCache cache, long index, long address) {
        Inode inode = cache.file;
        return inode == null ? -Errno.EIO : fs(inode.sb).contents.fill(inode, index, address);
    }

    @Override
    public void modified(PageCache cache) {
        Inode inode = cache.file;
        if (inode != null && !inode.sb.readOnly) {
            Mounted fs = fs(inode.sb);
            fs.volume.dirty.add(inode);
            fs.volume.changed.add(inode);
            fs.volume.promised += fs.contents.perPage();
            fs.volume.written += Layout.PAGE;
            fs.commits.later();
            if (fs.contents.tooMuch()) {
                fs.commits.soon();
            }
        }
    }

    @Override
    public void writeBack(PageCache cache) {
        Inode inode = cache.file;
        if (inode != null && !inode.sb.readOnly) {
            fs(inode.sb).commits.now();
        }
    }

    @Override
    public void completed(BlockRequest request) {
        if (request.purpose instanceof Inode inode && inode.pages != null) {
            fs(inode.sb).contents.arrived(inode, inode.pages, request);
        } else if (request.purpose instanceof Volume volume) {
            for (Mounted fs : mounted.values()) {
                if (fs.volume == volume) {
                    fs.commits.completed(request);
                    return;
                }
            }
        }
    }
}
