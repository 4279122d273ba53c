package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.List;
import vkernel.fs.FdTable;
import vkernel.fs.FsContext;
import vkernel.fs.Path;
import vkernel.kern.KernelConfig;
import vkernel.kern.KernelSlot;
import vkernel.kern.KernelState;
import vkernel.kern.Slot;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.SigHandlers;
import vkernel.task.Task;

/**
 * A kernel's state with a few tasks, in a socket that nobody sees, for a successor to take over and give up before it
 * does that in earnest. The providers are in its slots and are not called; the tasks are a FIFO's.
 */
final class Priming {
    /** How often: the JVM compiles what it has run some times. */
    static final int TIMES = 8;

    private static final int TASKS = 32;

    private final KernelConfig config;
    private final Path root;

    /** @param root for the tasks, which never use it */
    Priming(KernelConfig config, Path root) {
        this.config = config;
        this.root = root;
    }

    /** Those who are to be told of: all but the schedulers, which would be given tasks. */
    static List<Provider> providers(List<Provider> all) {
        List<Provider> others = new ArrayList<>(all);
        others.removeIf(provider -> provider.slots().contains(Place.SCHED));
        others.add(Provider.builtIn(new Fifo()));
        return others;
    }

    KernelSlot socket(List<Provider> all) {
        KernelSlot socket = new KernelSlot(config);
        KernelState state = socket.state();
        state.life().started = true;
        state.life().root = root;
        for (Provider provider : providers(all)) {
            for (String slot : provider.slots()) {
                if (!slot.equals(Place.SCHED)) {
                    state.slots().computeIfAbsent(slot, Slot::new).fill(provider.service());
                }
            }
        }
        Process first = state.first();
        for (int i = 0; i < TASKS; i++) {
            Task task = new Task(
                    state.processes().allocate(),
                    first,
                    new FdTable(),
                    new FsContext(root, root),
                    new SigHandlers(),
                    Credentials.ROOT);
            task.state = i % 2 == 0 ? Task.State.RUNNABLE : Task.State.BLOCKED;
            first.threads.add(task);
            state.processes().add(task);
        }
        return socket;
    }
}
