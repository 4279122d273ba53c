package vkernel.sched.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.fs.FdTable;
import vkernel.fs.FsContext;
import vkernel.sched.SchedPolicy;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.Session;
import vkernel.task.SigHandlers;
import vkernel.task.Task;

/** {@link SchedPolicy}: a policy's own tests extend this and make one. */
public abstract class SchedPolicyContract {
    private static final int HARTS = 4;

    protected SchedPolicy policy;
    private int lastTid;

    /** A new policy with no task. */
    protected abstract SchedPolicy make();

    @BeforeEach
    void makePolicy() {
        policy = make();
    }

    protected Task task(int nice) {
        int tid = ++lastTid;
        Task task = new Task(
                tid,
                new Process(tid, new Session(1)),
                new FdTable(),
                new FsContext(null, null),
                new SigHandlers(),
                Credentials.ROOT);
        task.nice = nice;
        return task;
    }

    protected List<Task> tasks(int count) {
        return IntStream.range(0, count).mapToObj(i -> task(0)).toList();
    }

    /** Runs what the policy chooses for a time, each task for as long as it may. @return nanoseconds by task */
    protected long[] run(List<Task> tasks, long nanos) {
        long[] ran = new long[tasks.size()];
        for (long now = 0; now < nanos; ) {
            Task next = policy.next(0);
            assertThat(next).as("somebody may run").isNotNull();
            long quantum = policy.quantum(next);
            policy.ran(next, quantum);
            ran[tasks.indexOf(next)] += quantum;
            now += quantum;
            policy.enqueue(next, false);
        }
        return ran;
    }

    @Test
    void hasNobodyAtFirst() {
        assertThat(policy.runnable()).isZero();
        assertThat(policy.next(0)).isNull();
        assertThat(policy.remove(task(0))).isFalse();
    }

    @Test
    void givesEachTaskOnce() {
        List<Task> tasks = tasks(5);
        tasks.forEach(task -> policy.enqueue(task, false));
        assertThat(policy.runnable()).isEqualTo(5);
        List<Task> given = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            given.add(policy.next(0));
        }
        assertThat(given).containsExactlyInAnyOrderElementsOf(tasks);
        assertThat(policy.next(0)).isNull();
        assertThat(policy.runnable()).isZero();
    }

    @Test
    void givesATaskOnlyToHartsThatItMayRunOn() {
        Task bound = task(0);
        bound.affinity = 0b10;
        policy.enqueue(bound, false);
        assertThat(policy.next(0)).isNull();
        assertThat(policy.runnable()).isEqualTo(1);
        Task free = task(0);
        policy.enqueue(free, false);
        assertThat(policy.next(0)).isSameAs(free);
        assertThat(policy.next(1)).isSameAs(bound);
    }

    @Test
    void letsEveryTaskRunAgainAndAgain() {
        List<Task> tasks = new ArrayList<>(List.of(task(-20), task(0), task(19)));
        tasks.forEach(task -> policy.enqueue(task, false));
        long second = 1_000_000_000L;
        for (int round = 0; round < 5; round++) {
            assertThat(run(tasks, 10 * second)).doesNotContain(0L);
        }
    }

    @Test
    void lowerNiceNeverGetsLess() {
        List<Task> tasks = List.of(task(-5), task(5));
        tasks.forEach(task -> policy.enqueue(task, false));
        long[] ran = run(tasks, 10_000_000_000L);
        assertThat(ran[0]).isGreaterThanOrEqualTo(ran[1]);
    }

    @Test
    void aTaskThatComesLateDoesNotShutOutTheOthers() {
        List<Task> tasks = new ArrayList<>(tasks(2));
        policy.enqueue(tasks.get(0), false);
        run(tasks, 60_000_000_000L);
        policy.enqueue(tasks.get(1), true);
        long[] ran = run(tasks, 1_000_000_000L);
        assertThat(ran[0]).isGreaterThan(300_000_000L);
        assertThat(ran[1]).isGreaterThan(300_000_000L);
    }

    @Test
    void keepsItsTasksWhateverIsAsked() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Task> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Task task = task(random.nextInt(40) - 20);
            task.affinity = random.nextInt(4) == 0 ? 1L << random.nextInt(HARTS) : -1;
            all.add(task);
        }
        Set<Task> held = new LinkedHashSet<>();
        for (int i = 0; i < 20_000; i++) {
            String as = "seed " + seed + ", step " + i;
            Task any = all.get(random.nextInt(all.size()));
            switch (random.nextInt(3)) {
                case 0 -> {
                    if (held.add(any)) {
                        policy.enqueue(any, random.nextBoolean());
                    }
                }
                case 1 -> assertThat(policy.remove(any)).as(as).isEqualTo(held.remove(any));
                default -> takeOne(held, random.nextInt(HARTS), random, as);
            }
            assertThat(policy.runnable()).as(as).isEqualTo(held.size());
        }
    }

    private void takeOne(Set<Task> held, int hart, Random random, String as) {
        Task next = policy.next(hart);
        if (next == null) {
            assertThat(held).as(as).noneMatch(task -> (task.affinity >>> hart & 1) != 0);
            return;
        }
        assertThat(held.remove(next)).as(as).isTrue();
        assertThat(next.affinity >>> hart & 1).as(as).isOne();
        assertThat(policy.quantum(next)).as(as).isPositive();
        policy.ran(next, random.nextLong(policy.quantum(next)));
    }
}
