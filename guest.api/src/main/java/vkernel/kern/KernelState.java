package vkernel.kern;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Path;
import vkernel.task.Process;
import vkernel.task.ProcessTable;
import vkernel.task.Session;
import vkernel.task.Task;

/**
 * All that a kernel must not forget: it stays in the socket, and who runs the kernel works on it. Nothing of
 * guest.kern is reachable from it. Guarded by the kernel lock.
 *
 * @param processes every process and task
 * @param first process 1; the kernel itself until a program runs in it
 * @param stats counters since boot
 * @param timers those that are armed
 * @param interrupts lines that are raised
 * @param watchers who wants to know the end of a process that was started from outside
 * @param slots every slot by its name: kernel objects refer to them, whoever runs the kernel
 * @param kept what subsystems without a provider have left, by the names of their slots
 * @param tenures how the providers of each slot have fared; slots of one provider share it
 * @param reports what has been replaced
 * @param life how far the kernel has come
 */
public record KernelState(
        ProcessTable processes,
        Process first,
        KernelStats stats,
        TimerHeap timers,
        IrqLines interrupts,
        Map<Process, IntConsumer> watchers,
        SortedMap<String, Slot<Object>> slots,
        SortedMap<String, Record> kept,
        Map<String, Tenure> tenures,
        Reports reports,
        Life life) {
    /** Elements of a list that are looked through one by one. */
    private static final int FEW = 8;

    /** The last reports, the oldest first. */
    public static final class Reports {
        private static final int MOST = 600;

        private final Deque<SwapReport> last = new ArrayDeque<>();
        private int number;

        /** The number of the next report. */
        public int next() {
            return ++number;
        }

        public void add(SwapReport report) {
            if (last.size() == MOST) {
                last.removeFirst();
            }
            last.add(report);
        }

        public List<SwapReport> all() {
            return List.copyOf(last);
        }

        /** A call has failed for which the last change of a subsystem is to blame, if that is not older than some time. */
        public void failed(String subsystem, long since) {
            Iterator<SwapReport> latest = last.descendingIterator();
            while (latest.hasNext()) {
                SwapReport report = latest.next();
                if (report.subsystem().equals(subsystem)) {
                    if (report.when() >= since) {
                        replace(report, report.withFailed(report.failed() + 1));
                    }
                    return;
                }
            }
        }

        /** Something has come out of a provider since: the last report of its end says so, or else the last that names it. */
        public void note(String provider, String why) {
            SwapReport latest = null;
            for (SwapReport report : last) {
                boolean end = report.from().equals(provider);
                if (end
                        || report.to().equals(provider)
                                && (latest == null || !latest.from().equals(provider))) {
                    latest = report;
                }
            }
            if (latest != null) {
                replace(latest, latest.with(why));
            }
        }

        private void replace(SwapReport old, SwapReport next) {
            List<SwapReport> all = new ArrayList<>(last);
            all.replaceAll(report -> report == old ? next : report);
            last.clear();
            last.addAll(all);
        }
    }

    /** How far a kernel has come. */
    public static final class Life {
        public String hostname;
        /** The scheduler policy that somebody asked for. */
        public String wantedSched;
        /** Of the machine. */
        public int harts;
        /** The root file system; null until it is mounted. */
        public @Nullable Path root;
        /** Whether the first process was started. */
        public boolean started;
        /** Id of the bundle whose code ran the kernel before, and is the way back; 0 for none. */
        public long formerBundle;
        /** Harts of the code before that have not come out of user code yet. */
        public final Stragglers stragglers = new Stragglers();
        /** How it ends, once it does. */
        public volatile @Nullable End ending;

        Life(KernelConfig config) {
            hostname = config.hostname();
            wantedSched = config.sched();
        }
    }

    /** Of a kernel that has not come up yet. */
    static KernelState fresh(KernelConfig config) {
        ProcessTable processes = new ProcessTable();
        Process first = new Process(processes.allocate(), new Session(1));
        processes.add(first);
        return new KernelState(
                processes,
                first,
                new KernelStats(),
                new TimerHeap(),
                new IrqLines(),
                new HashMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new HashMap<>(),
                new Reports(),
                new Life(config));
    }

    /**
     * Looks whether a successor can take it over: no task is on a hart that was waited for, and tasks and processes know
     * each other.
     *
     * @throws StateRejected saying what is wrong
     */
    public void check() throws StateRejected {
        Map<Object, Set<Object>> known = new IdentityHashMap<>();
        Set<Task> late = life.stragglers.tasks();
        for (Task task : processes.tasks()) {
            if (task.state == Task.State.RUNNING && !late.contains(task)) {
                throw wrong(task + " is on a hart");
            }
            if (task.state != Task.State.DEAD && !has(task.process.threads, task, known)) {
                throw wrong(task + " is unknown to " + task.process);
            }
        }
        for (Process process : processes.processes()) {
            Process parent = process.parent;
            if (parent != null && !has(parent.children, process, known)) {
                throw wrong(process + " is unknown to its parent");
            }
        }
        if (!Objects.equals(processes.process(first.pid), first)) {
            throw wrong("process 1 has gone");
        }
    }

    /** Whether one is in a list, of many that are asked for. @param known what was in long lists, filled here */
    private static boolean has(List<?> all, Object one, Map<Object, Set<Object>> known) {
        if (all.size() <= FEW) {
            return all.contains(one);
        }
        Set<Object> members = known.get(all);
        if (members == null) {
            members = Collections.newSetFromMap(new IdentityHashMap<>(2 * all.size()));
            members.addAll(all);
            known.put(all, members);
        }
        return members.contains(one);
    }

    private static StateRejected wrong(String what) {
        return new StateRejected("state of the kernel: " + what);
    }
}
