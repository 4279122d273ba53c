package vkernel.guest.linux.poll;

import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EEXIST;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EMFILE;
import static vkernel.kern.Errno.ENOSPC;
import static vkernel.kern.Errno.ENOTTY;
import static vkernel.kern.Kernel.BLOCKED;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import vkernel.abi.Bounds;
import vkernel.fs.FileOps;
import vkernel.fs.Inode;
import vkernel.fs.Inotify;
import vkernel.fs.Inotify.Event;
import vkernel.fs.Inotify.Watch;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.guest.linux.file.Places;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Le;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Task;

/** inotify(7): files that tell what happens to other files. What happens is told by vfs. */
public final class InotifyFds implements FileOps, CallGroup {
    private static final String KIND = "inotify";
    private static final int ONLYDIR = 0x0100_0000, DONT_FOLLOW = 0x0200_0000;
    private static final int MASK_CREATE = 0x1000_0000, MASK_ADD = 0x2000_0000;
    private static final int KEPT = Inotify.ALL | Inotify.EXCL_UNLINK | Inotify.ONESHOT;
    private static final int KNOWN = KEPT | ONLYDIR | DONT_FOLLOW | MASK_CREATE | MASK_ADD | Inotify.ISDIR | 0xe000;
    private static final int FIONREAD = 0x541B;
    /** Size of struct inotify_event, and what names are filled up to. */
    private static final int HEAD = 16;
    /** Of one user (fs.inotify.max_user_instances). */
    private static final int MOST_INSTANCES = 128;
    /** Of all users: they lie in the kernel's memory. */
    private static final int ALL_INSTANCES = 256, ALL_WATCHES = 65536;

    private final Kernel kernel;
    private final User user;
    private final Places places;
    private final EventFiles files;
    private final Supplier<Bounds> bounds;
    private final Set<Inotify> instances = Collections.newSetFromMap(new IdentityHashMap<>());

    public InotifyFds(Kernel kernel, User user, Places places, EventFiles files, Supplier<Bounds> bounds) {
        this.bounds = bounds;
        this.kernel = kernel;
        this.user = user;
        this.places = places;
        this.files = files;
        files.serve(KIND, this);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.INOTIFY_INIT1, Nr.INOTIFY_RM_WATCH);
        table.partial(this, Nr.INOTIFY_ADD_WATCH, "no IN_UNMOUNT");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.INOTIFY_INIT1 -> init(task, a0);
            case Nr.INOTIFY_ADD_WATCH -> add(task, a0, a1, a2);
            case Nr.INOTIFY_RM_WATCH -> remove(task, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    /** Gives up the instances there are, for a successor. */
    public Set<Inotify> release() {
        Set<Inotify> all = Collections.newSetFromMap(new IdentityHashMap<>());
        all.addAll(instances);
        instances.clear();
        return all;
    }

    public void adopt(Set<Inotify> old) {
        instances.addAll(old);
    }

    private long init(Task task, long flags) {
        if (((int) flags & ~(Mode.O_NONBLOCK | Mode.O_CLOEXEC)) != 0) {
            return -EINVAL;
        }
        int uid = task.credentials.uid();
        long own = instances.stream().filter(instance -> instance.uid == uid).count();
        if (own >= MOST_INSTANCES || instances.size() >= ALL_INSTANCES) {
            return -EMFILE;
        }
        Inotify instance = new Inotify(uid);
        long fd = files.open(task, KIND, instance, (int) flags);
        OpenFile file = fd < 0 ? null : task.files.get((int) fd);
        if (file != null) {
            file.flags &= ~Mode.O_ACCMODE; // for reading only
            instances.add(instance);
        }
        return fd;
    }

    private static @Nullable Inotify instance(@Nullable OpenFile file) {
        return file != null && file.data instanceof Inotify instance ? instance : null;
    }

    private long add(Task task, long fd, long pathVa, long bits) {
        int mask = (int) bits;
        if ((mask & KNOWN) == 0) {
            return -EINVAL;
        }
        OpenFile file = task.files.get((int) fd);
        if (file == null) {
            return -EBADF;
        }
        Inotify instance = instance(file);
        if ((mask & MASK_ADD) != 0 && (mask & MASK_CREATE) != 0 || instance == null) {
            return -EINVAL;
        }
        int walk = ((mask & DONT_FOLLOW) != 0 ? 0 : Vfs.FOLLOW) | ((mask & ONLYDIR) != 0 ? Vfs.DIRECTORY : 0);
        Result<Path> place = places.at(task, Places.AT_FDCWD, pathVa, walk);
        if (!place.ok()) {
            return place.error();
        }
        long error = kernel.vfs().permission(task, place.value(), Vfs.READ, false);
        return error != 0 ? error : watch(instance, place.value().inode(), mask);
    }

    private long watch(Inotify instance, Inode inode, int mask) {
        for (Watch watch : inode.watches == null ? List.<Watch>of() : inode.watches) {
            if (watch.of == instance) {
                if ((mask & MASK_CREATE) != 0) {
                    return -EEXIST;
                }
                watch.mask = (mask & MASK_ADD) != 0 ? watch.mask | mask & KEPT : mask & KEPT;
                return watch.number;
            }
        }
        int watches = instances.stream()
                .filter(other -> other.uid == instance.uid)
                .mapToInt(other -> other.watches.size())
                .sum();
        int all = instances.stream().mapToInt(other -> other.watches.size()).sum();
        int number = ++instance.lastWatch; // used up even if there is no room
        if (watches >= bounds.get().inotifyWatches || all >= ALL_WATCHES) {
            return -ENOSPC;
        }
        Watch watch = new Watch(instance, number, inode, mask & KEPT);
        instance.watches.put(watch.number, watch);
        if (inode.watches == null) {
            inode.watches = new ArrayList<>(1);
        }
        inode.watches.add(watch);
        return watch.number;
    }

    private long remove(Task task, long fd, long number) {
        OpenFile file = task.files.get((int) fd);
        if (file == null) {
            return -EBADF;
        }
        Inotify instance = instance(file);
        Watch watch = instance == null ? null : instance.watches.get((int) number);
        if (instance == null || watch == null) {
            return -EINVAL;
        }
        instance.remove(watch);
        kernel.wake(instance.readers);
        return 0;
    }

    // --- the file ---------------------------------------------------------------------------------------------------

    private static Inotify its(OpenFile file) {
        return (Inotify) java.util.Objects.requireNonNull(file.data);
    }

    private static int size(Event event) {
        int name = event.name().length();
        return HEAD + (name == 0 ? 0 : (name + HEAD) / HEAD * HEAD);
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        Inotify instance = its(file);
        Event first = instance.events.peekFirst();
        if (first == null) {
            if (file.nonblocking()) {
                return -EAGAIN;
            }
            task.waitOn(instance.readers);
            return BLOCKED;
        }
        if (to.remaining() < size(first)) {
            return -EINVAL;
        }
        long done = 0;
        for (Event next = first; next != null && to.remaining() >= size(next); next = instance.events.peekFirst()) {
            byte[] bytes = encode(next);
            if (to.put(bytes, 0, bytes.length) < bytes.length) {
                return done > 0 ? done : -EFAULT;
            }
            instance.events.removeFirst();
            done += bytes.length;
        }
        return done;
    }

    private static byte[] encode(Event event) {
        byte[] bytes = new byte[size(event)];
        Le.put32(bytes, 0, event.watch());
        Le.put32(bytes, 4, event.mask());
        Le.put32(bytes, 8, event.cookie());
        Le.put32(bytes, 12, bytes.length - HEAD);
        for (int i = 0; i < event.name().length(); i++) {
            bytes[HEAD + i] = (byte) event.name().charAt(i);
        }
        return bytes;
    }

    @Override
    public boolean seekable(OpenFile file) {
        return false;
    }

    @Override
    public int poll(OpenFile file, @Nullable Task waiter) {
        if (waiter != null) {
            waiter.waitOn(its(file).readers);
        }
        return its(file).events.isEmpty() ? 0 : Mode.POLLIN | Mode.POLLRDNORM;
    }

    @Override
    public long ioctl(Task task, OpenFile file, int command, long argument) {
        if (command != FIONREAD) {
            return -ENOTTY;
        }
        int bytes = its(file).events.stream().mapToInt(InotifyFds::size).sum();
        return user.giveInt(task, argument, bytes);
    }

    @Override
    public void release(OpenFile file) {
        Inotify instance = its(file);
        instances.remove(instance);
        for (Watch watch : List.copyOf(instance.watches.values())) {
            instance.remove(watch);
        }
    }
}
