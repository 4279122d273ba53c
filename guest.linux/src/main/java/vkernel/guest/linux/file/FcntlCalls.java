package vkernel.guest.linux.file;

import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EBUSY;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ENOTDIR;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Errno.ESRCH;

import org.jspecify.annotations.Nullable;
import vkernel.fs.FileLock;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.Pipe;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Signal;
import vkernel.task.Task;

/** fcntl(2), flock(2), ioctl(2), lseek(2). */
public final class FcntlCalls implements CallGroup {
    private static final int LOCK_MAND = 32;

    private static final int F_DUPFD = 0, F_GETFD = 1, F_SETFD = 2, F_GETFL = 3, F_SETFL = 4;
    private static final int F_GETLK = 5, F_SETLK = 6, F_SETLKW = 7, F_SETOWN = 8, F_GETOWN = 9;
    private static final int F_OFD_GETLK = 36, F_OFD_SETLK = 37, F_OFD_SETLKW = 38;
    private static final int F_DUPFD_CLOEXEC = 1030, F_SETPIPE_SZ = 1031, F_GETPIPE_SZ = 1032;
    private static final int F_SETSIG = 10, F_GETSIG = 11, F_SETOWN_EX = 15, F_GETOWN_EX = 16;
    private static final int F_OWNER_TID = 0, F_OWNER_PID = 1, F_OWNER_PGRP = 2;
    private static final int F_SETLEASE = 1024, F_GETLEASE = 1025, F_NOTIFY = 1026;
    private static final int F_ADD_SEALS = 1033, F_GET_SEALS = 1034;
    private static final int FIONCLEX = 0x5450, FIOCLEX = 0x5451, FIONBIO = 0x5421, FIOASYNC = 0x5452;
    private static final int F_UNLCK = 2;
    /** fs.pipe-max-size. */
    private static final int PIPE_MAX = 1 << 20;

    /** What F_SETFL can change. */
    private static final int SETTABLE = Mode.O_APPEND | Mode.O_NONBLOCK | Mode.O_ASYNC | Mode.O_DIRECT | Mode.O_NOATIME;

    private final Kernel kernel;
    private final User user;
    private final FileFlags flags;

    public FcntlCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
        flags = new FileFlags(user);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.FLOCK, Nr.LSEEK);
        table.partial(this, Nr.IOCTL, "what each driver and file system knows; others are -ENOTTY");
        table.partial(this, Nr.FCNTL, "no F_NOTIFY; who is to get SIGIO gets it of leases only");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.FCNTL -> fcntl(task, a0, a1, a2);
            case Nr.FLOCK -> flock(task, a0, a1);
            case Nr.IOCTL -> ioctl(task, a0, a1, a2);
            case Nr.LSEEK -> lseek(task, a0, a1, a2);
            default -> throw Table.unclaimed(call);
        };
    }

    private long fcntl(Task task, long fd, long command, long argument) {
        @Nullable OpenFile file = task.files.get((int) fd);
        if (file == null) {
            return -EBADF;
        }
        int argumentInt = (int) argument;
        return switch ((int) command) {
            case F_DUPFD, F_DUPFD_CLOEXEC ->
                argumentInt < 0 || argumentInt >= OpenCalls.limit(task)
                        ? -EINVAL
                        : OpenCalls.duplicate(task, file, argumentInt, command == F_DUPFD_CLOEXEC);
            case F_GETFD -> task.files.closeOnExec((int) fd) ? 1 : 0;
            case F_SETFD -> {
                task.files.closeOnExec((int) fd, (argumentInt & 1) != 0);
                yield 0;
            }
            case F_GETFL -> file.flags;
            default -> (file.flags & Mode.O_PATH) != 0 ? -EBADF : opened(task, (int) fd, file, (int) command, argument);
        };
    }

    private long opened(Task task, int fd, OpenFile file, int command, long argument) {
        return switch (command) {
            case F_SETFL -> {
                if (file.inode().appendOnly() && (file.flags & ~argument & Mode.O_APPEND) != 0) {
                    yield -EPERM;
                }
                file.flags = file.flags & ~SETTABLE | (int) argument & SETTABLE;
                yield 0;
            }
            case F_GETLK -> getLock(task, file, task.files, argument);
            case F_SETLK -> setLock(task, file, task.files, argument, false);
            case F_SETLKW -> setLock(task, file, task.files, argument, true);
            case F_OFD_GETLK -> getLock(task, file, file, argument);
            case F_OFD_SETLK -> setLock(task, file, file, argument, false);
            case F_OFD_SETLKW -> setLock(task, file, file, argument, true);
            case F_SETOWN -> setOwner(file, (int) argument, false);
            case F_SETOWN_EX -> setOwner(task, file, argument);
            case F_GETOWN_EX -> getOwner(task, file, argument);
            case F_GETOWN -> file.owner;
            case F_ADD_SEALS -> Seals.add(file, (int) argument);
            case F_GET_SEALS -> Seals.get(file);
            case F_GETPIPE_SZ -> pipe(file) == null ? -EBADF : pipe(file).capacity;
            case F_SETPIPE_SZ -> setPipeSize(pipe(file), argument);
            // no file tells of its changes: what is wrong with who asks is said all the same
            case F_NOTIFY -> file.inode().directory() ? -EINVAL : -ENOTDIR;
            case F_SETLEASE -> kernel.vfs().setLease(task, file, fd, (int) argument);
            case F_GETLEASE -> kernel.vfs().lease(file);
            case F_SETSIG -> {
                if (argument < 0 || argument > Signal.MAX) {
                    yield -EINVAL;
                }
                file.signal = (int) argument;
                yield 0;
            }
            case F_GETSIG -> file.signal;
            default -> -EINVAL;
        };
    }

    /** @param owner pid, or negative pgid; of a thread its tid; 0 for nobody */
    private long setOwner(OpenFile file, int owner, boolean thread) {
        boolean there = owner < 0
                ? !kernel.processes().group(-owner).isEmpty()
                : thread
                        ? kernel.processes().task(owner) != null
                        : kernel.processes().process(owner) != null;
        if (owner != 0 && !there) {
            return -ESRCH;
        }
        file.owner = owner;
        file.ownerThread = thread;
        return 0;
    }

    /** struct f_owner_ex: type at 0, id at 4. */
    private long setOwner(Task task, OpenFile file, long va) {
        if (!user.read(task, va, 8)) {
            return -EFAULT;
        }
        int type = user.i32(0);
        int id = user.i32(4);
        if (type < F_OWNER_TID || type > F_OWNER_PGRP) {
            return -EINVAL;
        }
        return setOwner(file, type == F_OWNER_PGRP ? -id : id, type == F_OWNER_TID);
    }

    private long getOwner(Task task, OpenFile file, long va) {
        int type = file.ownerThread ? F_OWNER_TID : file.owner < 0 ? F_OWNER_PGRP : F_OWNER_PID;
        user.put32(0, file.owner == 0 ? F_OWNER_TID : type);
        user.put32(4, Math.abs(file.owner));
        return user.give(task, va, 8);
    }

    private static @Nullable Pipe pipe(OpenFile file) {
        return file.inode().pipe;
    }

    private long setPipeSize(@Nullable Pipe pipe, long wanted) {
        if (pipe == null) {
            return -EBADF;
        }
        if ((int) wanted <= 0) {
            return -EINVAL;
        }
        if ((int) wanted > PIPE_MAX) {
            return -EPERM;
        }
        int size = Math.max(Pipe.ATOMIC, Integer.highestOneBit((int) wanted * 2 - 1));
        if (size < pipe.used()) {
            return -EBUSY;
        }
        pipe.capacity = size;
        kernel.wake(pipe.forRoom);
        return size;
    }

    /** struct flock: type and whence at 0 and 2, start at 8, length at 16, pid at 24. */
    private long getLock(Task task, OpenFile file, Object owner, long va) {
        if (!user.read(task, va, 32)) {
            return -EFAULT;
        }
        if (owner == file && user.i32(24) != 0) {
            return -EINVAL;
        }
        int type = user.u16(0);
        long start = start(file);
        if (type > 1 || start < 0 || end(start) < 0) {
            return -EINVAL;
        }
        @Nullable FileLock lock = kernel.vfs().blockingLock(file, owner, type, from(start), end(start));
        if (lock == null) {
            user.put16(0, F_UNLCK);
        } else {
            user.put16(0, lock.exclusive ? 1 : 0);
            user.put16(2, 0);
            user.put64(8, lock.start);
            user.put64(16, lock.end == Long.MAX_VALUE ? 0 : lock.end - lock.start);
            user.put32(24, lock.pid);
        }
        return user.give(task, va, 32);
    }

    private long setLock(Task task, OpenFile file, Object owner, long va, boolean wait) {
        if (!user.read(task, va, 32)) {
            return -EFAULT;
        }
        if (owner == file && user.i32(24) != 0) {
            return -EINVAL;
        }
        int type = user.u16(0);
        long start = start(file);
        if (type > F_UNLCK || start < 0 || end(start) < 0) {
            return -EINVAL;
        }
        if (type == 0 && !file.readable() || type == 1 && !file.writable()) {
            return -EBADF;
        }
        return kernel.vfs().lock(task, file, owner, type, from(start), end(start), wait);
    }

    private long start(OpenFile file) {
        long start = user.i64(8);
        return switch (user.u16(2)) {
            case 0 -> start;
            case 1 -> start + file.position;
            case 2 -> start + file.inode().length();
            default -> -1;
        };
    }

    /** A negative length means the bytes before the start. */
    private long from(long start) {
        return Math.min(start, start + Math.min(user.i64(16), 0));
    }

    private long end(long start) {
        long length = user.i64(16);
        if (length == 0) {
            return Long.MAX_VALUE;
        }
        return length < 0 ? from(start) < 0 ? -1 : start : start + length;
    }

    private long flock(Task task, long fd, long operation) {
        if ((operation & LOCK_MAND) != 0) {
            return 0; // once a lock that had to be kept to, now nothing
        }
        @Nullable OpenFile file = task.files.get((int) fd);
        if (file == null || (file.flags & Mode.O_PATH) != 0) {
            return -EBADF;
        }
        int kind = (int) operation & ~4;
        return kind == 1 || kind == 2 || kind == 8 ? kernel.vfs().flock(task, file, (int) operation) : -EINVAL;
    }

    private long ioctl(Task task, long fd, long command, long argument) {
        @Nullable OpenFile file = task.files.get((int) fd);
        if (file == null || (file.flags & Mode.O_PATH) != 0) {
            return -EBADF;
        }
        return switch ((int) command) {
            case FIOCLEX, FIONCLEX -> {
                task.files.closeOnExec((int) fd, (int) command == FIOCLEX);
                yield 0;
            }
            case FIONBIO -> setFlag(task, file, argument, Mode.O_NONBLOCK);
            case FIOASYNC -> setFlag(task, file, argument, Mode.O_ASYNC);
            case FileFlags.GET, FileFlags.SET -> {
                if (!FileFlags.has(file)) {
                    yield file.ops().ioctl(task, file, (int) command, argument);
                }
                yield (int) command == FileFlags.GET
                        ? flags.get(task, file, argument)
                        : flags.set(task, file, argument);
            }
            default -> file.ops().ioctl(task, file, (int) command, argument);
        };
    }

    private long setFlag(Task task, OpenFile file, long va, int flag) {
        if (!user.read(task, va, 4)) {
            return -EFAULT;
        }
        file.flags = user.i32(0) != 0 ? file.flags | flag : file.flags & ~flag;
        return 0;
    }

    private long lseek(Task task, long fd, long offset, long whence) {
        @Nullable OpenFile file = task.files.get((int) fd);
        if (file == null || (file.flags & Mode.O_PATH) != 0) {
            return -EBADF;
        }
        return kernel.vfs().seek(task, file, offset, (int) whence);
    }
}
