package vkernel.guest.fs.procfs;

import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.Task;
import vkernel.vm.MemoryStats;
import vkernel.vm.SwapArea;
import vkernel.vm.VmCounters;

/** /proc/meminfo and /proc/vmstat. What this kernel has not (slabs, huge pages) is 0. */
final class MemoryText {
    private MemoryText() {}

    static String meminfo(View view) {
        MemoryStats m = view.kernel().vm().stats();
        long files = Math.max(0, m.cached() - m.shared());
        StringBuilder out = new StringBuilder(1500);
        kb(out, "MemTotal", m.total());
        kb(out, "MemFree", m.free());
        kb(out, "MemAvailable", m.free() + files);
        kb(out, "Buffers", 0);
        kb(out, "Cached", m.cached());
        kb(out, "SwapCached", 0);
        kb(out, "Active", m.anonymous() + m.cached());
        kb(out, "Inactive", 0);
        kb(out, "Active(anon)", m.anonymous() + m.shared());
        kb(out, "Inactive(anon)", 0);
        kb(out, "Active(file)", files);
        kb(out, "Inactive(file)", 0);
        long locked = view.kernel().processes().processes().stream()
                .mapToLong(MemoryText::locked)
                .sum();
        kb(out, "Unevictable", locked);
        kb(out, "Mlocked", locked);
        kb(out, "SwapTotal", m.swapTotal());
        kb(out, "SwapFree", m.swapFree());
        for (String none : new String[] {"Zswap", "Zswapped", "Dirty", "Writeback"}) {
            kb(out, none, 0);
        }
        kb(out, "AnonPages", m.anonymous());
        kb(
                out,
                "Mapped",
                view.kernel().processes().processes().stream()
                        .mapToLong(MemoryText::mappedFiles)
                        .sum());
        kb(out, "Shmem", m.shared());
        for (String none : new String[] {"KReclaimable", "Slab", "SReclaimable", "SUnreclaim", "KernelStack"}) {
            kb(out, none, 0);
        }
        kb(out, "PageTables", m.pageTables());
        for (String none : new String[] {"SecPageTables", "NFS_Unstable", "Bounce", "WritebackTmp"}) {
            kb(out, none, 0);
        }
        kb(out, "CommitLimit", m.total() / 2 + m.swapTotal());
        kb(out, "Committed_AS", m.anonymous() + m.shared());
        kb(out, "VmallocTotal", 1L << 54);
        for (String none : new String[] {
            "VmallocUsed",
            "VmallocChunk",
            "Percpu",
            "AnonHugePages",
            "ShmemHugePages",
            "ShmemPmdMapped",
            "FileHugePages",
            "FilePmdMapped",
        }) {
            kb(out, none, 0);
        }
        for (String none : new String[] {"Total", "Free", "Rsvd", "Surp"}) {
            out.append(SystemText.format("%-16s%8d\n", "HugePages_" + none + ":", 0));
        }
        kb(out, "Hugepagesize", 2 << 20);
        kb(out, "Hugetlb", 0);
        return out.toString();
    }

    private static long mappedFiles(Process process) {
        Task leader = process.leader();
        return leader == null || leader.memory == null ? 0 : leader.memory.filePages << 12;
    }

    private static long locked(Process process) {
        Task leader = process.leader();
        return leader == null || leader.memory == null ? 0 : leader.memory.locked();
    }

    static void kb(StringBuilder out, String name, long bytes) {
        out.append(SystemText.format("%-16s%8d kB\n", name + ":", bytes >> 10));
    }

    /** /proc/swaps. */
    static String swaps(View view) {
        StringBuilder out = new StringBuilder("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
        for (SwapArea area : view.kernel().vm().swap()) {
            out.append(SystemText.format(
                    "%-40s%s\t%d\t\t%d\t\t%d\n",
                    area.name.startsWith("/") ? area.name : "/dev/" + area.name,
                    area.place.inode() == null ? "partition" : "file\t",
                    area.size() * 4L,
                    area.used * 4L,
                    area.priority));
        }
        return out.toString();
    }

    static String vmstat(View view) {
        Kernel kernel = view.kernel();
        MemoryStats m = kernel.vm().stats();
        VmCounters c = kernel.vm().counters();
        StringBuilder out = new StringBuilder();
        line(out, "nr_free_pages", m.free() >> 12);
        line(out, "nr_anon_pages", m.anonymous() >> 12);
        line(out, "nr_file_pages", m.cached() >> 12);
        line(out, "nr_dirty", 0);
        line(out, "nr_writeback", 0);
        line(out, "nr_shmem", m.shared() >> 12);
        line(out, "nr_page_table_pages", m.pageTables() >> 12);
        line(out, "pgpgin", 0);
        line(out, "pgpgout", 0);
        line(out, "pswpin", c.swapIns);
        line(out, "pswpout", c.swapOuts);
        line(out, "pgalloc_normal", c.pagesAllocated);
        line(out, "pgfree", c.pagesFreed);
        line(out, "pgfault", c.faults);
        line(out, "pgmajfault", c.majorFaults);
        line(out, "pgreuse", c.reuses);
        line(out, "pgscan_direct", c.scanned);
        line(out, "pgsteal_direct", c.reclaimed + c.swapOuts);
        line(out, "oom_kill", c.outOfMemory);
        return out.toString();
    }

    private static void line(StringBuilder out, String name, long value) {
        out.append(name).append(' ').append(value).append('\n');
    }
}
