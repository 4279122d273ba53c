package vkernel.guest.linux.poll;

import static vkernel.guest.linux.table.Handler.of;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EMFILE;
import static vkernel.kern.Errno.ESRCH;

import org.jspecify.annotations.Nullable;
import vkernel.fs.FileOps;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.file.OpenCalls;
import vkernel.guest.linux.table.Table;
import vkernel.kern.Kernel;
import vkernel.kern.Slot;
import vkernel.task.Process;
import vkernel.task.Task;

/** Files that stand for a process (pidfd_open(2)): readable once it has ended. The process is the file's data. */
public final class PidFds implements FileOps {
    private static final int PIDFD_NONBLOCK = Mode.O_NONBLOCK;

    private final Kernel kernel;
    private final Slot<FileOps> slot = new Slot<>("abi.pidfd");

    public PidFds(Kernel kernel) {
        this.kernel = kernel;
        slot.fill(this);
    }

    public void table(Table table) {
        table.partial("pidfd_open", of(this::pidfdOpen), "processes alone, no threads");
    }

    private long pidfdOpen(Task task, long pid, long flags) {
        if (((int) flags & ~PIDFD_NONBLOCK) != 0 || (int) pid <= 0) {
            return -EINVAL;
        }
        @Nullable Process process = kernel.processes().process((int) pid);
        if (process == null) {
            return kernel.processes().task((int) pid) != null ? -EINVAL : -ESRCH;
        }
        int fd = task.files.free(0, OpenCalls.limit(task));
        if (fd < 0) {
            return -EMFILE;
        }
        task.files.set(fd, open(process, (int) flags), true);
        return fd;
    }

    /** A new file for a process. */
    public OpenFile open(Process process, int flags) {
        OpenFile file = kernel.vfs().anonymous("anon_inode:[pidfd]", 0600, slot, Mode.O_RDWR | flags);
        file.data = process;
        return file;
    }

    /** The process that a file stands for; null when it is no such file. */
    public @Nullable Process process(@Nullable OpenFile file) {
        return file != null && file.data instanceof Process process ? process : null;
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
