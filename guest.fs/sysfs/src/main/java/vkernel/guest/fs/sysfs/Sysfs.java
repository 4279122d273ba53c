package vkernel.guest.fs.sysfs;

import java.nio.charset.StandardCharsets;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.fs.DirSink;
import vkernel.fs.FileSystemType;
import vkernel.fs.FsStat;
import vkernel.fs.Inode;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.SuperBlock;
import vkernel.guest.fs.sysfs.Attributes.Attribute;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Task;

/** The file system {@code sysfs}. An inode's data is its path below /sys. */
@Component(service = FileSystemType.class, property = "fs=sysfs", immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "fs", attribute = "fs=sysfs")
public final class Sysfs implements FileSystemType {
    private static final long MAGIC = 0x6265_6572;
    /** Every attribute says that it is a page long. */
    private static final int SIZE = 4096;

    private static final int FIRST = 2;

    private final Kernel kernel;
    private final Attributes attributes;

    @Activate
    public Sysfs(@Reference Kernel kernel) {
        this.kernel = kernel;
        attributes = new Attributes(kernel);
    }

    @Override
    public String name() {
        return "sysfs";
    }

    @Override
    public Result<SuperBlock> mount(Slot<FileSystemType> self, long device, String source, String options) {
        SuperBlock sb = new SuperBlock(self, device, source);
        sb.root(inode(sb, ""));
        return Result.of(sb);
    }

    /** Disks come and go. */
    @Override
    public boolean cacheable() {
        return false;
    }

    @Override
    public FsStat stat(SuperBlock sb) {
        return new FsStat(MAGIC, SIZE, 0, 0, 0, 0, 0, 255);
    }

    private static String path(Inode inode) {
        if (inode.data instanceof String path) {
            return path;
        }
        throw new IllegalStateException("no path in " + inode);
    }

    private static String child(String folder, String name) {
        return folder.isEmpty() ? name : folder + "/" + name;
    }

    /** Its number: the same as long as it is there, most likely its own. */
    private static long number(String path) {
        return path.isEmpty() ? 1 : (path.hashCode() & 0xffff_ffffL) + FIRST;
    }

    private Inode inode(SuperBlock sb, String path) {
        Attribute attribute = attributes.find(path);
        boolean folder = attribute == null || attribute.folder();
        Inode inode = new Inode(sb, number(path), folder ? Mode.S_IFDIR | 0755 : Mode.S_IFREG | 0444);
        inode.data = path;
        inode.size = folder ? 0 : SIZE;
        inode.nlink = folder ? 2 + folders(path) : 1;
        inode.atime = inode.mtime = inode.ctime = inode.btime = kernel.realtime();
        return inode;
    }

    private int folders(String path) {
        return (int) attributes.children(path).values().stream()
                .filter(Attribute::folder)
                .count();
    }

    @Override
    public Result<Inode> lookup(Task task, Inode dir, String name) {
        String path = child(path(dir), name);
        return attributes.find(path) == null ? Result.error(-Errno.ENOENT) : Result.of(inode(dir.sb, path));
    }

    @Override
    public long readdir(Task task, OpenFile file, DirSink sink) {
        String dir = path(file.inode());
        int type = Mode.S_IFDIR >>> 12;
        if (file.position == 0 && sink.entry(".", number(dir), type, 1)) {
            file.position = 1;
        }
        String parent = dir.contains("/") ? dir.substring(0, dir.lastIndexOf('/')) : "";
        if (file.position == 1 && sink.entry("..", number(parent), type, FIRST)) {
            file.position = FIRST;
        }
        int position = FIRST;
        for (var row : attributes.children(dir).entrySet()) {
            if (position++ != file.position) {
                continue;
            }
            int kind = row.getValue().folder() ? type : Mode.S_IFREG >>> 12;
            if (!sink.entry(row.getKey(), number(child(dir, row.getKey())), kind, position)) {
                return 0;
            }
            file.position = position;
        }
        return 0;
    }

    @Override
    public long open(Task task, OpenFile file) {
        Attribute attribute = attributes.find(path(file.inode()));
        if (attribute == null) {
            return -Errno.ENOENT;
        }
        if (attribute.text() != null) {
            file.data = attribute.text().get().getBytes(StandardCharsets.US_ASCII);
        }
        return 0;
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        if (!(file.data instanceof byte[] text)) {
            return -Errno.EISDIR;
        }
        if (position >= text.length) {
            return 0;
        }
        int n = to.put(text, (int) position, (int) Math.min(text.length - position, to.remaining()));
        return n == 0 && to.faulted() ? -Errno.EFAULT : n;
    }

    /** No attribute can be changed. */
    @Override
    public long write(Task task, OpenFile file, IoBuffer from, long position) {
        return -Errno.EIO;
    }

    @Override
    public long sync(Task task, OpenFile file) {
        return -Errno.EINVAL;
    }
}
