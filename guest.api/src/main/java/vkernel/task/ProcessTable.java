package vkernel.task;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Every process and task by number (Linux: kernel/pid.c). Guarded by the kernel lock. */
public final class ProcessTable {
    /** Most tasks at a time, and highest tid. */
    public static final int MAX = 32768;

    private final TreeMap<Integer, Process> processes = new TreeMap<>();
    private final TreeMap<Integer, Task> tasks = new TreeMap<>();
    private int last;
    private int logins;
    /** The numbers between {@link #last} and this are free. */
    private int used;

    /** The next free number; 0 when there is none. A pgid or sid in use is not free. */
    public int allocate() {
        if (tasks.size() >= MAX - 300 || last + 1 >= used && !findFree()) {
            return 0;
        }
        return ++last;
    }

    /** Looks for the next numbers that are free. Every number in use was given out here, so they stay free. */
    private boolean findFree() {
        TreeSet<Integer> taken = new TreeSet<>(tasks.keySet());
        for (Process process : processes.values()) {
            taken.add(process.pid);
            taken.add(process.pgid);
            taken.add(process.session.sid);
        }
        return findFree(last + 1, taken) || findFree(300, taken);
    }

    private boolean findFree(int from, TreeSet<Integer> taken) {
        int id = from;
        while (taken.contains(id)) {
            id++;
        }
        if (id > MAX) {
            return false;
        }
        Integer next = taken.higher(id);
        last = id - 1;
        used = next == null ? MAX + 1 : next;
        return true;
    }

    /** Whether nothing has this number, as a pgid or sid neither. */
    public boolean free(int id) {
        return !tasks.containsKey(id)
                && processes.values().stream()
                        .noneMatch(each -> each.pid == id || each.pgid == id || each.session.sid == id);
    }

    private void taken(int id) {
        if (id > last && id < used) {
            used = id;
        }
    }

    public void add(Process process) {
        processes.put(process.pid, process);
        taken(process.pid);
    }

    public void add(Task task) {
        tasks.put(task.tid, task);
        taken(task.tid);
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

    /** The number of another login, from 1. */
    public int nextLogin() {
        return ++logins;
    }
}
