package example;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Task;

/**
 * One directory of computed files that can be read.
 *
 * <p>The kernel walks paths, checks permissions and looks after descriptors; it asks here for what only this file system
 * knows. An inode (file) of ours holds its name in {@code data}, an open file its text.
 */
@Component(service = FileSystemType.class, property = "fs=example", immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "fs", attribute = "fs=example")
public final class Example implements FileSystemType {
    /** What statfs(2) tells: a number that no other file system has. */
    private static final long MAGIC = 0x45584d50;

    private final Kernel kernel;
    private final Files files;

    @Activate
    public Example(@Reference Kernel kernel) {
        this.kernel = kernel;
        this.files = new Files(kernel);
    }

    /** The TYPE of {@code mount -t TYPE}. */
    @Override
    public String name() {
        return "example";
    }

    /** The kernel must ask each time: files may come and go with the next version of this bundle. */
    @Override
    public boolean cacheable() {
        return false;
    }

    /** mount(2): makes a root directory. */
    @Override
    public Result<SuperBlock> mount(Slot<FileSystemType> self, long device, String source, String options) {
        SuperBlock sb = new SuperBlock(self, device, source);
        sb.root(inode(sb, 1, Mode.S_IFDIR | 0555));
        return Result.of(sb);
    }

    private Inode inode(SuperBlock sb, long number, int mode) {
        Inode inode = new Inode(sb, number, mode);
        inode.atime = inode.mtime = inode.ctime = inode.btime = kernel.realtime();
        return inode;
    }

    /** Finds a name in a directory; there is only one directory. */
    @Override
    public Result<Inode> lookup(Task task, Inode dir, String name) {
        if (!files.has(name)) {
            return Result.error(-Errno.ENOENT);
        }
        Inode inode = inode(dir.sb, files.number(name), Mode.S_IFREG | 0444);
        inode.data = name;
        return Result.of(inode);
    }

    /** getdents64(2): the names from the file's position on, as far as there is room. */
    @Override
    public long readdir(Task task, OpenFile file, DirSink sink) {
        long at = 0;
        for (String dots : new String[] {".", ".."}) {
            if (at++ == file.position && sink.entry(dots, 1, Mode.S_IFDIR >>> 12, at)) {
                file.position = at;
            }
        }
        for (String name : files.names()) {
            if (at++ == file.position && sink.entry(name, files.number(name), Mode.S_IFREG >>> 12, at)) {
                file.position = at;
            }
        }
        return 0;
    }

    /** open(2): computes the text, once for each opening, so that a reader sees one moment. */
    @Override
    public long open(Task task, OpenFile file) {
        if (file.inode().data instanceof String name) {
            if (!files.has(name)) {
                return -Errno.ENOENT;
            }
            file.data = files.text(name).getBytes(UTF_8);
        }
        return 0;
    }

    /** read(2). @return how many bytes were moved, 0 at the end, or a negative error number */
    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        if (!(file.data instanceof byte[] text)) {
            return -Errno.EISDIR;
        }
        int left = (int) Math.max(0, text.length - position);
        int moved = to.put(text, text.length - left, (int) Math.min(left, to.remaining()));
        return moved == 0 && to.faulted() ? -Errno.EFAULT : moved;
    }

    /** statfs(2): no blocks, names of at most 255 bytes. */
    @Override
    public FsStat stat(SuperBlock sb) {
        return new FsStat(MAGIC, 4096, 0, 0, 0, 0, 0, 255);
    }
}
