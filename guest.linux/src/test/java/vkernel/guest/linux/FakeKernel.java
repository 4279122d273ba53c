package vkernel.guest.linux;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import vkernel.fs.FdTable;
import vkernel.fs.FsContext;
import vkernel.fs.Vfs;
import vkernel.kern.Kernel;
import vkernel.kern.KernelConfig;
import vkernel.kern.Timer;
import vkernel.task.Credentials;
import vkernel.task.Limits;
import vkernel.task.Process;
import vkernel.task.ProcessTable;
import vkernel.task.Session;
import vkernel.task.SigHandlers;
import vkernel.task.SigInfo;
import vkernel.task.Task;
import vkernel.task.WaitQueue;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vm;

/** As much of a kernel as the calls need that are tested without one: a clock to be set, tasks, flat memory. */
public final class FakeKernel {
    public final FakeMemory memory = new FakeMemory();
    public final ProcessTable processes = new ProcessTable();
    public final List<Task> woken = new ArrayList<>();
    public final List<SigInfo> sent = new ArrayList<>();
    public final List<String> traced = new ArrayList<>();
    public long now = 1_000;
    public boolean tracing;
    private final Kernel kernel = proxy(Kernel.class, (self, method, args) -> kernel(method.getName(), args));
    private final Vm vm = proxy(Vm.class, (self, method, args) -> memory.call(method.getName(), args));
    private final Vfs vfs = proxy(Vfs.class, (self, method, args) -> null);

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    public Kernel kernel() {
        return kernel;
    }

    /** A new process of one task, with the flat memory, root's rights and no limits. */
    public Task task() {
        int pid = processes.allocate();
        Process process = new Process(pid, new Session(pid));
        Task task =
                new Task(pid, process, new FdTable(), new FsContext(null, null), new SigHandlers(), Credentials.ROOT);
        task.memory = new AddressSpace(pid, 0);
        Limits.initial(process, 100);
        process.threads.add(task);
        processes.add(process);
        processes.add(task);
        return task;
    }

    private Object kernel(String name, Object[] args) {
        return switch (name) {
            case "vm" -> vm;
            case "vfs" -> vfs;
            case "now" -> now;
            case "realtime" -> now + 1_000_000_000_000_000_000L;
            case "harts" -> 1;
            case "processes" -> processes;
            case "signalPending" -> false;
            case "recheckSignals" -> null;
            case "config" ->
                new KernelConfig(List.of(), List.of(), List.of(), "/", "console", "rr", "test", tracing, Map.of());
            case "signal" -> sent.add((SigInfo) args[1]);
            case "trace" -> traced.add((String) args[0]);
            case "wake" -> wake(args[0]);
            case "timer" -> timer();
            default -> throw new UnsupportedOperationException(name);
        };
    }

    private Object wake(Object what) {
        if (what instanceof Task task) {
            task.stopWaiting();
            return woken.add(task);
        }
        for (Task task = ((WaitQueue) what).first(); task != null; task = ((WaitQueue) what).first()) {
            task.stopWaiting();
            woken.add(task);
        }
        return null;
    }

    private static Timer timer() {
        return new Timer() {
            private long deadline = Long.MAX_VALUE;

            @Override
            public void arm(long at) {
                deadline = at;
            }

            @Override
            public long deadline() {
                return deadline;
            }
        };
    }
}
