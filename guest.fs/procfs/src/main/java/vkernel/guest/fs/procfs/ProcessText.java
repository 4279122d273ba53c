package vkernel.guest.fs.procfs;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.task.Process;
import vkernel.task.Restart;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.MemoryStats;

/** The shorter texts about a process (proc(5)). */
final class ProcessText {
    private ProcessText() {}

    static String auxv(View view) {
        AddressSpace memory = view.task().memory;
        return memory == null ? "" : text(memory.auxv, memory.auxv.length);
    }

    private static String text(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    /**
     * The arguments, each with a NUL. A program that has written over the last NUL (setproctitle) means one string,
     * which may go on where its environment was.
     */
    static String commandLine(View view) {
        AddressSpace memory = view.task().memory;
        if (memory == null || memory.argEnd <= memory.argStart) {
            return "";
        }
        String arguments = memory(view, memory, memory.argStart, memory.argEnd);
        if (arguments.isEmpty() || arguments.charAt(arguments.length() - 1) == 0) {
            return arguments;
        }
        String title = memory(view, memory, memory.argStart, Math.max(memory.argEnd, memory.envEnd));
        int end = title.indexOf(0);
        return end < 0 ? title : title.substring(0, end);
    }

    private static String memory(View view, AddressSpace memory, long start, long end) {
        byte[] bytes = new byte[(int) Math.max(0, Math.min(end - start, 16 << 20))];
        int n = view.kernel().vm().peek(memory, start, bytes, 0, bytes.length);
        return text(bytes, Math.max(0, n));
    }

    static String children(View view) {
        return view.process().children.stream().map(child -> child.pid + " ").collect(Collectors.joining());
    }

    static String descriptor(View view) {
        OpenFile file = view.file();
        if (file == null) {
            return "";
        }
        int flags = file.flags | Mode.O_LARGEFILE | (view.task().files.closeOnExec(view.fd()) ? Mode.O_CLOEXEC : 0);
        return SystemText.format(
                "pos:\t%d\nflags:\t0%o\nmnt_id:\t%d\nino:\t%d\n",
                file.position, flags, file.path.mount().id, file.inode().ino);
    }

    /** How likely the process is to be killed when memory is short, 0 to 1000 and more (fs/proc/base.c). */
    static String oomScore(View view) {
        int adjust = view.process().oomScoreAdj;
        AddressSpace memory = view.task().memory;
        if (adjust == -1000 || memory == null) {
            return "0\n";
        }
        MemoryStats stats = view.kernel().vm().stats();
        long total = Math.max(1, stats.total() >> 12);
        long points = memory.anonymousPages + memory.filePages + memory.tablePages + adjust * total / 1000;
        return Math.max(0, (1000 + points * 1000 / total) * 2 / 3) + "\n";
    }

    /** Time on harts, time waiting for one (not kept), and turns. */
    static String schedstat(View view) {
        Task task = view.task();
        long turns = task.voluntarySwitches + task.involuntarySwitches;
        return task.userTime + task.systemTime + " 0 " + turns + "\n";
    }

    /** Pages: size, resident, shared, text, 0, data, 0. */
    static String statm(View view) {
        AddressSpace memory = view.task().memory;
        if (memory == null) {
            return "0 0 0 0 0 0 0\n";
        }
        Areas areas = Areas.of(memory);
        return SystemText.format(
                "%d %d %d %d 0 %d 0\n",
                areas.size() >> 12,
                memory.anonymousPages + memory.filePages,
                memory.filePages,
                areas.text() >> 12,
                areas.data() + areas.stack() >> 12);
    }

    /** One letter (ps(1)). */
    static char state(Task task) {
        Process process = task.process;
        if (process.zombie) {
            return 'Z';
        }
        return switch (task.state) {
            case RUNNABLE, RUNNING -> 'R';
            case BLOCKED -> task.restart.onSignal == Restart.OnSignal.KILL_ONLY ? 'D' : 'S';
            case STOPPED -> task.tracing != null && task.tracing.stop != 0 ? 't' : 'T';
            case DEAD -> 'X';
        };
    }

    static int parent(Process process) {
        Process parent = process.parent;
        return parent == null ? 0 : parent.pid;
    }

    /** A thread's own number or its process's. */
    static int id(View view) {
        return view.thread() ? view.task().tid : view.process().pid;
    }
}
