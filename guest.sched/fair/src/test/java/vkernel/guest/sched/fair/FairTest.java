package vkernel.guest.sched.fair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vkernel.sched.SchedPolicy;
import vkernel.sched.contract.SchedPolicyContract;
import vkernel.task.Task;

class FairTest extends SchedPolicyContract {
    private static final long SECOND = 1_000_000_000L;

    @Override
    protected SchedPolicy make() {
        return new Fair();
    }

    @ParameterizedTest
    @ValueSource(ints = {-20, -5, 0, 1, 5, 10})
    void timeIsSharedByWeight(int nice) {
        List<Task> tasks = List.of(task(0), task(nice));
        tasks.forEach(task -> policy.enqueue(task, false));
        long[] ran = run(tasks, 100 * SECOND);
        double expected = (double) Weights.of(nice) / Weights.of(0);
        assertThat((double) ran[1] / ran[0]).isEqualTo(expected, within(expected * 0.03));
    }

    @Test
    void aSleeperIsAheadButGetsNoTimeBackThatItSlept() {
        List<Task> tasks = new ArrayList<>(tasks(2));
        policy.enqueue(tasks.get(0), false);
        run(tasks, 60 * SECOND);
        policy.enqueue(tasks.get(1), true);
        assertThat(policy.preempts(tasks.get(1), tasks.get(0))).isTrue();
        long[] ran = run(tasks, SECOND);
        assertThat((double) ran[1] / ran[0]).isEqualTo(1, within(0.05));
    }

    @Test
    void aTaskThatUsedItsQuantumDoesNotPreempt() {
        Task one = task(0);
        Task other = task(0);
        policy.enqueue(one, false);
        policy.enqueue(other, false);
        assertThat(policy.preempts(one, other)).isFalse();
    }

    @Test
    void theQuantumGetsShorterWithMoreTasks() {
        Task task = task(0);
        long alone = policy.quantum(task);
        tasks(3).forEach(other -> policy.enqueue(other, false));
        assertThat(policy.quantum(task)).isEqualTo(alone / 4);
        tasks(100).forEach(other -> policy.enqueue(other, false));
        assertThat(policy.quantum(task)).isBetween(alone / 10, alone / 4);
    }
}
