package vkernel.guest.vm;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.VmCounters;

/**
 * When nothing can be freed, the process that has most is killed (Linux: mm/oom_kill.c). Its pages are taken at once,
 * so that nobody waits until it has died; only when it is the one being worked on, its pages go when it ends.
 */
final class OutOfMemory {
    private static final Logger LOG = LoggerFactory.getLogger(OutOfMemory.class);
    private static final int NEVER = -1000;
    private static final int KIB_PER_PAGE = PageTables.PAGE / 1024;

    /** Takes all pages of a doomed space. */
    interface Reaper {
        void reap(AddressSpace space);
    }

    private final Kernel kernel;
    private final Reaper reaper;
    private final VmCounters counters;
    private final long totalPages;

    OutOfMemory(Kernel kernel, Reaper reaper, VmCounters counters, long totalPages) {
        this.kernel = kernel;
        this.reaper = reaper;
        this.counters = counters;
        this.totalPages = totalPages;
    }

    /** @return whether memory was freed; false when the working process is killed itself, or nobody can be */
    boolean kill(@Nullable AddressSpace working) {
        Process victim = choose();
        AddressSpace space = victim == null ? null : memory(victim);
        if (victim == null || space == null) {
            nobodyLeft(working);
            return false;
        }
        counters.outOfMemory++;
        report(victim, space);
        space.doomed = true;
        for (Process process : kernel.processes().processes()) {
            if (memory(process) == space) {
                kernel.signal(process, SigInfo.kernel(Signal.SIGKILL));
            }
        }
        if (space == working) {
            return false;
        }
        reaper.reap(space);
        return true;
    }

    private @Nullable Process choose() {
        Process init = kernel.processes().process(1);
        AddressSpace spared = init == null ? null : memory(init);
        Process victim = null;
        long most = 0;
        for (Process process : kernel.processes().processes()) {
            AddressSpace space = memory(process);
            boolean may = space != null && space != spared && !space.doomed && process.oomScoreAdj != NEVER;
            long points = may ? points(process, space) : 0;
            if (points > most) {
                most = points;
                victim = process;
            }
        }
        return victim;
    }

    /** Pages that it has, moved by its adjustment in thousandths of all memory; at least 1. */
    private long points(Process process, AddressSpace space) {
        long pages = space.anonymousPages + space.filePages + space.tablePages + space.swapped.count();
        return Math.max(1, pages + process.oomScoreAdj * totalPages / 1000);
    }

    private static @Nullable AddressSpace memory(Process process) {
        for (Task thread : process.threads) {
            if (thread.memory != null) {
                return thread.memory;
            }
        }
        return null;
    }

    private static void report(Process victim, AddressSpace space) {
        Task leader = victim.leader();
        LOG.warn(
                "Out of memory: Killed process {} ({}) total-vm:{}kB, anon-rss:{}kB, file-rss:{}kB, oom_score_adj:{}",
                victim.pid,
                leader == null ? "" : leader.comm,
                space.mapped() / 1024,
                space.anonymousPages * KIB_PER_PAGE,
                space.filePages * KIB_PER_PAGE,
                victim.oomScoreAdj);
    }

    /** Only process 1 is left, or those that must not be killed: the one that cannot go on ends. */
    private void nobodyLeft(@Nullable AddressSpace working) {
        Task task = kernel.current();
        if (task != null && task.memory == working && working != null && !working.doomed) {
            LOG.error("Out of memory, and no process to kill but {}", task);
            working.doomed = true;
            kernel.forceSignal(task, SigInfo.kernel(Signal.SIGKILL));
        }
    }
}
