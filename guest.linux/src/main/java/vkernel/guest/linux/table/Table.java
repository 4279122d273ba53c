package vkernel.guest.linux.table;

import static vkernel.kern.Errno.EINTR;
import static vkernel.kern.Errno.ENOSYS;
import static vkernel.task.Registers.A0;
import static vkernel.task.Registers.A1;
import static vkernel.task.Registers.A2;
import static vkernel.task.Registers.A3;
import static vkernel.task.Registers.A4;
import static vkernel.task.Registers.A5;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.abi.Abi;
import vkernel.abi.Abi.Support;
import vkernel.task.Task;

/**
 * The system calls by number: which group does them, how much of each there is, how often they were called. A call that nobody
 * claims is MISSING and answers -ENOSYS.
 */
public final class Table {
    private static final int SIZE = Names.all().lastKey() + 1;

    private final @Nullable CallGroup[] groups = new CallGroup[SIZE];
    private final Support[] support = new Support[SIZE];
    private final String[] notes = new String[SIZE];
    private final String[] names = new String[SIZE];
    private final long[] counts = new long[SIZE];
    private final long[] errors = new long[SIZE];
    /** Calls with a number that Linux does not have. */
    private long unknown;

    public Table() {
        for (int i = 0; i < SIZE; i++) {
            support[i] = Support.MISSING;
            notes[i] = "";
            names[i] = Names.all().getOrDefault(i, "syscall_" + i);
        }
    }

    /** Calls that do all that Linux does. */
    public void full(CallGroup group, int... calls) {
        for (int call : calls) {
            put(group, call, Support.FULL, "");
        }
    }

    /** A call that leaves something out. @param note what, for people */
    public void partial(CallGroup group, int call, String note) {
        put(group, call, Support.PARTIAL, note);
    }

    private void put(CallGroup group, int call, Support how, String note) {
        if (!Names.all().containsKey(call)) {
            throw new IllegalArgumentException("no system call has the number " + call);
        }
        if (groups[call] != null) {
            throw new IllegalArgumentException(names[call] + " is there already");
        }
        groups[call] = group;
        support[call] = how;
        notes[call] = note;
    }

    /** For the end of a group's switch: it has a call in the table and does not do it. */
    public static AssertionError unclaimed(int call) {
        return new AssertionError("call " + call + " is in the table, but not in its group's switch");
    }

    /** Does a call. */
    public long call(Task task, long number) {
        CallGroup group = group(number);
        long[] r = task.regs;
        return group == null ? -ENOSYS : group.call((int) number, task, r[A0], r[A1], r[A2], r[A3], r[A4], r[A5]);
    }

    /** Ends a blocked call for which a signal came. @return the result for a0 */
    public long interrupted(Task task, long number) {
        CallGroup group = group(number);
        return group == null ? -EINTR : group.interrupted((int) number, task);
    }

    private @Nullable CallGroup group(long number) {
        return known(number) ? groups[(int) number] : null;
    }

    /** Counts a call that is over. */
    public void count(long number, long result) {
        if (!known(number)) {
            unknown++;
            return;
        }
        counts[(int) number]++;
        if (result < 0 && result >= -4095) {
            errors[(int) number]++;
        }
    }

    private static boolean known(long number) {
        return number >= 0 && number < SIZE;
    }

    /** Name of a call, {@code syscall_N} for one that Linux does not have. */
    public String name(long number) {
        return known(number) ? names[(int) number] : "syscall_" + number;
    }

    /** Every call that Linux has, in order of numbers. */
    public List<Abi.Entry> entries() {
        List<Abi.Entry> all = new ArrayList<>();
        Names.all().forEach((number, name) -> all.add(new Abi.Entry(number, name, support[number], notes[number])));
        return all;
    }

    /** The calls that were made, in order of numbers; -1 stands for all that Linux does not have. */
    public List<Abi.Calls> calls() {
        List<Abi.Calls> made = new ArrayList<>();
        if (unknown > 0) {
            made.add(new Abi.Calls(-1, "unknown", unknown, unknown, true));
        }
        for (int i = 0; i < SIZE; i++) {
            if (counts[i] > 0) {
                made.add(new Abi.Calls(i, names[i], counts[i], errors[i], support[i] == Support.MISSING));
            }
        }
        return made;
    }
}
