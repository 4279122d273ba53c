package vkernel.guest.linux.trace;

import static vkernel.task.Registers.A7;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.table.Table;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/**
 * A line for every system call, in the manner of strace(1): {@code 12 openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3}. A
 * call that has to wait is shown twice, first with {@code = ...}.
 */
public final class Trace {
    /** Calls whose arguments are gone when they are over; the rest is formatted then. */
    private static final Set<String> EARLY = Set.of("execve", "execveat", "exit", "exit_group", "rt_sigreturn");

    private static final Set<String> ENDS = Set.of("exit", "exit_group");
    /** Results that are addresses. */
    private static final Set<String> ADDRESSES = Set.of("mmap", "mremap", "brk");

    private final Table table;
    private final ArgumentFormat format;
    private final Consumer<String> out;
    /** Calls formatted early, by tid. */
    private final Map<Integer, String> early = new HashMap<>();

    public Trace(Kernel kernel, Table table, Consumer<String> out) {
        this.table = table;
        this.out = out;
        format = new ArgumentFormat(kernel);
    }

    /** A call begins. */
    public void before(Task task) {
        String name = table.name(task.regs[A7]);
        if (!EARLY.contains(name)) {
            return;
        }
        String call = format.show(task, name, 0);
        if (ENDS.contains(name)) {
            line(task, call, "?");
        } else {
            early.put(task.tid, call);
        }
    }

    /** A call waits. */
    public void blocked(Task task) {
        String name = table.name(task.regs[A7]);
        line(task, early.getOrDefault(task.tid, format.show(task, name, 0)), "...");
    }

    /** A call is over. */
    public void after(Task task, long number, long result) {
        String name = table.name(number);
        if (ENDS.contains(name)) {
            return;
        }
        @Nullable String call = early.remove(task.tid);
        line(task, call != null ? call : format.show(task, name, result), result(name, result));
    }

    private void line(Task task, String call, String result) {
        out.accept(task.tid + " " + call + " = " + result);
    }

    private static String result(String name, long result) {
        if (result == Kernel.NO_RESULT) {
            return name.equals("rt_sigreturn") ? "?" : "0";
        }
        if (result < 0 && result >= -4095) {
            return "-1 " + Errno.name((int) -result);
        }
        return ADDRESSES.contains(name) ? "0x" + Long.toHexString(result) : Long.toString(result);
    }
}
