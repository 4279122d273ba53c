package vkernel.it.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vkernel.boot.BootConfig;
import vkernel.host.MachineConfig.Time;
import vkernel.task.Task;

/** Who gets how much of the harts. */
@Timeout(120)
class SchedulingTest {
    private static final String SPIN = "while :; do :; done";
    /** As in virtual time: nanoseconds are instructions. */
    private static final long LONG = 200_000_000;

    /** CPU time of two spinning shells, with nice values, in virtual time. */
    private static long[] shares(String sched, int nice) {
        BootConfig config = BootConfig.standard()
                .withMemory(64 << 20)
                .withTime(Time.VIRTUAL, 1)
                .withSched(sched);
        try (Machine machine = new Machine(config)) {
            Machine.Run first = machine.start("/bin/sh", "-c", SPIN);
            Machine.Run second = machine.start("/bin/sh", "-c", SPIN);
            List<Task> tasks = machine.call(() -> {
                List<Task> both = machine.named("sh");
                both.forEach(task -> task.userTime = task.systemTime = 0);
                machine.kernel().renice(both.getLast(), nice);
                return both;
            });
            machine.await("enough time to pass", () -> time(tasks.getFirst()) + time(tasks.getLast()) > LONG);
            long[] shares = machine.call(() -> new long[] {time(tasks.getFirst()), time(tasks.getLast())});
            kill(machine, tasks, first, second);
            return shares;
        }
    }

    private static long time(Task task) {
        return task.userTime + task.systemTime;
    }

    private static void kill(Machine machine, List<Task> tasks, Machine.Run... runs) {
        tasks.forEach(task -> machine.gogo("proc:kill 9 " + task.process.pid));
        for (Machine.Run run : runs) {
            assertThat(machine.status(run)).isEqualTo(128 + 9);
        }
        machine.atRest();
    }

    @Test
    void fairGivesTimeByWeight() {
        long[] shares = shares("fair", 5);
        double weights = Math.pow(1.25, 5);
        assertThat((double) shares[0] / shares[1]).isCloseTo(weights, within(weights / 10));
    }

    @Test
    void fairGivesEqualsTheSame() {
        long[] shares = shares("fair", 0);
        assertThat((double) shares[0] / shares[1]).isCloseTo(1, within(0.1));
    }

    @Test
    void roundRobinGivesAllTheSameWhateverTheirNiceValue() {
        long[] shares = shares("rr", 5);
        assertThat((double) shares[0] / shares[1]).isCloseTo(1, within(0.1));
    }

    @Test
    void twoHartsRunTwoTasksAtTheSameTime() {
        try (Machine machine =
                new Machine(BootConfig.standard().withMemory(64 << 20).withHarts(2))) {
            Machine.Run first = machine.sh(SPIN);
            Machine.Run second = machine.sh(SPIN);
            machine.await("both to run on a hart of their own", () -> {
                List<Task> tasks = machine.named("sh");
                return tasks.size() == 2
                        && tasks.stream().allMatch(task -> task.state == Task.State.RUNNING)
                        && tasks.getFirst().hart != tasks.getLast().hart;
            });
            kill(machine, machine.call(() -> machine.named("sh")), first, second);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void policiesChangeUnderLoadAndNothingIsLost(int harts) {
        BootConfig config = Machine.small("stress", "group").withHarts(harts);
        try (Machine machine = new Machine(config)) {
            Machine.Run stress = machine.start("/robust/stress", "2");
            Machine.Run exec = machine.start("/robust/group", "exec");
            int changes = 0;
            while (!stress.status().isDone()) {
                String policy = changes++ % 2 == 0 ? "rr" : "fair";
                machine.gogo("sched:switch " + policy);
                long before = machine.kernel().stats().contextSwitches;
                machine.await(
                        "some switches",
                        () -> machine.kernel().stats().contextSwitches > before + 50
                                || stress.status().isDone());
            }
            assertThat(changes).isGreaterThan(5);
            assertThat(machine.status(stress)).as(stress::text).isZero();
            assertThat(stress.text()).isEqualTo("good\n");
            assertThat(machine.status(exec)).isEqualTo(7);
            machine.atRest();
        }
    }
}
