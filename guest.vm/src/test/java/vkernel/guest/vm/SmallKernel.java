package vkernel.guest.vm;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;
import vkernel.fs.Vfs;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.ProcessTable;
import vkernel.task.SigInfo;
import vkernel.task.Task;

/** As much of a kernel as virtual memory asks for. Any other call throws. */
final class SmallKernel {
    final ProcessTable processes = new ProcessTable();
    final List<Process> signalled = new ArrayList<>();
    final List<Task> forced = new ArrayList<>();
    final List<OpenFile> closed = new ArrayList<>();

    @Nullable
    Task current;

    final Vfs vfs = of(Vfs.class, (name, args) -> switch (name) {
        case "close" -> close((OpenFile) args[0]);
        default -> throw new UnsupportedOperationException(name);
    });

    final Kernel kernel = of(Kernel.class, (name, args) -> switch (name) {
        case "current" -> current;
        case "processes" -> processes;
        case "realtime" -> 1_000_000_007L;
        case "vfs" -> vfs;
        case "signal" -> signalled.add((Process) args[0]) ? null : args;
        case "forceSignal" -> forced.add((Task) args[0]) && ((SigInfo) args[1]).signal() == 9 ? null : args;
        default -> throw new UnsupportedOperationException(name);
    });

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
