package vkernel.guest.vm;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;
import vkernel.fs.Vfs;
import vkernel.kern.IrqLines;
import vkernel.kern.Kernel;
import vkernel.kern.KernelConfig;
import vkernel.kern.Slot;
import vkernel.task.Process;
import vkernel.task.ProcessTable;
import vkernel.task.SigInfo;
import vkernel.task.Task;
import vkernel.task.WaitQueue;
import vkernel.vm.Replacement;

/** As much of a kernel as virtual memory asks for. Any other call throws. */
final class SmallKernel {
    final ProcessTable processes = new ProcessTable();
    final List<Process> signalled = new ArrayList<>();
    final List<Task> forced = new ArrayList<>();
    final List<OpenFile> closed = new ArrayList<>();

    final Slot<Replacement> replacement = new Slot<>("replacement");
    private final IrqLines lines = new IrqLines();
    int woken;

    @Nullable
    Task current;

    final Vfs vfs = of(Vfs.class, (name, args) -> switch (name) {
        case "close" -> close((OpenFile) args[0]);
        default -> throw new UnsupportedOperationException(name);
    });

    final Kernel kernel = of(Kernel.class, (name, args) -> switch (name) {
        case "current" -> current;
        case "processes" -> processes;
        case "config" -> new KernelConfig(List.of(), List.of(), List.of(), "/", "", "", "", false, Map.of());
        case "replacement" -> replacement;
        case "irq" -> lines.line((String) args[0], (Runnable) args[1]);
        case "wake" -> wake((WaitQueue) args[0]);
        case "realtime" -> 1_000_000_007L;
        case "vfs" -> vfs;
        case "signal" -> signalled.add((Process) args[0]) ? null : args;
        case "forceSignal" -> forced.add((Task) args[0]) && ((SigInfo) args[1]).signal() == 9 ? null : args;
        default -> throw new UnsupportedOperationException(name);
    });

    /** Handles interrupts until a task waits no more. */
    void awaitWake(Task task) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (task.waiting() > 0) {
            IrqLines.Line line = lines.take();
            if (line != null) {
                line.handler.run();
            } else if (System.nanoTime() > end) {
                throw new AssertionError("nobody wakes " + task);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private @Nullable Object wake(WaitQueue queue) {
        for (Task task = queue.first(); task != null; task = queue.first()) {
            task.stopWaiting();
            woken++;
        }
        return null;
    }

    private interface Answer {
        @Nullable
        Object to(String call, Object[] arguments);
    }

    private @Nullable Object close(OpenFile file) {
        if (--file.refs == 0) {
            closed.add(file);
        }
        return null;
    }

    private static <T> T of(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, args) -> answer.to(method.getName(), args)));
    }
}
