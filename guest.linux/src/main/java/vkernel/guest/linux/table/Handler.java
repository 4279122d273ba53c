package vkernel.guest.linux.table;

import static vkernel.task.Registers.A0;
import static vkernel.task.Registers.A1;
import static vkernel.task.Registers.A2;
import static vkernel.task.Registers.A3;
import static vkernel.task.Registers.A4;
import static vkernel.task.Registers.A5;

import vkernel.task.Task;

/** What a system call does. Its arguments are in the task's registers a0 to a5. */
@FunctionalInterface
public interface Handler {
    /** @return the result for a0, BLOCKED or NO_RESULT of {@link vkernel.kern.Kernel} */
    long call(Task task);

    /** A call without arguments. */
    @FunctionalInterface
    interface Of0 {
        long call(Task task);
    }

    /** A call with one argument. */
    @FunctionalInterface
    interface Of1 {
        long call(Task task, long a0);
    }

    /** A call with two arguments. */
    @FunctionalInterface
    interface Of2 {
        long call(Task task, long a0, long a1);
    }

    /** A call with three arguments. */
    @FunctionalInterface
    interface Of3 {
        long call(Task task, long a0, long a1, long a2);
    }

    /** A call with four arguments. */
    @FunctionalInterface
    interface Of4 {
        long call(Task task, long a0, long a1, long a2, long a3);
    }

    /** A call with five arguments. */
    @FunctionalInterface
    interface Of5 {
        long call(Task task, long a0, long a1, long a2, long a3, long a4);
    }

    /** A call with six arguments. */
    @FunctionalInterface
    interface Of6 {
        long call(Task task, long a0, long a1, long a2, long a3, long a4, long a5);
    }

    static Handler of(Of0 call) {
        return call::call;
    }

    static Handler of(Of1 call) {
        return task -> call.call(task, task.regs[A0]);
    }

    static Handler of(Of2 call) {
        return task -> call.call(task, task.regs[A0], task.regs[A1]);
    }

    static Handler of(Of3 call) {
        return task -> call.call(task, task.regs[A0], task.regs[A1], task.regs[A2]);
    }

    static Handler of(Of4 call) {
        return task -> call.call(task, task.regs[A0], task.regs[A1], task.regs[A2], task.regs[A3]);
    }

    static Handler of(Of5 call) {
        return task -> call.call(task, task.regs[A0], task.regs[A1], task.regs[A2], task.regs[A3], task.regs[A4]);
    }

    static Handler of(Of6 call) {
        return task -> {
            long[] r = task.regs;
            return call.call(task, r[A0], r[A1], r[A2], r[A3], r[A4], r[A5]);
        };
    }
}
