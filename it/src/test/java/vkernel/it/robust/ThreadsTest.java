package vkernel.it.robust;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes and threads on one hart and on two: they end whole, and what they compute is right. */
@Timeout(120)
class ThreadsTest {
    @ParameterizedTest
    @CsvSource({"1, exit, 5", "2, exit, 5", "1, exec, 7", "2, exec, 7"})
    void aGroupEndsWhereverItsThreadsAre(int harts, String how, int status) {
        try (Machine machine = new Machine(Machine.small("group").withHarts(harts))) {
            for (int i = 0; i < 3; i++) {
                Machine.Run run = machine.start("/robust/group", how);
                assertThat(machine.status(run)).isEqualTo(status);
                assertThat(run.text()).isEqualTo(how.equals("exec") ? "one thread: the leader\n" : "");
                machine.atRest();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatSpinsWithAllSignalsBlockedIsKilledFromGogo(int harts) {
        try (Machine machine = new Machine(Machine.small("group", "hog").withHarts(harts))) {
            Machine.Run spinner = machine.start("/robust/hog", "spin");
            Machine.Run group = machine.start("/robust/group", "stay");
            machine.await(
                    "all to be there",
                    () -> spinner.text().contains("spinning") && group.text().contains("there"));
            machine.gogo("proc:kill 9 " + machine.process("hog").pid);
            machine.gogo("proc:kill 9 " + machine.process("group").pid);
            assertThat(machine.status(spinner)).isEqualTo(128 + 9);
            assertThat(machine.status(group)).isEqualTo(128 + 9);
            machine.atRest();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twoHartsAgreeUnderStress(boolean checkTranslations) {
        try (Machine machine =
                new Machine(Machine.small("stress").withHarts(2).withCheckTranslations(checkTranslations))) {
            assertThat(machine.run("/robust/stress", "3")).isEqualTo("good\n");
            machine.atRest();
        }
    }

    @Test
    void threeShellsAtOnceAllGetTheirAnswers() {
        try (Machine machine = new Machine(Machine.small().withHarts(2))) {
            String script =
                    "seq 1 500 | sort -n | tail -n 1; i=0; while [ $i -lt 9 ]; do i=$((i+1)); (exit $i); done; echo $?";
            Machine.Run[] runs = {machine.sh(script), machine.sh(script), machine.sh(script)};
            for (Machine.Run run : runs) {
                assertThat(machine.status(run)).isZero();
                assertThat(run.text()).isEqualTo("500\n9\n");
            }
            machine.atRest();
        }
    }
}
