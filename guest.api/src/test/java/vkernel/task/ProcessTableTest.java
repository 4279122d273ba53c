package vkernel.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessTableTest {
    private final ProcessTable table = new ProcessTable();

    private Process process() {
        int pid = table.allocate();
        Process process = new Process(pid, new Session(pid));
        table.add(process);
        return process;
    }

    @Test
    void numbersAreGivenOutInOrderAndNotAgainUntilAllWere() {
        assertThat(process().pid).isEqualTo(1);
        Process second = process();
        table.remove(second);
        assertThat(process().pid).isEqualTo(3);
        assertThat(table.lastPid()).isEqualTo(3);
    }

    @Test
    void aNumberInUseIsNotFree() {
        Process group = process();
        Process member = process();
        for (int i = 0; i < ProcessTable.MAX - 2; i++) {
            assertThat(table.allocate()).isEqualTo(3 + i);
        }
        member.pgid = 300;
        Process own = new Process(301, new Session(301));
        own.pgid = 302;
        table.add(own);
        assertThat(table.allocate()).isEqualTo(303);
        table.add(new Process(306, group.session));
        assertThat(table.allocate()).isEqualTo(304);
        assertThat(table.allocate()).isEqualTo(305);
        assertThat(table.allocate()).isEqualTo(307);
    }
}
