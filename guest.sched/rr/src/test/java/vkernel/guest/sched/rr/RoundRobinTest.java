package vkernel.guest.sched.rr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import vkernel.sched.SchedPolicy;
import vkernel.sched.contract.SchedPolicyContract;
import vkernel.task.Task;

class RoundRobinTest extends SchedPolicyContract {
    @Override
    protected SchedPolicy make() {
        return new RoundRobin();
    }

    @Test
    void tasksTakeTurnsInTheOrderInWhichTheyCame() {
        List<Task> tasks = tasks(3);
        tasks.forEach(task -> policy.enqueue(task, false));
        for (int turn = 0; turn < 9; turn++) {
            Task next = policy.next(0);
            assertThat(next).isSameAs(tasks.get(turn % 3));
            policy.enqueue(next, false);
        }
    }

    @Test
    void niceValuesDoNotMatter() {
        List<Task> tasks = List.of(task(-20), task(19));
        tasks.forEach(task -> policy.enqueue(task, false));
        long[] ran = run(tasks, 1_000_000_000L);
        assertThat(ran[0]).isEqualTo(ran[1]);
    }
}
