package vkernel.drivers.console;

import org.jspecify.annotations.Nullable;
import vkernel.dev.CharDevice;
import vkernel.dev.Tty;
import vkernel.fs.FdTable;
import vkernel.fs.FsContext;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.Session;
import vkernel.task.SigHandlers;
import vkernel.task.Task;

/** Makes open files of the host's channels: a terminal's is its node in /dev, a stream's is a pipe without a name. */
final class ChannelFiles {
    private final Kernel kernel;
    private final Ports ports;

    ChannelFiles(Kernel kernel, Ports ports) {
        this.kernel = kernel;
        this.ports = ports;
    }

    /** See {@link vkernel.dev.Streams#open}. */
    Result<OpenFile> open(String channel, int flags) {
        return switch (ports.open(channel)) {
            case null -> Result.error(-Errno.ENOENT);
            case TtyPort port -> {
                OpenFile node = node(port.tty, flags);
                yield node != null ? Result.of(node) : nameless(channel, "tty", Mode.S_IFCHR, port.tty.rdev, flags);
            }
            case StreamPort port -> nameless(channel, "pipe", Mode.S_IFIFO, 0, flags);
        };
    }

    /** A terminal by its name in /dev, so that ttyname(3) finds it; null while there is no /dev. */
    private @Nullable OpenFile node(Tty tty, int flags) {
        Vfs vfs = kernel.vfs();
        if (vfs.mounts().isEmpty()) {
            return null;
        }
        Mount first = vfs.mounts().getFirst();
        Path root = new Path(first, first.root);
        Process nobody = new Process(0, new Session(0));
        Task task = new Task(0, nobody, new FdTable(), new FsContext(root, root), new SigHandlers(), Credentials.ROOT);
        int careful = flags | Mode.O_NOCTTY | Mode.O_NONBLOCK;
        Result<OpenFile> opened = vfs.open(task, root, "/dev/" + tty.name, careful, 0);
        if (!opened.ok()) {
            return null;
        }
        OpenFile file = opened.value();
        if (file.data != tty) {
            // somebody has put another file there
            vfs.close(file);
            return null;
        }
        file.flags = file.flags & ~Mode.O_NONBLOCK | flags & Mode.O_NONBLOCK;
        return file;
    }

    private Result<OpenFile> nameless(String channel, String name, int type, long rdev, int flags) {
        Slot<CharDevice> self = kernel.device(Console.CONSOLE, false);
        if (self == null) {
            return Result.error(-Errno.ENODEV);
        }
        OpenFile file = kernel.vfs().anonymous(name, type | 0600, self, flags);
        Inode inode = file.inode();
        inode.rdev = rdev;
        inode.ops = self;
        inode.data = channel;
        long attached = attach(file, channel);
        if (attached != 0) {
            kernel.vfs().close(file);
            return Result.error(attached);
        }
        return Result.of(file);
    }

    /** Makes a file that is being opened stand for a channel. @return 0 or -errno */
    long attach(OpenFile file, String channel) {
        return switch (ports.open(channel)) {
            case null -> -Errno.ENXIO;
            case TtyPort port -> attach(file, port.tty);
            case StreamPort port -> {
                port.stream.opens++;
                file.data = port.stream;
                yield 0;
            }
        };
    }

    static long attach(OpenFile file, Tty tty) {
        if (tty.hungUp) {
            return -Errno.EIO;
        }
        tty.opens++;
        file.data = tty;
        return 0;
    }
}
