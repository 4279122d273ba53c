package vkernel.guest.fs.procfs;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import vkernel.abi.Uts;
import vkernel.dev.CharDevice;
import vkernel.dev.DeviceNode;
import vkernel.fs.FileSystemType;
import vkernel.fs.Mode;
import vkernel.fs.Vfs;
import vkernel.kern.Kernel;
import vkernel.kern.KernelConfig;
import vkernel.kern.KernelStats;
import vkernel.kern.Slot;
import vkernel.task.Task;

/** The texts of files about the system as a whole (proc(5)). */
final class SystemText {
    private static final String ISA = "rv64imafdc_zicntr_zicsr_zifencei";

    private SystemText() {}

    static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    /** Times of proc(5) count in units of 1/100 s (USER_HZ). */
    static long ticks(long nanos) {
        return nanos / 10_000_000;
    }

    /** The kernel has no command line; this is what it would be. */
    static String commandLine(View view) {
        KernelConfig config = view.kernel().config();
        StringBuilder line = new StringBuilder("console=").append(config.console());
        if (!config.roots().isEmpty()) {
            line.append(" root=").append(String.join(":", config.roots()));
        }
        if (!config.init().isEmpty()) {
            line.append(" init=").append(config.init().getFirst());
        }
        return line.append('\n').toString();
    }

    static String cpuinfo(View view) {
        StringBuilder out = new StringBuilder();
        for (int hart = 0; hart < view.kernel().harts(); hart++) {
            out.append("processor\t: ").append(hart);
            out.append("\nhart\t\t: ").append(hart);
            out.append("\nisa\t\t: ").append(ISA);
            out.append("\nmmu\t\t: sv48\nmvendorid\t: 0x0\nmarchid\t\t: 0x0\nmimpid\t\t: 0x0\nhart isa\t: ");
            out.append(ISA).append("\n\n");
        }
        return out.toString();
    }

    static String devices(View view) {
        List<String> lines = new ArrayList<>();
        for (CharDevice driver : view.kernel().devices()) {
            boolean one = driver.nodes().stream()
                            .map(node -> Mode.major(node.rdev()))
                            .distinct()
                            .count()
                    == 1;
            for (DeviceNode node : driver.nodes()) {
                String line = format("%3d %s", Mode.major(node.rdev()), one ? driver.name() : kind(node));
                if (!lines.contains(line)) {
                    lines.add(line);
                }
            }
        }
        lines.sort(null);
        return "Character devices:\n" + String.join("\n", lines) + "\n\nBlock devices:\n";
    }

    /** A numbered node belongs to a kind of devices, another is one by itself. */
    private static String kind(DeviceNode node) {
        String kind = node.name().replaceFirst("[0-9]+$", "");
        return kind.equals(node.name()) ? "/dev/" + kind : kind;
    }

    static String terminalDrivers(View view) {
        StringBuilder out = new StringBuilder();
        out.append("/dev/tty             /dev/tty        5       0 system:/dev/tty\n");
        out.append("/dev/console         /dev/console    5       1 system:console\n");
        out.append("serial               /dev/ttyS       4 64-255 serial\n");
        return out.toString();
    }

    static String filesystems(View view) {
        StringBuilder out = new StringBuilder();
        for (String name : view.kernel().fileSystems()) {
            Slot<FileSystemType> slot = view.kernel().fileSystem(name);
            FileSystemType type = slot == null ? null : slot.orNull();
            if (type != null) {
                out.append(type.nodev() ? "nodev\t" : "\t").append(name).append('\n');
            }
        }
        return out.toString();
    }

    static String loadavg(View view) {
        Kernel kernel = view.kernel();
        double[] load = kernel.stats().load;
        return format(
                "%.2f %.2f %.2f %d/%d %d\n",
                load[0],
                load[1],
                load[2],
                running(kernel),
                kernel.processes().tasks().size(),
                kernel.processes().lastPid());
    }

    private static long running(Kernel kernel) {
        return kernel.processes().tasks().stream()
                .filter(task -> task.state == Task.State.RUNNING || task.state == Task.State.RUNNABLE)
                .count();
    }

    /** Times are kept for all harts together; each is shown its share. */
    static String stat(View view) {
        Kernel kernel = view.kernel();
        KernelStats stats = kernel.stats();
        int harts = kernel.harts();
        StringBuilder out = new StringBuilder();
        cpu(out, "cpu ", stats, 1);
        for (int hart = 0; hart < harts; hart++) {
            cpu(out, "cpu" + hart, stats, harts);
        }
        long booted = TimeUnit.NANOSECONDS.toSeconds(kernel.realtime() - kernel.now());
        out.append("intr ").append(stats.interrupts);
        out.append("\nctxt ").append(stats.contextSwitches);
        out.append("\nbtime ").append(booted);
        out.append("\nprocesses ").append(stats.forks);
        out.append("\nprocs_running ").append(running(kernel));
        out.append("\nprocs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n");
        return out.toString();
    }

    /** user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice */
    private static void cpu(StringBuilder out, String name, KernelStats stats, int share) {
        out.append(name).append(' ').append(ticks(stats.user) / share);
        out.append(" 0 ").append(ticks(stats.system) / share);
        out.append(' ').append(ticks(stats.idle) / share).append(" 0 0 0 0 0 0\n");
    }

    static String uptime(View view) {
        Kernel kernel = view.kernel();
        long up = ticks(kernel.now());
        long idle = ticks(kernel.stats().idle);
        return format("%d.%02d %d.%02d\n", up / 100, up % 100, idle / 100, idle % 100);
    }

    static String version(View view) {
        return format(
                "%s version %s (vkernel@%s) (javac %s) %s\n",
                Uts.SYSNAME, Uts.RELEASE, Uts.MACHINE, Runtime.version().feature(), Uts.VERSION);
    }

    /** Pseudo-terminals there are. */
    static String ptys(View view) {
        return view.kernel().devices().stream()
                        .mapToInt(driver -> driver.ptys().size())
                        .sum()
                + "\n";
    }

    /** In use, free, most. */
    static String openFiles(View view) {
        Vfs vfs = view.kernel().vfs();
        return vfs.openFiles() + "\t0\t" + vfs.maxFiles() + "\n";
    }

    static String bootId(View view) {
        KernelStats stats = view.kernel().stats();
        if (stats.bootId == null) {
            stats.bootId = uuid(view.kernel());
        }
        return stats.bootId + "\n";
    }

    /** A random UUID (RFC 9562, version 4). */
    static UUID uuid(Kernel kernel) {
        byte[] bytes = new byte[16];
        kernel.random(bytes);
        bytes[6] = (byte) (bytes[6] & 0x0f | 0x40);
        bytes[8] = (byte) (bytes[8] & 0x3f | 0x80);
        ByteBuffer words = ByteBuffer.wrap(bytes);
        return new UUID(words.getLong(), words.getLong());
    }
}
