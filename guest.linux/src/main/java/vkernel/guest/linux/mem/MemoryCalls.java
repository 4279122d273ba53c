package vkernel.guest.linux.mem;

import static vkernel.kern.Errno.EACCES;
import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ENODEV;
import static vkernel.kern.Errno.ENOMEM;
import static vkernel.kern.Errno.EOPNOTSUPP;
import static vkernel.kern.Errno.EPERM;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Limits;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** mmap(2), brk(2) and their kin. */
public final class MemoryCalls implements CallGroup {
    private static final int PROTECTIONS = Vma.READ | Vma.WRITE | Vma.EXECUTE;
    private static final int PROT_SEM = 8;
    private static final int MS_SYNC = 4;
    private static final int MAP_SHARED_VALIDATE = 3;
    private static final int MAP_TYPE = 0xf;
    private static final int MAP_HUGETLB = 0x4_0000;
    private static final long MNT_NOEXEC = 8;

    private static final int MCL_CURRENT = 1, MCL_FUTURE = 2, MCL_ONFAULT = 4;
    private static final long MLOCK_ONFAULT = 1;

    /** What MAP_SHARED_VALIDATE accepts. */
    private static final int KNOWN_FLAGS = 0x1f_ffff & ~0x8_0000;

    private static final long PAGE = 4096;
    /** Of a user address. */
    private static final int ADDRESS_BITS = 47;

    private final Kernel kernel;
    private final User user;

    public MemoryCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.BRK, Nr.MUNMAP, Nr.MREMAP, Nr.MSYNC, Nr.MINCORE);
        table.full(this, Nr.MLOCK, Nr.MLOCK2, Nr.MLOCKALL, Nr.MUNLOCK, Nr.MUNLOCKALL);
        table.partial(this, Nr.MMAP, "no huge pages");
        table.partial(this, Nr.MPROTECT, "no PROT_GROWSDOWN, PROT_GROWSUP");
        table.partial(
                this,
                Nr.MADVISE,
                "no MADV_HWPOISON, SOFT_OFFLINE, GUARD_*; huge, cold and mergeable pages mean nothing");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.BRK -> brk(task, a0);
            case Nr.MMAP -> mmap(task, a0, a1, a2, a3, a4, a5);
            case Nr.MUNMAP -> munmap(task, a0, a1);
            case Nr.MPROTECT -> mprotect(task, a0, a1, a2);
            case Nr.MREMAP -> mremap(task, a0, a1, a2, a3, a4);
            case Nr.MADVISE -> madvise(task, a0, a1, a2);
            case Nr.MSYNC -> msync(task, a0, a1, a2);
            case Nr.MINCORE -> mincore(task, a0, a1, a2);
            case Nr.MLOCK -> kernel.vm().lock(task.memory(), a0, a1, Vm.LOCK_ON);
            case Nr.MLOCK2 -> mlock2(task, a0, a1, a2);
            case Nr.MUNLOCK -> kernel.vm().lock(task.memory(), a0, a1, Vm.LOCK_OFF);
            case Nr.MLOCKALL -> mlockall(task, a0);
            case Nr.MUNLOCKALL -> kernel.vm().lockAll(task.memory(), Vm.LOCK_OFF, Vm.LOCK_OFF);
            default -> throw Table.unclaimed(call);
        };
    }

    private long brk(Task task, long wanted) {
        return kernel.vm().brk(task.memory(), wanted, task.process.softLimits[Limits.DATA]);
    }

    private long mmap(Task task, long hint, long length, long protection, long flags, long fd, long offset) {
        int how = (int) flags;
        if ((offset & PAGE - 1) != 0) {
            return -EINVAL;
        }
        if ((how & MAP_HUGETLB) != 0) {
            return -ENOMEM;
        }
        @Nullable OpenFile file = null;
        if ((how & Vm.MAP_ANONYMOUS) == 0) {
            file = task.files.get((int) fd);
            if (file == null || (file.flags & Mode.O_PATH) != 0) {
                return -EBADF;
            }
        }
        long bad = mappable(file, (int) protection, how);
        if (bad != 0) {
            return bad;
        }
        int type = (how & MAP_TYPE) == Vm.MAP_PRIVATE ? Vm.MAP_PRIVATE : Vm.MAP_SHARED;
        long limit = task.process.softLimits[Limits.AS];
        if (limit != Limits.INFINITY && Long.compareUnsigned(task.memory().mapped() + length, limit) > 0) {
            return -ENOMEM;
        }
        return kernel.vm()
                .map(
                        task.memory(),
                        hint,
                        length,
                        (int) protection & PROTECTIONS,
                        how & ~MAP_TYPE | type,
                        file,
                        file == null ? 0 : offset);
    }

    private static long mappable(@Nullable OpenFile file, int protection, int flags) {
        int type = flags & MAP_TYPE;
        if (type != Vm.MAP_SHARED && type != Vm.MAP_PRIVATE && type != MAP_SHARED_VALIDATE) {
            return -EINVAL;
        }
        if (file == null) {
            return type == MAP_SHARED_VALIDATE ? -EINVAL : 0;
        }
        if (type == MAP_SHARED_VALIDATE && (flags & ~KNOWN_FLAGS) != 0) {
            return -EOPNOTSUPP;
        }
        if (!file.readable() || type != Vm.MAP_PRIVATE && (protection & Vma.WRITE) != 0 && !file.writable()) {
            return -EACCES;
        }
        if (type != Vm.MAP_PRIVATE
                && (protection & Vma.WRITE) != 0
                && (file.inode().seals & (Inode.SEAL_WRITE | Inode.SEAL_FUTURE_WRITE)) != 0) {
            return -EPERM;
        }
        if ((protection & Vma.EXECUTE) != 0 && (file.path.mount().flags & MNT_NOEXEC) != 0) {
            return -EPERM;
        }
        return file.inode().directory() ? -ENODEV : 0;
    }

    private long munmap(Task task, long start, long length) {
        return kernel.vm().unmap(task.memory(), start, length);
    }

    private long mprotect(Task task, long start, long length, long protection) {
        if ((protection & ~(PROTECTIONS | PROT_SEM)) != 0) {
            return -EINVAL;
        }
        if ((protection & Vma.WRITE) != 0 && sealed(task, start, start + length)) {
            return -EACCES;
        }
        return kernel.vm().protect(task.memory(), start, length, (int) protection & PROTECTIONS);
    }

    /** Whether a range has a part that no longer may be made writable (F_SEAL_WRITE). */
    private static boolean sealed(Task task, long start, long end) {
        int sealing = Inode.SEAL_WRITE | Inode.SEAL_FUTURE_WRITE;
        Vma vma = task.memory().find(start);
        while (vma != null && vma.start < end) {
            boolean writable = (vma.protection & Vma.WRITE) != 0;
            if (vma.shared && !writable && vma.file != null && (vma.file.inode().seals & sealing) != 0) {
                return true;
            }
            vma = task.memory().find(vma.end);
        }
        return false;
    }

    private long mremap(Task task, long start, long oldLength, long newLength, long flags, long newStart) {
        if ((flags & 1) != 0 && (flags & ~1) == 0 && (start & PAGE - 1) == 0 && newLength >>> ADDRESS_BITS != 0) {
            return -ENOMEM;
        }
        return (flags & ~7) != 0
                ? -EINVAL
                : kernel.vm().remap(task.memory(), start, oldLength, newLength, (int) flags, newStart);
    }

    private long madvise(Task task, long start, long length, long advice) {
        return kernel.vm().advise(task.memory(), start, length, (int) advice);
    }

    private long msync(Task task, long start, long length, long flags) {
        boolean both = (flags & 5) == 5;
        if ((flags & ~7) != 0 || both) {
            return -EINVAL;
        }
        long bad = kernel.vm().sync(task.memory(), start, length, (int) flags);
        return bad == 0 && (flags & MS_SYNC) != 0 ? writeOut(task, start, start + length) : bad;
    }

    /** Has what shared mappings modified written, a file after the other; each may have the task wait. */
    private static long writeOut(Task task, long start, long end) {
        AddressSpace space = task.memory();
        int seen = 0;
        for (int i = space.indexOf(start); i < space.count() && space.vma(i).start < end; i++) {
            Vma vma = space.vma(i);
            OpenFile file = vma.shared ? vma.file : null;
            if (file == null || seen++ < task.restart.index) {
                continue;
            }
            long result = file.ops().sync(task, file);
            if (result == Kernel.BLOCKED) {
                task.restart.index = seen - 1;
            }
            if (result != 0) {
                return result;
            }
            task.restart.done = 0; // of the next
        }
        return 0;
    }

    private long mincore(Task task, long start, long length, long va) {
        if ((start & PAGE - 1) != 0) {
            return -EINVAL;
        }
        if (length < 0 || start < 0 || start + length < 0) {
            return -ENOMEM;
        }
        long pages = (length + PAGE - 1) / PAGE;
        for (long done = 0; done < pages; done += User.SIZE) {
            byte[] some = new byte[(int) Math.min(User.SIZE, pages - done)];
            long bad = kernel.vm().resident(task.memory(), start + done * PAGE, some);
            if (bad != 0) {
                return bad;
            }
            System.arraycopy(some, 0, user.bytes, 0, some.length);
            if (!user.write(task, va + done, some.length)) {
                return -EFAULT;
            }
        }
        return 0;
    }

    private long mlockall(Task task, long flags) {
        if (flags == 0 || flags > 7 || flags == MCL_ONFAULT) {
            return -EINVAL;
        }
        int how = (flags & MCL_ONFAULT) != 0 ? Vm.LOCK_ON_FAULT : Vm.LOCK_ON;
        return kernel.vm()
                .lockAll(
                        task.memory(),
                        (flags & MCL_CURRENT) != 0 ? how : Vm.LOCK_OFF,
                        (flags & MCL_FUTURE) != 0 ? how : Vm.LOCK_OFF);
    }

    private long mlock2(Task task, long start, long length, long flags) {
        if ((flags & ~MLOCK_ONFAULT) != 0) {
            return -EINVAL;
        }
        return kernel.vm().lock(task.memory(), start, length, flags == 0 ? Vm.LOCK_ON : Vm.LOCK_ON_FAULT);
    }
}
