package vkernel.guest.linux.ipc;

import static vkernel.kern.Errno.EACCES;
import static vkernel.kern.Errno.EEXIST;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ENOENT;
import static vkernel.kern.Errno.ENOSPC;
import static vkernel.kern.Errno.EPERM;

import java.util.SortedMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.user.User;
import vkernel.ipc.IpcObject;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** The table of one kind of System V object, and what the three kinds have in common (Linux: ipc/util.c). */
final class Ids<T extends IpcObject> {
    static final int RMID = 0, SET = 1, STAT = 2, INFO = 3;
    static final int NOWAIT = 04000;
    /** Size of struct ipc64_perm. */
    static final int PERM = 48;

    private static final int CREAT = 01000, EXCL = 02000;
    private static final int SHIFT = 15;
    private static final int READ = 0444;

    private final Kernel kernel;
    private final User user;
    private final int kind;
    private final IntSupplier most;
    private SortedMap<Integer, T> all;
    private int[] sequence;

    Ids(Kernel kernel, User user, int kind, IntSupplier most, SortedMap<Integer, T> all, int[] sequence) {
        this.kernel = kernel;
        this.user = user;
        this.kind = kind;
        this.most = most;
        this.all = all;
        this.sequence = sequence;
    }

    void adopt(SortedMap<Integer, T> next, int[] nextSequence) {
        all = next;
        sequence = nextSequence;
    }

    SortedMap<Integer, T> all() {
        return all;
    }

    long seconds() {
        return kernel.realtime() / 1_000_000_000;
    }

    /** Makes an object of an id. @return a negative error number, or 0 with the object in the table */
    @FunctionalInterface
    interface Maker<T> {
        T make(int id);
    }

    /** The object of a key, checked by the caller when it is there. */
    @FunctionalInterface
    interface Fits<T> {
        boolean fits(T there);
    }

    /** shmget(2), semget(2), msgget(2). @return an id or a negative error number */
    long get(Task task, int key, int flags, long bad, Fits<T> fits, Maker<T> maker) {
        T there = key == 0 ? null : ofKey(key);
        if (there != null) {
            if ((flags & CREAT) != 0 && (flags & EXCL) != 0) {
                return -EEXIST;
            }
            if (!fits.fits(there)) {
                return -EINVAL;
            }
            return may(task, there, flags) ? there.id : -EACCES;
        }
        if (key != 0 && (flags & CREAT) == 0) {
            return -ENOENT;
        }
        if (bad != 0) {
            return bad;
        }
        int index = 0;
        while (all.containsKey(index)) {
            index++;
        }
        if (index >= most.getAsInt()) {
            return -ENOSPC;
        }
        int id = (sequence[kind]++ & 0x7fff) << SHIFT | index;
        T made = maker.make(id);
        made.changed = seconds();
        all.put(index, made);
        return id;
    }

    private @Nullable T ofKey(int key) {
        for (T each : all.values()) {
            if (each.key == key) {
                return each;
            }
        }
        return null;
    }

    /** The object of an id; null when there is none. */
    @Nullable
    T find(int id) {
        T there = id < 0 ? null : all.get(id & (1 << SHIFT) - 1);
        return there != null && there.id == id ? there : null;
    }

    void remove(T gone) {
        gone.removed = true;
        all.remove(gone.id & (1 << SHIFT) - 1);
    }

    /** Number of the last used place, as *_INFO commands return it. */
    long last() {
        return all.isEmpty() ? 0 : all.lastKey();
    }

    /** Whether the mode grants what is wanted (ipcperms()). */
    boolean may(Task task, IpcObject of, int wanted) {
        Credentials who = task.credentials;
        int bits = (wanted >> 6 | wanted >> 3 | wanted) & 7;
        int granted = of.mode & 7;
        if (who.euid() == of.uid || who.euid() == of.creatorUid) {
            granted = of.mode >> 6 & 7;
        } else if (who.inGroup(of.gid) || who.inGroup(of.creatorGid)) {
            granted = of.mode >> 3 & 7;
        }
        return (bits & ~granted) == 0 || who.can(Credentials.CAP_IPC_OWNER);
    }

    boolean mayRead(Task task, IpcObject of) {
        return may(task, of, READ);
    }

    /** Whether the task may change or remove it. @return 0 or -EPERM */
    long owns(Task task, IpcObject of) {
        int euid = task.credentials.euid();
        return euid == of.uid || euid == of.creatorUid || task.credentials.can(Credentials.CAP_SYS_ADMIN) ? 0 : -EPERM;
    }

    /** Puts struct ipc64_perm at the start of the scratch array, the rest of which is zeroed. */
    void put(IpcObject of, int size) {
        user.zero(size);
        user.put32(0, of.key);
        user.put32(4, of.uid);
        user.put32(8, of.gid);
        user.put32(12, of.creatorUid);
        user.put32(16, of.creatorGid);
        user.put32(20, of.mode);
        user.put16(24, of.id >> SHIFT);
    }

    /** IPC_SET of what is in the scratch array. */
    void set(IpcObject of) {
        of.uid = user.i32(4);
        of.gid = user.i32(8);
        of.mode = of.mode & ~0777 | user.i32(20) & 0777;
        of.changed = seconds();
    }
}
