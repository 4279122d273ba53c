package vkernel.shell;

import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.host.Host;
import vkernel.host.StreamChannel;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Spawn;
import vkernel.task.Process;
import vkernel.task.SigInfo;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vma;

/** Guest processes. */
@Component(
        service = Object.class,
        property = {
            "osgi.command.scope=proc",
            "osgi.command.function=ps",
            "osgi.command.function=maps",
            "osgi.command.function=kill",
            "osgi.command.function=exec"
        })
public final class ProcCommands {
    private static final AtomicInteger EXECS = new AtomicInteger();

    private final Kernel kernel;
    private final Host host;

    @Activate
    public ProcCommands(@Reference Kernel kernel, @Reference Host host) {
        this.kernel = kernel;
        this.host = host;
    }

    @Descriptor("guest processes and their threads")
    public void ps(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table(
                "pid", "tid", "ppid", "pgid", "uid", "state", "nice", "hart", "rss_kb", "user_ms", "sys_ms", "command");
        kernel.lock();
        try {
            for (Process process : kernel.processes().processes()) {
                for (Task task : process.threads) {
                    row(table, process, task);
                }
            }
        } finally {
            kernel.unlock();
        }
        table.print(session.getConsole(), json);
    }

    private void row(Table table, Process process, Task task) {
        AddressSpace memory = task.memory;
        table.row(
                process.pid,
                task.tid,
                process.parent == null ? 0 : process.parent.pid,
                process.pgid,
                task.credentials.uid(),
                process.zombie ? "zombie" : task.state.toString().toLowerCase(Locale.ROOT),
                task.nice,
                task.hart,
                memory == null ? 0 : kernel.vm().resident(memory) >> 10,
                task.userTime / 1_000_000,
                task.systemTime / 1_000_000,
                task.comm);
    }

    @Descriptor("the memory map of a process")
    public void maps(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json,
            @Descriptor("process") int pid) {
        Table table = new Table("start", "end", "rights", "kind", "what");
        kernel.lock();
        try {
            Task task = leader(pid);
            AddressSpace memory = task.memory;
            for (int i = 0; memory != null && i < memory.count(); i++) {
                Vma vma = memory.vma(i);
                table.row(
                        Long.toHexString(vma.start),
                        Long.toHexString(vma.end),
                        rights(vma.protection),
                        vma.shared ? "shared" : "private",
                        what(task, vma));
            }
        } finally {
            kernel.unlock();
        }
        table.print(session.getConsole(), json);
    }

    private static String rights(int protection) {
        return ((protection & Vma.READ) != 0 ? "r" : "-")
                + ((protection & Vma.WRITE) != 0 ? "w" : "-")
                + ((protection & Vma.EXECUTE) != 0 ? "x" : "-");
    }

    private String what(Task task, Vma vma) {
        if (vma.file != null) {
            return kernel.vfs().name(task, vma.file.path);
        }
        return vma.name == null ? "" : vma.name;
    }

    @Descriptor("sends a signal to a process")
    public void kill(@Descriptor("process") int pid) {
        kill(15, pid);
    }

    @Descriptor("sends a signal to a process")
    public void kill(@Descriptor("signal number") int signal, @Descriptor("process") int pid) {
        if (signal < 1 || signal > 64) {
            throw new IllegalArgumentException("signals are numbered 1 to 64");
        }
        kernel.lock();
        try {
            kernel.signal(leader(pid).process, SigInfo.kernel(signal));
        } finally {
            kernel.unlock();
        }
    }

    @Descriptor("runs a program in the guest and prints what it prints")
    public @Nullable String exec(CommandSession session, @Descriptor("program and arguments") String... argv) {
        if (argv.length == 0) {
            throw new IllegalArgumentException("proc:exec PROGRAM [ARG...]");
        }
        String name = "exec" + EXECS.incrementAndGet();
        InputStream nothing = InputStream.nullInputStream();
        try (StreamChannel in = new StreamChannel(name, nothing, session.getConsole());
                StreamChannel out = new StreamChannel(name, nothing, session.getConsole())) {
            host.plug(name + ".in", in);
            host.plug(name + ".out", out);
            int status = run(name, List.of(argv));
            return status == 0 ? null : "status " + status;
        } finally {
            host.unplug(name + ".in");
            host.unplug(name + ".out");
        }
    }

    private int run(String channel, List<String> argv) {
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        Spawn program =
                new Spawn(argv, kernel.config().env(), "/", channel + ".in", channel + ".out", channel + ".out");
        Result<Process> started = kernel.spawn(program, status -> ended.completeAsync(() -> status));
        if (!started.ok()) {
            throw new IllegalArgumentException("cannot run " + argv.getFirst() + ": "
                    + (started.why().isEmpty() ? Errno.name((int) -started.error()) : started.why()));
        }
        kernel.ended().thenAccept(end -> ended.complete(end.status()));
        return ended.join();
    }

    private Task leader(int pid) {
        Process process = kernel.processes().process(pid);
        Task leader = process == null ? null : process.leader();
        if (leader == null) {
            throw new IllegalArgumentException("no process " + pid);
        }
        return leader;
    }
}
