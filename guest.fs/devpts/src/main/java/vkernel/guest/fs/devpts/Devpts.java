package vkernel.guest.fs.devpts;

import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.dev.CharDevice;
import vkernel.dev.Pty;
import vkernel.fs.DirSink;
import vkernel.fs.FileSystemType;
import vkernel.fs.FsStat;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.SuperBlock;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Task;

/** The file system {@code devpts}. */
@Component(service = FileSystemType.class, property = "fs=devpts", immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "fs", attribute = "fs=devpts")
@Requirement(
        namespace = "vkernel.subsystem",
        filter = "(&(vkernel.subsystem=device)(device=console))",
        effective = "active")
public final class Devpts implements FileSystemType {
    private static final long MAGIC = 0x1cd1;
    private static final long PTMX = Mode.device(5, 2);
    /** Inode numbers: the root's, that of ptmx, and of the pseudo-terminal 0; also its place in the directory. */
    private static final int ROOT = 1, PTMX_INO = 2, FIRST = 3;

    private final Kernel kernel;

    @Activate
    public Devpts(@Reference Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public String name() {
        return "devpts";
    }

    /** Nobody makes files here, Linux tells it in two ways. */
    @Override
    public Result<Inode> create(Task task, Inode dir, String name, int mode, long rdev) {
        return Result.error((mode & Mode.S_IFMT) == Mode.S_IFREG ? -Errno.EACCES : -Errno.EPERM);
    }

    /** Terminals come and go by themselves. */
    @Override
    public boolean cacheable() {
        return false;
    }

    @Override
    public Result<SuperBlock> mount(Slot<FileSystemType> self, long device, String source, String text) {
        Options options = Options.parse(text);
        if (options == null) {
            return Result.error(-Errno.EINVAL);
        }
        SuperBlock sb = new SuperBlock(self, device, source);
        sb.options = options.shown();
        Inode root = made(new Inode(sb, ROOT, Mode.S_IFDIR | 0755), kernel.realtime());
        root.nlink = 2;
        TreeMap<Integer, Inode> nodes = new TreeMap<>();
        Inode ptmx = made(new Inode(sb, PTMX_INO, Mode.S_IFCHR | options.ptmxMode()), root.btime);
        ptmx.rdev = PTMX;
        nodes.put(-1, ptmx);
        root.data = nodes;
        sb.root(root);
        return Result.of(sb);
    }

    private static Inode made(Inode inode, long time) {
        inode.atime = inode.mtime = inode.ctime = inode.btime = time;
        return inode;
    }

    @Override
    public long remount(SuperBlock sb, String text) {
        Options options = Options.parse(text);
        if (options == null) {
            return -Errno.EINVAL;
        }
        sb.options = options.shown();
        return 0;
    }

    /** Brings the nodes up to date. @return nodes by number, ptmx at -1 */
    @SuppressWarnings("unchecked")
    private SortedMap<Integer, Inode> nodes(Inode root) {
        SortedMap<Integer, Inode> nodes = (SortedMap<Integer, Inode>) root.data;
        SortedMap<Integer, Pty> there = new TreeMap<>();
        Slot<CharDevice> slot = kernel.device(PTMX, false);
        CharDevice driver = slot == null ? null : slot.orNull();
        if (driver != null) {
            driver.ptys().stream().filter(pty -> !pty.masterGone).forEach(pty -> there.put(pty.index, pty));
        }
        nodes.entrySet().removeIf(node -> node.getKey() >= 0 && there.get(node.getKey()) != node.getValue().data);
        there.forEach((index, pty) -> nodes.computeIfAbsent(index, i -> node(root.sb, pty)));
        return nodes;
    }

    private static Inode node(SuperBlock sb, Pty pty) {
        @Nullable Options parsed = Options.parse(sb.options);
        if (parsed == null) {
            throw new IllegalStateException("devpts does not know its own options " + sb.options);
        }
        Inode inode = made(new Inode(sb, FIRST + pty.index, Mode.S_IFCHR | parsed.mode()), pty.made);
        inode.uid = parsed.uid() != -1 ? parsed.uid() : pty.uid;
        inode.gid = parsed.gid() != -1 ? parsed.gid() : pty.gid;
        inode.rdev = pty.tty.rdev;
        inode.data = pty;
        return inode;
    }

    @Override
    public Result<Inode> lookup(Task task, Inode dir, String name) {
        Inode found = null;
        if (name.equals("ptmx")) {
            found = nodes(dir).get(-1);
        } else if (name.matches("0|[1-9][0-9]{0,6}")) {
            found = nodes(dir).get(Integer.valueOf(name));
        }
        return found == null ? Result.error(-Errno.ENOENT) : Result.of(found);
    }

    @Override
    public long readdir(Task task, OpenFile file, DirSink sink) {
        int folder = Mode.S_IFDIR >>> 12;
        if (file.position == 0 && sink.entry(".", ROOT, folder, 1)) {
            file.position = 1;
        }
        if (file.position == 1 && sink.entry("..", ROOT, folder, PTMX_INO)) {
            file.position = PTMX_INO;
        }
        for (var node : nodes(file.inode()).entrySet()) {
            int position = node.getKey() + FIRST;
            if (file.position < PTMX_INO || position < file.position) {
                continue;
            }
            String name = node.getKey() < 0 ? "ptmx" : node.getKey().toString();
            if (!sink.entry(name, node.getValue().ino, Mode.S_IFCHR >>> 12, position + 1)) {
                return 0;
            }
            file.position = position + 1;
        }
        return 0;
    }

    @Override
    public FsStat stat(SuperBlock sb) {
        return new FsStat(MAGIC, 4096, 0, 0, 0, 0, 0, 255);
    }
}
