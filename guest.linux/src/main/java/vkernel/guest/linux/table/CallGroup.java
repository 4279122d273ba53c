package vkernel.guest.linux.table;

import static vkernel.kern.Errno.EINTR;

import vkernel.task.Restart;
import vkernel.task.Task;

/**
 * A group of system calls (what one file of Linux has): their rows in the table, and a switch that does them. Switches
 * and not a lambda for each call: the JVM would make some hundred classes at every start.
 */
public interface CallGroup {
    /** Puts the group's calls into the table. */
    void table(Table table);

    /**
     * Does a call.
     *
     * @param call its number, one that the group has put into the table
     * @param a0 the task's registers a0 to a5
     * @return the result for a0, BLOCKED or NO_RESULT of {@link vkernel.kern.Kernel}
     */
    long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5);

    /** Ends a blocked call for which a signal came: what it owes its caller is written. @return the result for a0 */
    default long interrupted(int call, Task task) {
        Restart record = task.restart;
        return record.done > 0 ? record.done : -EINTR;
    }
}
