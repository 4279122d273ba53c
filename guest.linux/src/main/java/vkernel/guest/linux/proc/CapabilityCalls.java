package vkernel.guest.linux.proc;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;
import static vkernel.kern.Errno.ESRCH;

import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.CapabilitySets;
import vkernel.task.Credentials;
import vkernel.task.Task;

/**
 * capget(2), capset(2). The header is a version and a pid; the data three words (effective, permitted, inheritable),
 * twice from version 2 on: low halves, then high halves.
 */
public final class CapabilityCalls implements CallGroup {
    private static final int VERSION_1 = 0x1998_0330;
    private static final int VERSION_2 = 0x2007_1026;
    private static final int VERSION_3 = 0x2008_0522;

    private final Kernel kernel;
    private final User user;

    public CapabilityCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.CAPGET);
        table.full(this, Nr.CAPSET);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.CAPGET -> capget(task, a0, a1);
            case Nr.CAPSET -> capset(task, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    private long capget(Task task, long header, long data) {
        long size = size(task, header);
        if (size < 0 || !user.read(task, header + 4, 4)) {
            return size == -EINVAL && data == 0 ? 0 : size < 0 ? size : -EFAULT;
        }
        int pid = user.i32(0);
        @Nullable Task of = pid == 0 ? task : kernel.processes().task(pid);
        if (pid < 0 || of == null) {
            return pid < 0 ? -EINVAL : -ESRCH;
        }
        CapabilitySets c = of.credentials.capabilities();
        put(0, c.effective());
        put(4, c.permitted());
        put(8, c.inheritable());
        return data == 0 ? 0 : user.give(task, data, (int) size);
    }

    /** Bytes of the data by the header's version; -EFAULT, or -EINVAL and the header says which version is ours. */
    private long size(Task task, long header) {
        if (!user.read(task, header, 4)) {
            return -EFAULT;
        }
        return switch (user.i32(0)) {
            case VERSION_1 -> 12;
            case VERSION_2, VERSION_3 -> 24;
            default -> user.giveInt(task, header, VERSION_3) != 0 ? -EFAULT : -EINVAL;
        };
    }

    private void put(int at, long set) {
        user.put32(at, (int) set);
        user.put32(at + 12, (int) (set >>> 32));
    }

    private long set(int at) {
        long high = user.i32(at + 12);
        return (user.i32(at) & 0xffff_ffffL | high << 32) & Credentials.ALL_CAPABILITIES;
    }

    private long capset(Task task, long header, long data) {
        long size = size(task, header);
        if (size < 0 || !user.read(task, header + 4, 4)) {
            return size < 0 ? size : -EFAULT;
        }
        int pid = user.i32(0);
        if (pid != 0 && pid != task.tid) {
            return -EPERM;
        }
        user.zero(24);
        if (!user.read(task, data, (int) size)) {
            return -EFAULT;
        }
        CapabilitySets c = task.credentials.capabilities();
        long effective = set(0);
        long permitted = set(4);
        long inheritable = set(8);
        boolean allowed = (permitted & ~c.permitted()) == 0
                && (effective & ~permitted) == 0
                && (task.credentials.can(Credentials.CAP_SETPCAP)
                        || (inheritable & ~(c.inheritable() | c.permitted())) == 0)
                && (inheritable & ~(c.inheritable() | c.bounding())) == 0;
        if (!allowed) {
            return -EPERM;
        }
        task.credentials = task.credentials.with(c.with(permitted, effective, inheritable));
        return 0;
    }
}
