package vkernel.guest.linux.poll;

import static vkernel.kern.Errno.EMFILE;

import vkernel.fs.FileOps;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.file.OpenCalls;
import vkernel.kern.Kernel;
import vkernel.kern.Slot;
import vkernel.task.Task;

/** Makes files without a name (Linux: fs/anon_inodes.c). */
final class EventFiles {
    private final Kernel kernel;
    private final Slot<FileOps> slot;
    private final String name;

    /** @param kind {@code eventfd}, {@code timerfd}, … */
    EventFiles(Kernel kernel, String kind, FileOps ops) {
        this.kernel = kernel;
        slot = new Slot<>("abi." + kind);
        slot.fill(ops);
        name = "anon_inode:[" + kind + "]";
    }

    /** A new file. @param data what {@link OpenFile#data} is */
    OpenFile make(Object data, int flags) {
        OpenFile file = kernel.vfs().anonymous(name, 0600, slot, Mode.O_RDWR | flags & Mode.O_NONBLOCK);
        file.data = data;
        return file;
    }

    /** A new file at a new descriptor. @param flags O_NONBLOCK, O_CLOEXEC. @return the descriptor, or -EMFILE */
    long open(Task task, Object data, int flags) {
        int fd = task.files.free(0, OpenCalls.limit(task));
        if (fd < 0) {
            return -EMFILE;
        }
        task.files.set(fd, make(data, flags), (flags & Mode.O_CLOEXEC) != 0);
        return fd;
    }
}
