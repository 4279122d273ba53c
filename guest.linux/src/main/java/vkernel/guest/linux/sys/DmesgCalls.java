package vkernel.guest.linux.sys;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;

import java.nio.charset.StandardCharsets;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Times;
import vkernel.kern.Dmesg;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** syslog(2), the kernel log's call. */
public final class DmesgCalls implements CallGroup {
    private static final int READ_ALL = 3;
    private static final int READ_CLEAR = 4;
    private static final int CLEAR = 5;
    private static final int CONSOLE_LEVEL = 8;
    private static final int SIZE_UNREAD = 9;
    private static final int SIZE_BUFFER = 10;
    private static final int BUFFER = 1 << 18;

    private final Kernel kernel;

    public DmesgCalls(Kernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public void table(Table table) {
        table.partial(this, Nr.SYSLOG, "no waiting read; console levels mean nothing");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.SYSLOG -> syslog(task, a0, a1, a2);
            default -> throw Table.unclaimed(call);
        };
    }

    /** As where kernel.dmesg_restrict is 1, Debian's default: the log is root's. */
    private long syslog(Task task, long type, long va, long length) {
        int what = (int) type;
        if (!task.credentials.can(Credentials.CAP_SYSLOG)) {
            return -EPERM;
        }
        return switch (what) {
            case 0, 1, 6, 7, CONSOLE_LEVEL, SIZE_UNREAD -> 0;
            case READ_ALL, READ_CLEAR -> read(task, va, (int) length, what == READ_CLEAR);
            case CLEAR -> clear();
            case SIZE_BUFFER -> BUFFER;
            default -> -EINVAL;
        };
    }

    private long clear() {
        kernel.dmesg().clear();
        return 0;
    }

    /** The last lines that fit, each as {@code <level>[seconds.micros] text}. */
    private long read(Task task, long va, int length, boolean clear) {
        if (va == 0 || length < 0) {
            return -EINVAL;
        }
        StringBuilder text = new StringBuilder();
        for (Dmesg.Line line : kernel.dmesg().lines()) {
            text.append('<').append(line.level()).append(">[");
            text.append(String.format("%5d.%06d", line.nanos() / Times.SECOND, line.nanos() % Times.SECOND / 1000));
            text.append("] ")
                    .append(line.source())
                    .append(": ")
                    .append(line.text())
                    .append('\n');
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        int from = Math.max(0, bytes.length - length);
        while (from > 0 && from < bytes.length && bytes[from - 1] != '\n') {
            from++;
        }
        if (!kernel.vm().write(task.memory(), va, bytes, from, bytes.length - from)) {
            return -EFAULT;
        }
        if (clear) {
            kernel.dmesg().clear();
        }
        return bytes.length - from;
    }
}
