package vkernel.guest.fs.procfs;

import static vkernel.guest.fs.procfs.SystemText.ticks;

import vkernel.dev.Tty;
import vkernel.task.Limits;
import vkernel.task.Process;
import vkernel.task.SigAction;
import vkernel.task.Signal;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;

/** /proc/PID/stat: 52 numbers in one line (fs/proc/array.c: do_task_stat). */
final class StatText {
    /** PF_RANDOMIZE */
    private static final long FLAGS = 0x40_0000;
    /** Real-time signals do not fit into the old masks. */
    private static final long OLD_SIGNALS = 0x7fff_ffffL;

    private final StringBuilder out = new StringBuilder(300);

    private StatText() {}

    static String of(View view) {
        StatText text = new StatText();
        text.identity(view);
        text.times(view);
        text.memory(view);
        text.signals(view);
        text.rest(view);
        return text.out.append('\n').toString();
    }

    private StatText put(long value) {
        out.append(' ').append(Long.toUnsignedString(value));
        return this;
    }

    private StatText signed(long value) {
        out.append(' ').append(value);
        return this;
    }

    /** Fields 1 to 9. */
    private void identity(View view) {
        Task task = view.task();
        Process process = task.process;
        Tty tty = process.session.tty;
        out.append(ProcessText.id(view))
                .append(" (")
                .append(task.comm)
                .append(") ")
                .append(ProcessText.state(task));
        signed(ProcessText.parent(process)).signed(process.pgid).signed(process.session.sid);
        signed(tty == null ? 0 : tty.rdev)
                .signed(tty == null || tty.foreground == 0 ? -1 : tty.foreground)
                .put(FLAGS);
    }

    /** Fields 10 to 22. */
    private void times(View view) {
        Task task = view.task();
        Process process = task.process;
        Usage usage = view.thread() ? Usage.of(task) : Usage.of(process);
        put(usage.minorFaults()).put(0).put(usage.majorFaults()).put(0);
        put(ticks(usage.userTime())).put(ticks(usage.systemTime()));
        signed(ticks(process.childrenUserTime)).signed(ticks(process.childrenSystemTime));
        signed(20 + task.nice)
                .signed(task.nice)
                .signed(process.threads.size())
                .put(0)
                .put(ticks(task.startTime));
    }

    /** Fields 23 to 30; addresses are for who may trace the process. */
    private void memory(View view) {
        AddressSpace space = view.task().memory;
        if (space == null) {
            put(0).put(0)
                    .put(view.process().softLimits[Limits.RSS])
                    .put(0)
                    .put(0)
                    .put(0)
                    .put(0)
                    .put(0);
            return;
        }
        boolean shown = view.mayTrace();
        put(space.mapped()).put(space.anonymousPages + space.filePages).put(view.process().softLimits[Limits.RSS]);
        put(shown ? space.startCode : 1).put(shown ? space.endCode : 1).put(shown ? space.startStack : 0);
        put(0).put(0);
    }

    /** Fields 31 to 35. */
    private void signals(View view) {
        Task task = view.task();
        put(task.pending.set() & OLD_SIGNALS).put(task.sigMask & OLD_SIGNALS);
        put(handled(task, true) & OLD_SIGNALS).put(handled(task, false) & OLD_SIGNALS);
        put(task.state == Task.State.BLOCKED ? 1 : 0);
    }

    /** The signals that a task ignores, or that it catches. */
    static long handled(Task task, boolean ignored) {
        long mask = 0;
        for (int signal = 1; signal <= Signal.MAX; signal++) {
            long handler = task.handlers.get(signal).handler();
            boolean matches =
                    ignored ? handler == SigAction.IGNORE : handler != SigAction.IGNORE && handler != SigAction.DEFAULT;
            mask |= matches ? Signal.bit(signal) : 0;
        }
        return mask;
    }

    /** Fields 36 to 52. */
    private void rest(View view) {
        Task task = view.task();
        AddressSpace space = task.memory;
        put(0).put(0).signed(view.thread() && !task.leader() ? -1 : view.process().exitSignal);
        signed(task.hart).put(0).put(0).put(0).put(0).signed(0);
        if (space == null || !view.mayTrace()) {
            put(0).put(0).put(0).put(0).put(0).put(0).put(0);
        } else {
            put(space.startData).put(space.endData).put(space.brkStart);
            put(space.argStart).put(space.argEnd).put(space.envStart).put(space.envEnd);
        }
        signed(view.process().zombie && view.mayTrace() ? view.process().exitStatus : 0);
    }
}
