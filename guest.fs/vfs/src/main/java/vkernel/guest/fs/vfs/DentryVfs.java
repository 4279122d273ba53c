package vkernel.guest.fs.vfs;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.fs.DirSink;
import vkernel.fs.FdTable;
import vkernel.fs.FileLock;
import vkernel.fs.FileOps;
import vkernel.fs.FsStat;
import vkernel.fs.Inode;
import vkernel.fs.Inotify;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.Pipe;
import vkernel.fs.SuperBlock;
import vkernel.fs.Vfs;
import vkernel.fs.VfsState;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** The service {@link Vfs} with a cache of dentries: hands each call to its chapter. */
@Component(service = Vfs.class, immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "vfs")
public final class DentryVfs implements Vfs, Swappable<VfsState> {
    private static final int AT_FDCWD = -100;

    private final Kernel kernel;
    /** Null once the state was given up. */
    private @Nullable Chapters chapters;

    @Activate
    public DentryVfs(@Reference Kernel kernel) {
        this.kernel = kernel;
        chapters = new Chapters(kernel, new Tree(kernel));
    }

    private Chapters in() {
        Chapters now = chapters;
        if (now == null) {
            throw new IllegalStateException("the state was given up");
        }
        return now;
    }

    @Override
    public VfsState release() {
        Tree tree = in().tree;
        chapters = null;
        tree.pipes.fill(null);
        tree.nameless.fill(null);
        return tree.state();
    }

    @Override
    public void adopt(VfsState state) throws StateRejected {
        if (state.nextMount() <= state.mounts().size()) {
            throw new StateRejected("more mounts than were numbered");
        }
        chapters = new Chapters(kernel, new Tree(kernel, state));
    }

    // --- walking ----------------------------------------------------------------------------------------------------

    @Override
    public Result<Path> base(Task task, int dirfd, String path) {
        if (path.startsWith("/")) {
            return Result.of(task.fs.root);
        }
        if (dirfd == AT_FDCWD) {
            return Result.of(task.fs.cwd);
        }
        OpenFile file = task.files.get(dirfd);
        if (file == null) {
            return Result.error(-Errno.EBADF);
        }
        return path.isEmpty() || file.inode().directory() ? Result.of(file.path) : Result.error(-Errno.ENOTDIR);
    }

    @Override
    public Result<Path> walk(Task task, Path base, String path, int flags) {
        Tree tree = in().tree;
        Walk walk = tree.walk(task, base, 0);
        Result<Path> place = walk.all(path, flags);
        tree.end(walk);
        return place;
    }

    @Override
    public String name(Task task, Path path) {
        return in().pathNames.name(task.fs.root, path);
    }

    @Override
    public long permission(Task task, Path path, int wanted, boolean real) {
        return Access.check(task, path.mount(), path.inode(), wanted, real);
    }

    // --- files ------------------------------------------------------------------------------------------------------

    @Override
    public Result<OpenFile> open(Task task, Path base, String path, int flags, int mode, int resolve) {
        return in().opens.open(task, base, path, flags, mode, resolve);
    }

    @Override
    public Result<OpenFile> open(Task task, Path path, int flags) {
        return in().opens.at(task, path, flags);
    }

    @Override
    public OpenFile anonymous(String name, int mode, Slot<? extends FileOps> ops, int flags) {
        return in().opens.anonymous(name, mode, ops, flags);
    }

    @Override
    public void close(OpenFile file) {
        in().opens.close(file);
    }

    @Override
    public long close(Task task, int fd) {
        OpenFile file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        task.files.set(fd, null, false);
        in().locks.dropAll(file.inode(), task.files);
        close(file);
        return 0;
    }

    @Override
    public void drop(Task task, FdTable files) {
        if (--files.users > 0) {
            return;
        }
        closeFrom(files, 0);
    }

    /** Closes all from a descriptor on; a driver's bug does not keep the others open. */
    private void closeFrom(FdTable files, int from) {
        for (int fd = from; fd < files.size(); fd++) {
            OpenFile file = files.set(fd, null, false);
            if (file == null) {
                continue;
            }
            boolean closed = false;
            try {
                in().locks.dropAll(file.inode(), files);
                close(file);
                closed = true;
            } finally {
                if (!closed) {
                    closeFrom(files, fd + 1);
                }
            }
        }
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        return told(file, in().io.read(task, file, to, position), Inotify.ACCESS);
    }

    @Override
    public long write(Task task, OpenFile file, IoBuffer from, long position) {
        return told(file, in().io.write(task, file, from, position), Inotify.MODIFY);
    }

    @Override
    public long seek(Task task, OpenFile file, long offset, int whence) {
        return Seek.seek(file, offset, whence);
    }

    @Override
    public long readdir(Task task, OpenFile file, DirSink sink) {
        long result = in().io.readdir(task, file, sink);
        if (result == 0) {
            in().tree.notify.about(file, Inotify.ACCESS);
        }
        return result;
    }

    private long told(OpenFile file, long moved, int event) {
        if (moved > 0) {
            in().tree.notify.about(file, event);
        }
        return moved;
    }

    private long told(Path path, long error, int event) {
        if (error == 0) {
            in().tree.notify.about(path.dentry(), event);
        }
        return error;
    }

    @Override
    public int openFiles() {
        return in().opens.files();
    }

    @Override
    public int maxFiles() {
        return in().opens.maxFiles();
    }

    @Override
    public OpenFile[] pipe(Task task, int flags) {
        Chapters in = in();
        OpenFile read = in.opens.anonymous("pipe", Mode.S_IFIFO | 0600, in.tree.pipes, flags & ~Mode.O_ACCMODE);
        Inode inode = read.inode();
        inode.uid = task.credentials.fsuid();
        inode.gid = task.credentials.fsgid();
        Pipe pipe = inode.pipe = in.pipeEnds.make();
        in.pipeEnds.enter(read, pipe);
        int write = flags & ~Mode.O_ACCMODE | Mode.O_WRONLY;
        OpenFile other = in.opens.at(inode, "pipe", in.tree.pipes, write);
        in.pipeEnds.enter(other, pipe);
        return new OpenFile[] {read, other};
    }

    @Override
    public int pipeRoom(OpenFile file) {
        Pipe pipe = file.inode().pipe;
        if (pipe == null) {
            return 0;
        }
        in().pipeEnds.limit(pipe);
        return pipe.room();
    }

    // --- names ------------------------------------------------------------------------------------------------------

    @Override
    public long mknod(Task task, Path base, String path, int mode, long rdev) {
        return in().newNames.mknod(task, base, path, mode, rdev);
    }

    @Override
    public long mkdir(Task task, Path base, String path, int mode) {
        return in().newNames.mkdir(task, base, path, mode);
    }

    @Override
    public long unlink(Task task, Path base, String path) {
        return in().oldNames.unlink(task, base, path);
    }

    @Override
    public long rmdir(Task task, Path base, String path) {
        return in().oldNames.rmdir(task, base, path);
    }

    @Override
    public long rename(Task task, Path oldBase, String oldPath, Path newBase, String newPath, int flags) {
        return in().renames.rename(task, oldBase, oldPath, newBase, newPath, flags);
    }

    @Override
    public long link(Task task, Path target, Path base, String path) {
        return in().newNames.link(task, target, base, path);
    }

    @Override
    public long symlink(Task task, String target, Path base, String path) {
        return in().newNames.symlink(task, target, base, path);
    }

    @Override
    public Result<String> readlink(Task task, Path link) {
        Inode inode = link.inode();
        if (!inode.symlink()) {
            return Result.error(-Errno.EINVAL);
        }
        Times.accessed(kernel, link.mount(), inode);
        return inode.sb.fs().readlink(task, inode);
    }

    // --- attributes -------------------------------------------------------------------------------------------------

    @Override
    public Inode attributes(Path path) {
        Inode inode = path.inode();
        inode.sb.fs().refresh(inode);
        return inode;
    }

    @Override
    public long chmod(Task task, Path path, int mode) {
        return told(path, in().attributes.chmod(task, path, mode), Inotify.ATTRIB);
    }

    @Override
    public long chown(Task task, Path path, int uid, int gid) {
        return told(path, in().attributes.chown(task, path, uid, gid), Inotify.ATTRIB);
    }

    @Override
    public long truncate(Task task, Path path, long size) {
        return told(path, in().attributes.truncate(task, path, size), Inotify.MODIFY);
    }

    @Override
    public long truncate(Task task, OpenFile file, long size) {
        return told(file.path, in().attributes.truncate(task, file, size), Inotify.MODIFY);
    }

    @Override
    public long allocate(Task task, OpenFile file, int mode, long offset, long length) {
        return told(file.path, in().attributes.allocate(task, file, mode, offset, length), Inotify.MODIFY);
    }

    @Override
    public long utimes(Task task, Path path, long atime, long mtime) {
        int event = atime == UTIME_OMIT ? Inotify.MODIFY : mtime == UTIME_OMIT ? Inotify.ACCESS : Inotify.ATTRIB;
        return told(path, in().attributes.utimes(task, path, atime, mtime), event);
    }

    @Override
    public long getxattr(Task task, Path path, String name, byte[] value) {
        return in().xattrs.get(task, path, name, value);
    }

    @Override
    public long setxattr(Task task, Path path, String name, byte[] value, int flags) {
        return told(path, in().xattrs.set(task, path, name, value, flags), Inotify.ATTRIB);
    }

    @Override
    public Result<List<String>> listxattr(Task task, Path path) {
        return in().xattrs.list(task, path);
    }

    @Override
    public long removexattr(Task task, Path path, String name) {
        return told(path, in().xattrs.remove(task, path, name), Inotify.ATTRIB);
    }

    // --- locks ------------------------------------------------------------------------------------------------------

    @Override
    public long setLease(Task task, OpenFile file, int fd, int type) {
        return in().leases.set(task, file, fd, type);
    }

    @Override
    public int lease(OpenFile file) {
        return in().leases.get(file);
    }

    @Override
    public long flock(Task task, OpenFile file, int operation) {
        return in().locks.flock(task, file, operation);
    }

    @Override
    public long lock(Task task, OpenFile file, Object owner, int type, long start, long end, boolean wait) {
        return in().locks.record(task, file, owner, type, start, end, wait);
    }

    @Override
    public @Nullable FileLock blockingLock(OpenFile file, Object owner, int type, long start, long end) {
        return Locks.blocking(file, owner, type, start, end);
    }

    // --- mounts -----------------------------------------------------------------------------------------------------

    @Override
    public long mount(@Nullable Task task, String source, Path point, String type, long flags, String options) {
        return in().mounting.mount(task, source, point, type, flags, options);
    }

    @Override
    public long umount(Task task, Path root, int flags) {
        return in().mounting.umount(task, root, flags);
    }

    @Override
    public List<Mount> mounts() {
        return in().tree.mounts.stream().filter(mount -> !mount.detached).toList();
    }

    @Override
    public FsStat stat(Path path) {
        SuperBlock sb = path.mount().sb;
        return sb.fs().stat(sb);
    }

    @Override
    public Result<Path> mountRoot(String type, String options) {
        return in().mounting.mountRoot(type, options);
    }

    @Override
    public void sync() {
        Set<SuperBlock> done = new HashSet<>();
        for (Mount mount : in().tree.mounts) {
            if (done.add(mount.sb)) {
                mount.sb.fs().sync(mount.sb);
            }
        }
    }

    @Override
    public long mayChroot(Task task, Path path) {
        if (!path.inode().directory()) {
            return -Errno.ENOTDIR;
        }
        long error = permission(task, path, EXECUTE, false);
        return error == 0 && !task.credentials.can(Credentials.CAP_SYS_CHROOT) ? -Errno.EPERM : error;
    }
}
