package vkernel.guest.linux.table;

import static vkernel.kern.Errno.ENOSYS;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.abi.Abi;
import vkernel.abi.Abi.Support;
import vkernel.task.Task;

/**
 * The system calls by number: who does them, how much of each there is, how often they were called. A call that nobody
 * claims is MISSING and answers -ENOSYS.
 */
public final class Table {
    private static final int SIZE = Names.all().lastKey() + 1;
    private static final Handler NONE = task -> -ENOSYS;

    private final Handler[] handlers = new Handler[SIZE];
    private final @Nullable Handler[] interrupted = new Handler[SIZE];
    private final Support[] support = new Support[SIZE];
    private final String[] notes = new String[SIZE];
    private final String[] names = new String[SIZE];
    private final long[] counts = new long[SIZE];
    private final long[] errors = new long[SIZE];
    /** Calls with a number that Linux does not have. */
    private long unknown;

    public Table() {
        for (int i = 0; i < SIZE; i++) {
            handlers[i] = NONE;
            support[i] = Support.MISSING;
            notes[i] = "";
            names[i] = Names.all().getOrDefault(i, "syscall_" + i);
        }
    }

    /** A call that does all that Linux does. */
    public void full(String name, Handler handler) {
        put(name, handler, Support.FULL, "");
    }

    /** A call that leaves something out. @param note what, for people */
    public void partial(String name, Handler handler, String note) {
        put(name, handler, Support.PARTIAL, note);
    }

    /** What a blocked call has to do when it ends with -EINTR. @param hook its result takes the place of -EINTR */
    public void whenInterrupted(String name, Handler hook) {
        interrupted[Names.number(name)] = hook;
    }

    private void put(String name, Handler handler, Support how, String note) {
        int number = Names.number(name);
        if (support[number] != Support.MISSING) {
            throw new IllegalArgumentException(name + " is there already");
        }
        handlers[number] = handler;
        support[number] = how;
        notes[number] = note;
    }

    /** Does a call. */
    public long call(Task task, long number) {
        return known(number) ? handlers[(int) number].call(task) : -ENOSYS;
    }

    /** Who is asked when a blocked call is interrupted, or null. */
    public @Nullable Handler whenInterrupted(long number) {
        return known(number) ? interrupted[(int) number] : null;
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
