package vkernel.guest.linux.file;

import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EMFILE;
import static vkernel.kern.Errno.ENOSYS;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Dentry;
import vkernel.fs.FileSystemType;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Task;

/** memfd_create(2): files without a name, in a tmpfs that is mounted nowhere. */
public final class MemfdCalls implements CallGroup {
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int MFD_NOEXEC_SEAL = 8;
    private static final int MFD_EXEC = 16;
    private static final int NAME_MAX = 249;
    /** Device number of the tmpfs, of major 0 as every nameless device's. */
    private static final long DEVICE = Mode.device(0, 1);

    private final Kernel kernel;
    private final User user;
    private @Nullable Mount mount;

    public MemfdCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
    }

    /** Where the files are, for a successor; null before the first. */
    public @Nullable Mount mounted() {
        return mount;
    }

    public void adopt(@Nullable Mount old) {
        mount = old;
    }

    @Override
    public void table(Table table) {
        table.partial(this, Nr.MEMFD_CREATE, "no huge pages");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.MEMFD_CREATE -> create(task, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    private long create(Task task, long nameVa, long flags) {
        Result<String> name = user.string(task, nameVa, NAME_MAX, EINVAL);
        if (!name.ok()) {
            return name.error();
        }
        if (((int) flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL | MFD_EXEC)) != 0
                || (flags & MFD_EXEC) != 0 && (flags & MFD_NOEXEC_SEAL) != 0) {
            return -EINVAL;
        }
        int fd = task.files.free(0, OpenCalls.limit(task));
        if (fd < 0) {
            return -EMFILE;
        }
        Result<OpenFile> file = open(task, "memfd:" + name.value());
        if (!file.ok()) {
            return file.error();
        }
        Inode inode = file.value().inode();
        if ((flags & MFD_NOEXEC_SEAL) != 0) {
            inode.mode &= ~0111;
            inode.seals = Inode.SEAL_EXEC;
        } else if ((flags & MFD_ALLOW_SEALING) != 0) {
            inode.seals = 0;
        }
        task.files.set(fd, file.value(), (flags & MFD_CLOEXEC) != 0);
        return fd;
    }

    private Result<OpenFile> open(Task task, String name) {
        Result<Mount> on = mount();
        if (!on.ok()) {
            return on.failure();
        }
        SuperBlock sb = on.value().sb;
        Result<Inode> inode = sb.fs().tmpfile(task, sb.root(), Mode.S_IFREG | 0777);
        if (!inode.ok()) {
            return inode.failure();
        }
        Dentry dentry = new Dentry(null, name, inode.value());
        dentry.unlinked = true;
        return kernel.vfs().open(task, new Path(on.value(), dentry), Mode.O_RDWR | Mode.O_LARGEFILE);
    }

    private Result<Mount> mount() {
        Mount now = mount;
        if (now != null) {
            return Result.of(now);
        }
        @Nullable Slot<FileSystemType> tmpfs = kernel.fileSystem("tmpfs");
        if (tmpfs == null || tmpfs.orNull() == null) {
            return Result.error(-ENOSYS);
        }
        Result<SuperBlock> sb = tmpfs.get().mount(tmpfs, DEVICE, "tmpfs", "");
        if (!sb.ok()) {
            return sb.failure();
        }
        Mount made = new Mount(0, sb.value(), new Dentry(null, "", sb.value().root()), null, 0);
        mount = made;
        return Result.of(made);
    }
}
