package vkernel.drivers.console;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import vkernel.dev.Pty;
import vkernel.dev.Tty;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Limits;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/** The ioctls of a pseudo-terminal's master (ioctl_tty(2)); what it does not know is done to the terminal. */
final class PtyIoctls {
    private static final int TIOCGPTN = 0x80045430, TIOCSPTLCK = 0x40045431, TIOCGPTLCK = 0x80045439;
    private static final int TIOCGPTPEER = 0x5441, TIOCPKT = 0x5420, TIOCGPKT = 0x80045438, TIOCSIG = 0x40045436;
    private static final int TIOCGPGRP = 0x540F, TIOCGSID = 0x5429, TIOCOUTQ = 0x5411, FIONREAD = 0x541B;

    private final Kernel kernel;
    private final TtyIoctls others;

    PtyIoctls(Kernel kernel, TtyIoctls others) {
        this.kernel = kernel;
        this.others = others;
    }

    long ioctl(Task task, OpenFile file, PtyMaster master, int command, long argument) {
        Pty pty = master.pty;
        Tty tty = pty.tty;
        return switch (command) {
            case TIOCGPTN -> put(task, argument, pty.index);
            case TIOCSPTLCK -> {
                Integer lock = get(task, argument);
                if (lock == null) {
                    yield -Errno.EFAULT;
                }
                pty.locked = lock != 0;
                yield 0;
            }
            case TIOCGPTLCK -> put(task, argument, pty.locked ? 1 : 0);
            case TIOCGPTPEER -> peer(task, pty, (int) argument);
            case TIOCPKT -> packets(task, pty, argument);
            case TIOCGPKT -> put(task, argument, pty.packets ? 1 : 0);
            case TIOCSIG -> signal(tty, argument);
            case TIOCGPGRP -> put(task, argument, tty.foreground);
            case TIOCGSID -> tty.session == null ? -Errno.ENOTTY : put(task, argument, tty.session.sid);
            case FIONREAD -> put(task, argument, tty.output.count());
            case TIOCOUTQ -> put(task, argument, pty.keys.count());
            default -> others.ioctl(task, file, master.port, command, argument);
        };
    }

    private long packets(Task task, Pty pty, long argument) {
        Integer on = get(task, argument);
        if (on == null) {
            return -Errno.EFAULT;
        }
        if (on != 0 && !pty.packets) {
            pty.news = 0;
        }
        pty.packets = on != 0;
        return 0;
    }

    /** The three signals that keys make can be sent without the keys. */
    private long signal(Tty tty, long signal) {
        if (signal != Signal.SIGINT && signal != Signal.SIGQUIT && signal != Signal.SIGTSTP) {
            return -Errno.EINVAL;
        }
        if (tty.foreground > 0) {
            kernel.signalGroup(tty.foreground, SigInfo.kernel((int) signal));
        }
        return 0;
    }

    /** Opens the terminal whatever its name is for the caller: through the first devpts there is. */
    private long peer(Task task, Pty pty, int asked) {
        int flags = asked & (Mode.O_ACCMODE | Mode.O_NOCTTY | Mode.O_NONBLOCK | Mode.O_CLOEXEC);
        int fd = task.files.free(0, task.process.softLimits[Limits.NOFILE]);
        if (fd < 0) {
            return -Errno.EMFILE;
        }
        Vfs vfs = kernel.vfs();
        for (Mount mount : vfs.mounts()) {
            if (mount.sb.fs().name().equals("devpts")) {
                Result<Path> node = vfs.walk(task, new Path(mount, mount.root), Integer.toString(pty.index), 0);
                Result<OpenFile> file = node.ok() ? vfs.open(task, node.value(), flags) : node.failure();
                if (file.ok()) {
                    task.files.set(fd, file.value(), (flags & Mode.O_CLOEXEC) != 0);
                }
                return file.ok() ? fd : file.error();
            }
        }
        return -Errno.EIO;
    }

    private @Nullable Integer get(Task task, long address) {
        byte[] word = new byte[4];
        boolean read = kernel.vm().read(task.memory(), address, word, 0, 4);
        return read ? ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).getInt() : null;
    }

    private long put(Task task, long address, int value) {
        byte[] word = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
        return kernel.vm().write(task.memory(), address, word, 0, 4) ? 0 : -Errno.EFAULT;
    }
}
