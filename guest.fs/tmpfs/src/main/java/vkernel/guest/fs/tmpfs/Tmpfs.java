package vkernel.guest.fs.tmpfs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.fs.DirEntries;
import vkernel.fs.DirSink;
import vkernel.fs.FileSystemType;
import vkernel.fs.FsStat;
import vkernel.fs.Inode;
import vkernel.fs.IoBuffer;
import vkernel.fs.OpenFile;
import vkernel.fs.SuperBlock;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Task;
import vkernel.vm.PageCache;

/** The file system {@code tmpfs}: what Vfs asks of it, done by {@link Names} and {@link Contents}. */
@Component(service = FileSystemType.class, property = "fs=tmpfs", immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "fs", attribute = "fs=tmpfs")
public final class Tmpfs implements FileSystemType {
    private static final long MAGIC = 0x01021994;
    private static final int PAGE = 4096;

    private final Kernel kernel;
    private final Contents contents;
    private final Names names;

    @Activate
    public Tmpfs(@Reference Kernel kernel) {
        this.kernel = kernel;
        contents = new Contents(kernel);
        names = new Names(kernel);
    }

    @Override
    public String name() {
        return "tmpfs";
    }

    @Override
    public Result<SuperBlock> mount(Slot<FileSystemType> self, long device, String source, String text) {
        long ram = kernel.vm().stats().total();
        Options options = Options.parse(
                text, ram, Options.initial(ram, Runtime.getRuntime().maxMemory()));
        if (options == null) {
            return Result.error(-Errno.EINVAL);
        }
        SuperBlock sb = new SuperBlock(self, device, source);
        options.limit(sb);
        names.root(sb, options);
        return Result.of(sb);
    }

    @Override
    public long remount(SuperBlock sb, String text) {
        Options now = new Options(sb.maxPages, sb.maxInodes, 0, 0, 0);
        Options options = Options.parse(text, kernel.vm().stats().total(), now);
        if (options == null || tooSmall(options.maxPages(), sb.pages) || tooSmall(options.maxInodes(), sb.inodes)) {
            return -Errno.EINVAL;
        }
        options.limit(sb);
        return 0;
    }

    private static boolean tooSmall(long limit, long used) {
        return limit != 0 && limit < used;
    }

    @Override
    public void unmount(SuperBlock sb) {
        Deque<Inode> directories = new ArrayDeque<>();
        directories.push(sb.root());
        while (!directories.isEmpty()) {
            DirEntries entries = directories.pop().entries;
            for (var e = first(entries); e != null; e = entries.from(e.position() + 1)) {
                contents.free(e.inode());
                if (e.inode().directory()) {
                    directories.push(e.inode());
                }
            }
        }
    }

    private static DirEntries.@Nullable Entry first(@Nullable DirEntries entries) {
        return entries == null ? null : entries.from(DirEntries.FIRST);
    }

    @Override
    public FsStat stat(SuperBlock sb) {
        long free = sb.maxPages == 0 ? 0 : Math.max(0, sb.maxPages - sb.pages);
        long freeInodes = sb.maxInodes == 0 ? 0 : Math.max(0, sb.maxInodes - sb.inodes);
        return new FsStat(MAGIC, PAGE, sb.maxPages, free, free, sb.maxInodes, freeInodes, 255);
    }

    @Override
    public void evict(Inode inode) {
        contents.free(inode);
        inode.sb.inodes--;
    }

    // --- names ------------------------------------------------------------------------------------------------------

    @Override
    public Result<Inode> lookup(Task task, Inode dir, String name) {
        DirEntries entries = dir.entries;
        Inode found = entries == null ? null : entries.get(name);
        return found == null ? Result.error(-Errno.ENOENT) : Result.of(found);
    }

    @Override
    public Result<Inode> create(Task task, Inode dir, String name, int mode, long rdev) {
        return names.create(task, dir, name, mode, rdev);
    }

    @Override
    public Result<Inode> mkdir(Task task, Inode dir, String name, int mode) {
        return names.mkdir(task, dir, name, mode);
    }

    @Override
    public Result<Inode> symlink(Task task, Inode dir, String name, String target) {
        return names.symlink(task, dir, name, target);
    }

    @Override
    public Result<Inode> tmpfile(Task task, Inode dir, int mode) {
        return names.tmpfile(task, dir, mode);
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
        return names.rename(task, from, oldName, to, newName, flags);
    }

    @Override
    public long readdir(Task task, OpenFile file, DirSink sink) {
        return names.readdir(file, sink);
    }

    @Override
    public int flags() {
        return Inode.IMMUTABLE | Inode.APPEND | Inode.NODUMP | Inode.NOATIME;
    }

    @Override
    public boolean whiteouts() {
        return true;
    }

    @Override
    public boolean hasRoom(Inode inode, Map<String, byte[]> xattrs) {
        return Names.room(inode.sb, 0);
    }

    // --- contents ---------------------------------------------------------------------------------------------------

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        PageCache pages = file.inode().pages;
        return pages == null ? -Errno.EINVAL : kernel.vm().readPages(pages, position, to);
    }

    @Override
    public long write(Task task, OpenFile file, IoBuffer from, long position) {
        return contents.write(file.inode(), from, position);
    }

    @Override
    public @Nullable PageCache pages(OpenFile file) {
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
}
