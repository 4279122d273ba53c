package vkernel.kern;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import vkernel.task.Task;

/**
 * Harts that were in user code when the code of the kernel was exchanged, and did not come out at once: the system beneath
 * had given their processors to somebody else. The guest does not wait for them. Each goes on with its task, as a thread of
 * the code before, until it comes out and gives the task to whoever runs the kernel then ({@link KernelSlot#resume}); so
 * long nobody else is that hart. Guarded by the kernel lock.
 */
public final class Stragglers {
    /** By the number of the hart; empty for one that idles. */
    private final Map<Integer, Optional<Task>> out = new HashMap<>();

    /** A hart is not waited for. @param task that it runs; null for none */
    public void leave(int hart, @Nullable Task task) {
        out.put(hart, Optional.ofNullable(task));
    }

    /** It has come. */
    public void came(int hart) {
        out.remove(hart);
    }

    /** Whether all have come. */
    public boolean none() {
        return out.isEmpty();
    }

    public boolean has(int hart) {
        return out.containsKey(hart);
    }

    /** The tasks that they run. */
    public Set<Task> tasks() {
        Set<Task> tasks = new HashSet<>();
        out.values().forEach(task -> task.ifPresent(tasks::add));
        return tasks;
    }
}
