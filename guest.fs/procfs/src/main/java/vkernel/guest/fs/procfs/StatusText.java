package vkernel.guest.fs.procfs;

import java.util.Map;
import java.util.stream.Collectors;
import vkernel.task.CapabilitySets;
import vkernel.task.Credentials;
import vkernel.task.Limits;
import vkernel.task.Process;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;

/** /proc/PID/status (fs/proc/array.c: proc_pid_status). */
final class StatusText {
    private static final long ALL_CAPABILITIES = 0x1ff_ffff_ffffL;
    private static final int LEAST_FD_SIZE = 64;

    private static final Map<Character, String> STATES = Map.of(
            'R', "R (running)",
            'S', "S (sleeping)",
            'D', "D (disk sleep)",
            'T', "T (stopped)",
            't', "t (tracing stop)",
            'Z', "Z (zombie)",
            'X', "X (dead)");

    private final StringBuilder out = new StringBuilder(1500);

    private StatusText() {}

    static String of(View view) {
        StatusText text = new StatusText();
        text.identity(view);
        AddressSpace memory = view.task().memory;
        if (memory != null) {
            text.memory(memory);
        }
        text.signals(view);
        text.rest(view);
        return text.out.toString();
    }

    private void line(String name, Object value) {
        out.append(name).append(":\t").append(value).append('\n');
    }

    private void identity(View view) {
        Task task = view.task();
        Process process = task.process;
        Credentials c = task.credentials;
        int id = ProcessText.id(view);
        line("Name", escape(task.comm));
        line("Umask", SystemText.format("%04o", task.fs.umask));
        line("State", STATES.get(ProcessText.state(task)));
        line("Tgid", process.pid);
        line("Ngid", 0);
        line("Pid", id);
        line("PPid", ProcessText.parent(process));
        line("TracerPid", task.tracing == null ? 0 : task.tracing.tracer.pid);
        line("Uid", c.uid() + "\t" + c.euid() + "\t" + c.suid() + "\t" + c.fsuid());
        line("Gid", c.gid() + "\t" + c.egid() + "\t" + c.sgid() + "\t" + c.fsgid());
        line("FDSize", Math.max(LEAST_FD_SIZE, Integer.highestOneBit(task.files.size() * 2 - 1)));
        line(
                "Groups",
                c.groups().stream().sorted().map(group -> group + " ").collect(Collectors.joining())
                        + (c.groups().isEmpty() ? " " : ""));
        line("NStgid", process.pid);
        line("NSpid", id);
        line("NSpgid", process.pgid);
        line("NSsid", process.session.sid);
        line("Kthread", 0);
    }

    private static String escape(String name) {
        return name.replace("\\", "\\\\").replace("\n", "\\n");
    }

    private void kb(String name, long bytes) {
        out.append(SystemText.format("%s:\t%8d kB\n", name, bytes >> 10));
    }

    private void memory(AddressSpace space) {
        Areas areas = Areas.of(space);
        long resident = space.anonymousPages + space.filePages << 12;
        kb("VmPeak", areas.size());
        kb("VmSize", areas.size());
        kb("VmLck", space.locked());
        kb("VmPin", 0);
        kb("VmHWM", Math.max(resident, space.peakPages << 12));
        kb("VmRSS", resident);
        kb("RssAnon", space.anonymousPages << 12);
        kb("RssFile", space.filePages << 12);
        kb("RssShmem", 0);
        kb("VmData", areas.data());
        kb("VmStk", areas.stack());
        kb("VmExe", areas.text());
        kb("VmLib", areas.libraries());
        kb("VmPTE", space.tablePages << 12);
        kb("VmSwap", (long) space.swapped.count() << 12);
        kb("HugetlbPages", 0);
        line("CoreDumping", 0);
        line("THP_enabled", 0);
        line("untag_mask", "0xffffffffffffffff");
    }

    private void mask(String name, long mask) {
        line(name, SystemText.format("%016x", mask));
    }

    private void signals(View view) {
        Task task = view.task();
        line("Threads", task.process.threads.size());
        line("SigQ", pending(task) + "/" + task.process.softLimits[Limits.SIGPENDING]);
        mask("SigPnd", task.pending.set());
        mask("ShdPnd", task.process.pending.set());
        mask("SigBlk", task.sigMask);
        mask("SigIgn", StatText.handled(task, true));
        mask("SigCgt", StatText.handled(task, false));
        CapabilitySets sets = task.credentials.capabilities();
        mask("CapInh", sets.inheritable());
        mask("CapPrm", sets.permitted());
        mask("CapEff", sets.effective());
        mask("CapBnd", sets.bounding());
        mask("CapAmb", sets.ambient());
    }

    private static int pending(Task task) {
        return Long.bitCount(task.pending.set()) + Long.bitCount(task.process.pending.set());
    }

    private void rest(View view) {
        Task task = view.task();
        int harts = view.kernel().harts();
        long allowed = task.affinity & (-1L >>> 64 - harts);
        line("NoNewPrivs", 0);
        line("Seccomp", 0);
        line("Seccomp_filters", 0);
        line("Speculation_Store_Bypass", "unknown");
        line("SpeculationIndirectBranch", "unsupported");
        line("Cpus_allowed", bitmap(allowed, harts));
        line("Cpus_allowed_list", list(allowed));
        line("Mems_allowed", 1);
        line("Mems_allowed_list", 0);
        line("voluntary_ctxt_switches", task.voluntarySwitches);
        line("nonvoluntary_ctxt_switches", task.involuntarySwitches);
    }

    /** As many hexadecimal digits as there are harts for, with a comma between words of 32 bits. */
    private static String bitmap(long bits, int width) {
        if (width <= 32) {
            return SystemText.format("%0" + (width + 3) / 4 + "x", bits);
        }
        return SystemText.format("%0" + (width - 32 + 3) / 4 + "x,%08x", bits >>> 32, bits & 0xffff_ffffL);
    }

    /** Runs of numbers: {@code 0-2,5}. */
    private static String list(long bits) {
        StringBuilder out = new StringBuilder();
        for (int from = 0; from < 64; from++) {
            if ((bits >>> from & 1) == 0) {
                continue;
            }
            int to = from;
            while (to < 63 && (bits >>> to + 1 & 1) != 0) {
                to++;
            }
            out.append(out.isEmpty() ? "" : ",").append(from).append(to > from ? "-" + to : "");
            from = to;
        }
        return out.toString();
    }
}
