package vkernel.guest.linux.poll;

import static vkernel.kern.Errno.EMFILE;

import java.util.HashMap;
import java.util.Map;
import vkernel.fs.FileOps;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.file.OpenCalls;
import vkernel.kern.Kernel;
import vkernel.kern.Slot;
import vkernel.task.Task;

/** Files without a name (Linux: fs/anon_inodes.c), and the slots of those who serve them, by kind. */
public final class EventFiles {
    private final Kernel kernel;
    private final Map<String, Slot<FileOps>> slots = new HashMap<>();
    /** Who serves each kind here. */
    private final Map<String, FileOps> servers = new HashMap<>();

    public EventFiles(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Says who serves a kind. @param kind {@code eventfd}, {@code timerfd}, … */
    public void serve(String kind, FileOps ops) {
        Slot<FileOps> slot = new Slot<>("abi." + kind);
        slot.fill(ops);
        slots.put(kind, slot);
        servers.put(kind, ops);
    }

    /** Empties the slots and gives them up, for a successor. */
    public Map<String, Slot<FileOps>> release() {
        slots.values().forEach(slot -> slot.fill(null));
        return new HashMap<>(slots);
    }

    /** Takes the slots over that files refer to already, and puts those who serve here into them. */
    public void adopt(Map<String, Slot<FileOps>> old) {
        slots.putAll(old);
        slots.forEach((kind, slot) -> slot.fill(servers.get(kind)));
    }

    /** A new file. @param data what {@link OpenFile#data} is */
    OpenFile make(String kind, Object data, int flags) {
        Slot<FileOps> slot = slots.get(kind);
        if (slot == null) {
            throw new IllegalArgumentException("nobody serves " + kind);
        }
        String name = "anon_inode:[" + kind + "]";
        OpenFile file = kernel.vfs().anonymous(name, 0600, slot, Mode.O_RDWR | flags & Mode.O_NONBLOCK);
        file.data = data;
        return file;
    }

    /** A new file at a new descriptor. @param flags O_NONBLOCK, O_CLOEXEC. @return the descriptor, or -EMFILE */
    public long open(Task task, String kind, Object data, int flags) {
        int fd = task.files.free(0, OpenCalls.limit(task));
        if (fd < 0) {
            return -EMFILE;
        }
        task.files.set(fd, make(kind, data, flags), (flags & Mode.O_CLOEXEC) != 0);
        return fd;
    }
}
