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
    /** An affinity has a bit for each. */
    private static final int MOST_HARTS = Long.SIZE;

    private static final int SIZE = Names.all().lastKey() + 1;

    private final @Nullable CallGroup[] groups = new CallGroup[SIZE];
    private final Support[] support = new Support[SIZE];
    private final String[] notes = new String[SIZE];
    private final String[] names = new String[SIZE];
    /** Calls that only look; see {@link Abi#sharedCall}. */
    private final boolean[] looking = new boolean[SIZE];
    /** How often these were made: a row for each hart, made by it. */
    private final long @Nullable [][] looks = new long[MOST_HARTS][];

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
        Names.missing().forEach((call, why) -> notes[call] = why);
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

    /**
     * Calls of the table that read fields of kernel objects and do nothing else, neither to user memory nor to a buffer;
     * they end at once, and without an error that has to be counted.
     */
    public void looking(int... calls) {
        for (int call : calls) {
            looking[call] = true;
        }
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

    /** Does a call without the kernel lock. @return NEEDS_LOCK when that cannot be */
    public long sharedCall(Task task, long number) {
        if (!known(number) || !looking[(int) number]) {
            return Abi.NEEDS_LOCK;
        }
        looks(task.hart)[(int) number]++;
        return call(task, number);
    }

    private long[] looks(int hart) {
        long[] row = looks[hart];
        return row != null ? row : (looks[hart] = new long[SIZE]);
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
            long count = counts[i];
            for (long[] ofHart : looks) {
                count += ofHart == null ? 0 : ofHart[i];
            }
            if (count > 0) {
                made.add(new Abi.Calls(i, names[i], count, errors[i], support[i] == Support.MISSING));
            }
        }
        return made;
    }
}
