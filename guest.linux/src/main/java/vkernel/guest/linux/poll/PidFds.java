package vkernel.guest.linux.poll;

import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ESRCH;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Dentry;
import vkernel.fs.FileOps;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.Signal;
import vkernel.task.Task;

/** Files that stand for a process (pidfd_open(2)): readable once it has ended. The process is the file's data. */
public final class PidFds implements FileOps, CallGroup {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");
    private static final String KIND = "pidfd";
    private final Kernel kernel;
    private final EventFiles files;

    public PidFds(Kernel kernel, EventFiles files) {
        this.kernel = kernel;
        this.files = files;
        files.serve(KIND, this);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.PROCESS_MRELEASE);
        table.partial(this, Nr.PIDFD_OPEN, "processes alone, no threads");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.PIDFD_OPEN -> pidfdOpen(task, a0, a1);
            case Nr.PROCESS_MRELEASE -> release(task, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    private long pidfdOpen(Task task, long pid, long flags) {
        if (((int) flags & ~Mode.O_NONBLOCK) != 0 || (int) pid <= 0) {
            return -EINVAL;
        }
        @Nullable Process process = kernel.processes().process((int) pid);
        if (process == null) {
            return kernel.processes().task((int) pid) != null ? -EINVAL : -ESRCH;
        }
        return files.open(task, KIND, process, (int) flags | Mode.O_CLOEXEC);
    }

    /** process_mrelease(2): the memory of who is ending goes at its end, which nothing here puts off. */
    private long release(Task task, long fd, long flags) {
        if ((int) flags != 0) {
            return -EINVAL;
        }
        OpenFile file = task.files.get((int) fd);
        @Nullable Process process = process(file);
        if (process == null) {
            return -EBADF;
        }
        if (process.zombie) {
            return -ESRCH;
        }
        boolean ending = process.exiting || (process.pending.set() & Signal.bit(Signal.SIGKILL)) != 0;
        return ending ? 0 : -EINVAL;
    }

    /** A new file for a process. */
    public OpenFile make(Process process) {
        return files.make(KIND, process, 0);
    }

    /** The process that a file stands for; null when it is no such file. */
    public @Nullable Process process(@Nullable OpenFile file) {
        return file != null && file.data instanceof Process process ? process : null;
    }

    /**
     * As {@link #process(OpenFile)}, and of a process's folder in a proc file system too, as pidfd_send_signal(2) was
     * before there were such files.
     */
    public @Nullable Process processOrFolder(@Nullable OpenFile file) {
        if (file == null
                || !file.inode().directory()
                || !file.inode().sb.fs().name().equals("proc")) {
            return process(file);
        }
        Dentry folder = file.path.dentry();
        boolean top =
                folder.parent != null && folder.parent.inode == file.inode().sb.root();
        return top && DIGITS.matcher(folder.name).matches()
                ? kernel.processes().process(Integer.parseInt(folder.name))
                : null;
    }

    @Override
    public boolean seekable(OpenFile file) {
        return false;
    }

    @Override
    public int poll(OpenFile file, @Nullable Task waiter) {
        if (!(file.data instanceof Process process)) {
            return Mode.POLLERR;
        }
        if (waiter != null) {
            waiter.waitOn(process.gone);
        }
        return process.zombie ? Mode.POLLIN | Mode.POLLRDNORM : 0;
    }
}
