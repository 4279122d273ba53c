package vkernel.guest.fs.procfs;

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
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;

/** The file system {@code proc}. */
@Component(service = FileSystemType.class, property = "fs=proc", immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "fs", attribute = "fs=proc")
public final class Procfs implements FileSystemType {
    private static final long MAGIC = 0x9fa0;
    /** Most that one write may bring. */
    private static final int LONGEST_WRITE = 4096;

    private final Kernel kernel;
    private final Folders folders;
    private final ProcessMemory memory;

    @Activate
    public Procfs(@Reference Kernel kernel) {
        this.kernel = kernel;
        folders = new Folders(kernel);
        memory = new ProcessMemory(kernel);
    }

    @Override
    public String name() {
        return "proc";
    }

    /** Processes come and go by themselves. */
    @Override
    public boolean cacheable() {
        return false;
    }

    @Override
    public Result<SuperBlock> mount(Slot<FileSystemType> self, long device, String source, String options) {
        SuperBlock sb = new SuperBlock(self, device, source);
        Inode root = new Inode(sb, 1, Mode.S_IFDIR | 0555);
        root.data = "";
        refresh(root);
        sb.root(root);
        return Result.of(sb);
    }

    /** MAX_NON_LFS, which nobody has raised for it. */
    @Override
    public long longest() {
        return Integer.MAX_VALUE;
    }

    @Override
    public FsStat stat(SuperBlock sb) {
        return new FsStat(MAGIC, 4096, 0, 0, 0, 0, 0, 255);
    }

    // --- names ------------------------------------------------------------------------------------------------------

    private static Place place(Inode inode) {
        if (inode.data instanceof String path) {
            return Place.of(path);
        }
        throw new IllegalStateException("no path in " + inode);
    }

    private View view(Task reader, Place place) {
        return new View(kernel, reader, place.task(kernel), place.tid() > 0, place.fd());
    }

    @Override
    public Result<Inode> lookup(Task task, Inode dir, String name) {
        Place place = place(dir).child(name);
        Entry entry = folders.find(place);
        if (entry == null) {
            return Result.error(-Errno.ENOENT);
        }
        Inode inode = new Inode(dir.sb, place.ino(), entry.mode());
        inode.data = place.path();
        refresh(inode);
        return Result.of(inode);
    }

    /** Nobody makes files here; Linux says so with ENOENT. */
    @Override
    public Result<Inode> create(Task task, Inode dir, String name, int mode, long rdev) {
        return Result.error(-Errno.ENOENT);
    }

    @Override
    public Result<Inode> mkdir(Task task, Inode dir, String name, int mode) {
        return Result.error(-Errno.ENOENT);
    }

    @Override
    public Result<Inode> symlink(Task task, Inode dir, String name, String target) {
        return Result.error(-Errno.ENOENT);
    }

    /** Owner, links and times are those of now. */
    @Override
    public void refresh(Inode inode) {
        Place place = place(inode);
        Task task = place.task(kernel);
        boolean owned = task != null && task.process.dumpable;
        inode.uid = owned ? task.credentials.euid() : 0;
        inode.gid = owned ? task.credentials.egid() : 0;
        inode.atime = inode.mtime = inode.ctime = inode.btime = kernel.realtime();
        inode.nlink = inode.directory() ? folders.links(place) : 1;
        if (task != null && place.name().equals("fd")) {
            inode.size = task.files.count();
        } else if (inode.symlink() && place.fd() >= 0) {
            inode.mode = folders.descriptorMode(place);
            inode.size = 64;
        }
    }

    @Override
    public long readdir(Task task, OpenFile file, DirSink sink) {
        Place dir = place(file.inode());
        int type = Mode.S_IFDIR >>> 12;
        if (file.position == 0 && sink.entry(".", dir.ino(), type, 1)) {
            file.position = 1;
        }
        if (file.position == 1 && sink.entry("..", dir.parent().ino(), type, Folders.FIRST)) {
            file.position = Folders.FIRST;
        }
        if (file.position < Folders.FIRST) {
            return 0;
        }
        for (Folders.Child child : folders.children(dir)) {
            if (child.position() < file.position) {
                continue;
            }
            if (!sink.entry(child.name(), dir.child(child.name()).ino(), child.type(), child.position() + 1)) {
                break;
            }
            file.position = child.position() + 1;
        }
        return 0;
    }

    @Override
    public Result<String> readlink(Task task, Inode link) {
        Place place = place(link);
        Entry entry = folders.find(place);
        if (entry == null || entry.text() == null) {
            return Result.error(-Errno.ENOENT);
        }
        View view = view(task, place);
        if (entry.traced() && !view.mayTrace()) {
            return Result.error(-Errno.EACCES);
        }
        String target = entry.text().of(view);
        return target.isEmpty() ? Result.error(-Errno.ENOENT) : Result.of(target);
    }

    @Override
    public Result<Path> jump(Task task, Inode link) {
        Place place = place(link);
        Entry entry = folders.find(place);
        if (entry == null) {
            return Result.error(-Errno.ENOENT);
        }
        if (entry.place() == null) {
            return Result.error(-Errno.EINVAL);
        }
        View view = view(task, place);
        if (!view.mayTrace()) {
            return Result.error(-Errno.EACCES);
        }
        Path target = entry.place().of(view);
        return target == null ? Result.error(-Errno.ENOENT) : Result.of(target);
    }

    // --- contents ---------------------------------------------------------------------------------------------------

    @Override
    public long open(Task task, OpenFile file) {
        Place place = place(file.inode());
        Entry entry = folders.find(place);
        if (entry == null) {
            return -Errno.ENOENT;
        }
        View view = view(task, place);
        if (entry.traced() && !view.mayTrace()) {
            return -Errno.EACCES;
        }
        if (ofMemory(place)) {
            file.data = view.task().memory;
        } else if (entry.text() != null && file.readable()) {
            file.data = entry.text().of(view).getBytes(StandardCharsets.ISO_8859_1);
        }
        return 0;
    }

    /** Files that are read from a process's memory, not made as text. */
    private static boolean ofMemory(Place place) {
        return place.pid() > 0
                && (place.name().equals(ProcessFiles.MEM) || place.name().equals(ProcessFiles.ENVIRON));
    }

    /** Its size is not known before it is read. */
    @Override
    public boolean ends(OpenFile file) {
        return false;
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        Place place = place(file.inode());
        if (ofMemory(place)) {
            if (!(file.data instanceof AddressSpace space)) {
                return 0;
            }
            return place.name().equals(ProcessFiles.MEM)
                    ? memory.read(space, to, position)
                    : memory.environment(space, to, position);
        }
        if (!(file.data instanceof byte[] text)) {
            return -Errno.EINVAL;
        }
        if (position >= text.length) {
            return 0;
        }
        int n = to.put(text, (int) position, (int) Math.min(text.length - position, to.remaining()));
        return n == 0 && to.faulted() ? -Errno.EFAULT : n;
    }

    @Override
    public long write(Task task, OpenFile file, IoBuffer from, long position) {
        Place place = place(file.inode());
        if (place.name().equals(ProcessFiles.MEM)) {
            return file.data instanceof AddressSpace space ? memory.write(space, from, position) : 0;
        }
        Entry entry = folders.find(place);
        if (entry == null) {
            return -Errno.ESRCH;
        }
        if (entry.setter() == null) {
            boolean ofSystem = !place.ofProcess() && !place.path().startsWith("sys/");
            return ofSystem ? -Errno.EIO : -Errno.EINVAL;
        }
        if (from.remaining() > LONGEST_WRITE) {
            return -Errno.EINVAL;
        }
        byte[] bytes = new byte[(int) from.remaining()];
        if (from.get(bytes, 0, bytes.length) < bytes.length) {
            return -Errno.EFAULT;
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        long error = entry.setter().set(view(task, place), text);
        return error == 0 ? bytes.length : error;
    }

    /** O_TRUNC changes nothing: a write replaces the whole anyway. */
    @Override
    public long truncate(Task task, Inode inode, long size) {
        return size == 0 ? 0 : -Errno.EINVAL;
    }

    @Override
    public long sync(Task task, OpenFile file) {
        return -Errno.EINVAL;
    }
}
