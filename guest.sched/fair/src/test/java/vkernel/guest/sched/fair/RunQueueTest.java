package vkernel.guest.sched.fair;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import vkernel.fs.FdTable;
import vkernel.fs.FsContext;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.Session;
import vkernel.task.SigHandlers;
import vkernel.task.Task;

class RunQueueTest {
    private final long seed = Long.getLong("sched.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final RunQueue queue = new RunQueue();
    private final List<Task> model = new ArrayList<>();

    @Test
    void tasksComeByVirtualTimeToHartsThatTheyMayRunOn() {
        int tids = 0;
        for (int step = 0; step < 20_000; step++) {
            int kind = random.nextInt(10);
            if (kind < 5) {
                Task task = task(++tids);
                queue.add(task);
                model.add(task);
            } else if (kind < 9) {
                int hart = random.nextInt(2);
                Task expected = model.stream()
                        .filter(task -> (task.affinity >>> hart & 1) != 0)
                        .min(Comparator.<Task>comparingLong(task -> task.vruntime)
                                .thenComparingInt(task -> task.tid))
                        .orElse(null);
                assertThat(queue.take(hart)).as("seed %d, step %d", seed, step).isSameAs(expected);
                model.remove(expected);
            } else if (!model.isEmpty()) {
                Task gone = model.remove(random.nextInt(model.size()));
                assertThat(queue.remove(gone)).isTrue();
                assertThat(queue.remove(gone)).isFalse();
            }
            assertThat(queue.size()).isEqualTo(model.size());
        }
    }

    private Task task(int tid) {
        Process process = new Process(tid, new Session(tid));
        Task task =
                new Task(tid, process, new FdTable(), new FsContext(null, null), new SigHandlers(), Credentials.ROOT);
        task.vruntime = random.nextInt(500);
        task.affinity = random.nextInt(4) == 0 ? 2 : -1;
        return task;
    }
}
