package vkernel.guest.linux.poll;

import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINTR;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Kernel.BLOCKED;
import static vkernel.task.Registers.A4;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Le;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/** pselect6(2): three sets of descriptors as bits, for reading, writing and exceptions. */
public final class SelectCalls implements CallGroup {
    /** Descriptors that Linux's smallest table has room for: those that are not open are -EBADF, others ignored. */
    private static final int LEAST_TABLE = 64;

    private static final int SETS = 3;
    private static final int[] EVENTS = {
        Mode.POLLIN | Mode.POLLRDNORM | Mode.POLLHUP | Mode.POLLERR,
        Mode.POLLOUT | Mode.POLLWRNORM | Mode.POLLERR,
        Mode.POLLPRI
    };

    private final Kernel kernel;
    private final User user;
    private final Waits waits;
    private final byte[][] wanted = new byte[SETS][128];
    private final byte[][] found = new byte[SETS][128];

    public SelectCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
        waits = new Waits(kernel, user);
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.PSELECT6);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.PSELECT6 -> pselect(task, a0, a1, a2, a3, a4, a5);
            default -> throw Table.unclaimed(call);
        };
    }

    @Override
    public long interrupted(int call, Task task) {
        waits.giveLeft(task, task.regs[A4]);
        return -EINTR;
    }

    private long pselect(Task task, long count, long in, long out, long except, long timeout, long maskArgument) {
        long bad = begin(task, timeout, maskArgument);
        if (bad != 0) {
            return bad;
        }
        if ((int) count < 0) {
            return -EINVAL;
        }
        int n = Math.min((int) count, Math.max(LEAST_TABLE, task.files.size()));
        int bytes = (n + 63) / 64 * 8;
        boolean read = load(task, 0, in, bytes) && load(task, 1, out, bytes) && load(task, 2, except, bytes);
        if (!read) {
            return -EFAULT;
        }
        int ready = ask(task, n, null);
        if (ready < 0) {
            return ready;
        }
        if (ready == 0 && waits.goesOn(task)) {
            ask(task, n, task);
            return BLOCKED;
        }
        boolean written = store(task, 0, in, bytes) && store(task, 1, out, bytes) && store(task, 2, except, bytes);
        waits.giveLeft(task, timeout);
        return written ? ready : -EFAULT;
    }

    /** The sixth argument is the address of a mask's address and size. */
    private long begin(Task task, long timeout, long maskArgument) {
        if (task.restart.active || maskArgument == 0) {
            return waits.begin(task, timeout, 0, 0);
        }
        return user.read(task, maskArgument, 16) ? waits.begin(task, timeout, user.i64(0), user.i64(8)) : -EFAULT;
    }

    private boolean load(Task task, int set, long va, int bytes) {
        if (wanted[set].length < bytes) {
            wanted[set] = new byte[2 * bytes];
            found[set] = new byte[2 * bytes];
        }
        Arrays.fill(wanted[set], 0, bytes, (byte) 0);
        return va == 0 || kernel.vm().read(task.memory(), va, wanted[set], 0, bytes);
    }

    private boolean store(Task task, int set, long va, int bytes) {
        return va == 0 || kernel.vm().write(task.memory(), va, found[set], 0, bytes);
    }

    /** Asks every wanted file. @return number of bits found, or -EBADF */
    private int ask(Task task, int n, @Nullable Task waiter) {
        int ready = 0;
        for (int base = 0; base < n; base += 64) {
            int at = base / 8;
            long any = Le.i64(wanted[0], at) | Le.i64(wanted[1], at) | Le.i64(wanted[2], at);
            for (int set = 0; set < SETS; set++) {
                Le.put64(found[set], at, 0);
            }
            for (; any != 0; any &= any - 1) {
                int fd = base + Long.numberOfTrailingZeros(any);
                if (fd >= n) {
                    break;
                }
                @Nullable OpenFile file = task.files.get(fd);
                if (file == null) {
                    return -EBADF;
                }
                ready += mark(fd, PollCalls.events(file, waiter));
            }
        }
        return ready;
    }

    private int mark(int fd, int events) {
        int marked = 0;
        int at = fd / 8;
        int bit = 1 << (fd & 7);
        for (int set = 0; set < SETS; set++) {
            if ((wanted[set][at] & bit) != 0 && (events & EVENTS[set]) != 0) {
                found[set][at] |= (byte) bit;
                marked++;
            }
        }
        return marked;
    }
}
