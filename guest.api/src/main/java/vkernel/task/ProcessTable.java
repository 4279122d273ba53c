package vkernel.task;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every process and task by number (Linux: kernel/pid.c). Guarded by the kernel lock. */
public final class ProcessTable {
    /** Most tasks at a time, and highest tid. */
    public static final int MAX = 32768;

    private final TreeMap<Integer, Process> processes = new TreeMap<>();
    private final TreeMap<Integer, Task> tasks = new TreeMap<>();
    private int last;

    /** The next free number; 0 when there is none. A pgid or sid in use is not free. */
    public int allocate() {
        if (tasks.size() >= MAX - 300) {
            return 0;
        }
        for (int tries = 0; tries < MAX; tries++) {
            last = last >= MAX ? 300 : last + 1;
            if (free(last)) {
                return last;
            }
        }
        return 0;
    }

    private boolean free(int id) {
        if (tasks.containsKey(id) || processes.containsKey(id)) {
            return false;
        }
        return processes.values().stream().noneMatch(p -> p.pgid == id || p.session.sid == id);
    }

    public void add(Process process) {
        processes.put(process.pid, process);
    }

    public void add(Task task) {
        tasks.put(task.tid, task);
    }

    public void remove(Process process) {
        processes.remove(process.pid, process);
    }

    public void remove(Task task) {
        tasks.remove(task.tid, task);
    }

    public @Nullable Process process(int pid) {
        return processes.get(pid);
    }

    public @Nullable Task task(int tid) {
        return tasks.get(tid);
    }

    /** Zombies included, by pid. */
    public Collection<Process> processes() {
        return processes.values();
    }

    public Collection<Task> tasks() {
        return tasks.values();
    }

    /** The processes of a group. */
    public List<Process> group(int pgid) {
        List<Process> members = new ArrayList<>();
        for (Process process : processes.values()) {
            if (process.pgid == pgid) {
                members.add(process);
            }
        }
        return members;
    }

    /** The number given out last (loadavg(5)). */
    public int lastPid() {
        return last;
    }
}
