package vkernel.guest.fs.vfs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Inode;
import vkernel.fs.Lease;
import vkernel.fs.OpenFile;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/** Leases on files (fcntl(2) F_SETLEASE; Linux: fs/locks.c). They are kept in the inode. */
final class Leases {
    private static final long SECOND = 1_000_000_000;
    /** Of SIGIO's siginfo_t: POLL_MSG, and POLLIN, POLLRDNORM and POLLMSG. */
    private static final int POLL_MSG = 3;

    private static final long BAND = 0x001 | 0x040 | 0x400;
    /** Most of one file. */
    private static final int MOST = 4096;

    private final Kernel kernel;

    Leases(Kernel kernel) {
        this.kernel = kernel;
    }

    /** @return 0, -EACCES, -EINVAL, -EAGAIN, -ENOLCK */
    long set(Task task, OpenFile file, int fd, int type) {
        Inode inode = file.inode();
        if (task.credentials.fsuid() != inode.uid && !task.credentials.can(Credentials.CAP_LEASE)) {
            return -Errno.EACCES;
        }
        if (!inode.regular() || type != Vfs.F_RDLCK && type != Vfs.F_WRLCK && type != Vfs.F_UNLCK) {
            return -Errno.EINVAL;
        }
        expire(inode);
        Lease own = of(file);
        if (type == Vfs.F_UNLCK) {
            if (own == null) {
                return -Errno.EAGAIN;
            }
            remove(own);
            return 0;
        }
        if (conflicts(file, own, type == Vfs.F_WRLCK)) {
            return -Errno.EAGAIN;
        }
        if (own != null) {
            own.fd = fd;
            change(own, type == Vfs.F_WRLCK);
        } else {
            List<Lease> all = inode.leases;
            if (all == null) {
                inode.leases = all = new ArrayList<>(1);
            }
            if (all.size() >= MOST) {
                return -Errno.ENOLCK;
            }
            all.add(new Lease(file, fd, type == Vfs.F_WRLCK));
        }
        file.owner = task.process.pid;
        file.ownerThread = false;
        return 0;
    }

    /** Whether others have the file open, or leased, in a way that stands against a lease. */
    private static boolean conflicts(OpenFile file, @Nullable Lease own, boolean exclusive) {
        Inode inode = file.inode();
        int writers = exclusive && file.writable() ? 1 : 0;
        int readers = exclusive && !file.writable() ? 1 : 0;
        if (inode.writers != writers || exclusive && inode.readers != readers) {
            return true;
        }
        List<Lease> all = inode.leases;
        for (Lease lease : all == null ? List.<Lease>of() : all) {
            if (lease != own && (exclusive || lease.goneBy != Lease.NEVER)) {
                return true;
            }
        }
        return false;
    }

    /** F_RDLCK, F_WRLCK, F_UNLCK: what the lease is, or has to become. */
    int get(OpenFile file) {
        expire(file.inode());
        Lease own = of(file);
        if (own == null || own.goneBy != Lease.NEVER) {
            return Vfs.F_UNLCK;
        }
        return own.exclusive && own.downgradeBy == Lease.NEVER ? Vfs.F_WRLCK : Vfs.F_RDLCK;
    }

    private static @Nullable Lease of(OpenFile file) {
        List<Lease> all = file.inode().leases;
        for (Lease lease : all == null ? List.<Lease>of() : all) {
            if (lease.file == file) {
                return lease;
            }
        }
        return null;
    }

    /**
     * A task is about to open a file: leases that this breaks are to go, and their holders are told.
     *
     * @return 0, {@link Kernel#BLOCKED} until they are gone, or -EAGAIN for who does not wait
     */
    long broken(Task task, Inode inode, boolean writes, boolean waits) {
        if (inode.leases == null) {
            return 0;
        }
        expire(inode);
        List<Lease> all = inode.leases;
        if (all == null) {
            return 0;
        }
        long by = kernel.now() + kernel.abi().bounds().leaseBreakSeconds * SECOND;
        Lease first = null;
        for (Lease lease : all) {
            if (!lease.exclusive && !writes) {
                continue;
            }
            first = first == null ? lease : first;
            if (writes ? lease.goneBy == Lease.NEVER : !lease.breaking()) {
                if (writes) {
                    lease.goneBy = by;
                } else {
                    lease.downgradeBy = by;
                }
                tell(lease);
            }
        }
        if (first == null) {
            return 0;
        }
        if (!waits) {
            return -Errno.EAGAIN;
        }
        task.waitOn(first.waiters);
        task.restart.deadline = Math.min(first.goneBy, first.downgradeBy);
        return Kernel.BLOCKED;
    }

    private void tell(Lease lease) {
        OpenFile file = lease.file;
        SigInfo info =
                file.signal == 0 ? SigInfo.kernel(Signal.SIGIO) : SigInfo.poll(file.signal, POLL_MSG, BAND, lease.fd);
        if (file.owner < 0) {
            kernel.signalGroup(-file.owner, info);
            return;
        }
        Process holder = kernel.processes().process(file.owner);
        Task thread = file.ownerThread ? kernel.processes().task(file.owner) : null;
        if (thread != null) {
            kernel.signal(thread, info);
        } else if (holder != null) {
            kernel.signal(holder, info);
        }
    }

    /** What is not done when its time is over is done then. */
    private void expire(Inode inode) {
        List<Lease> all = inode.leases;
        if (all == null) {
            return;
        }
        long now = kernel.now();
        for (Lease lease : List.copyOf(all)) {
            if (lease.goneBy <= now) {
                remove(lease);
            } else if (lease.downgradeBy <= now) {
                change(lease, false);
            }
        }
    }

    private void change(Lease lease, boolean exclusive) {
        lease.exclusive = exclusive;
        if (!exclusive) {
            lease.downgradeBy = Lease.NEVER;
        }
        kernel.wake(lease.waiters);
    }

    private void remove(Lease lease) {
        Inode inode = lease.file.inode();
        List<Lease> all = inode.leases;
        if (all == null) {
            return;
        }
        all.remove(lease);
        if (all.isEmpty()) {
            inode.leases = null;
        }
        lease.file.owner = 0;
        lease.file.signal = 0;
        kernel.wake(lease.waiters);
    }

    /** The last descriptor of a file is closed. */
    void drop(OpenFile file) {
        if (file.inode().leases == null) {
            return;
        }
        Lease own = of(file);
        if (own != null) {
            remove(own);
        }
    }
}
