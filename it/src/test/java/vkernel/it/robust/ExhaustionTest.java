package vkernel.it.robust;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import vkernel.task.Process;
import vkernel.task.Task;

/** Programs that take all there is are refused, killed or killable; others go on, and nothing of them is left. */
@Timeout(120)
class ExhaustionTest {
    private static final String HOG = "/robust/hog";
    private static Machine machine;

    @BeforeAll
    static void boot() {
        machine = new Machine(Machine.small("limits", "hog").withHarts(2));
    }

    @AfterAll
    static void close() {
        machine.close();
    }

    @AfterEach
    void nothingIsLeft() {
        machine.atRest();
    }

    @TestFactory
    Stream<DynamicTest> isRefusedWhatIsTooMuch() {
        return Stream.of(
                        "fds: 1021 more: EMFILE",
                        "pipes: 510 pipes: EMFILE",
                        "threads: threads: EAGAIN",
                        "processes: processes: EAGAIN",
                        "maps: 65530 ranges: ENOMEM",
                        "signals: RLIMIT_SIGPENDING: EAGAIN",
                        "timers: timers: EAGAIN",
                        "folders: 3000 deep: ok",
                        "links: open(\"/tmp/l20\", O_RDONLY | O_CREAT, 0644): ok\n"
                                + "open(\"/tmp/l0\", O_RDONLY | O_CREAT, 0644): ELOOP",
                        "file: file: ENOSPC",
                        "stack: recursion: killed by SIGSEGV")
                .map(line -> line.split(": ", 2))
                .map(test -> DynamicTest.dynamicTest(test[0], () -> {
                    assertThat(machine.run("/robust/limits", test[0])).isEqualTo(test[1] + "\n");
                    machine.atRest();
                }));
    }

    @Test
    void aForkBombInAShellLeavesRoomForOthersAndCanBeKilled() {
        Machine.Run bomb = machine.sh("bomb() { bomb | bomb & }; bomb");
        otherProgramsRunBeside(bomb, "sh", 200);
    }

    @Test
    void aForkBombInCLeavesRoomForOthersAndCanBeKilled() {
        Machine.Run bomb = machine.start(HOG, "bomb");
        otherProgramsRunBeside(bomb, "hog", 1000);
    }

    private void otherProgramsRunBeside(Machine.Run bomb, String comm, int many) {
        machine.await(many + " processes", () -> machine.named(comm).size() >= many);
        assertThat(machine.run("/bin/uname")).isEqualTo("Linux\n");
        killAll(comm);
        machine.status(bomb);
    }

    /** As proc:kill does, until none is left: each round may meet children that were not there before. */
    private void killAll(String comm) {
        machine.await("all to be killed", () -> {
            List<Task> left = machine.named(comm);
            left.forEach(task -> machine.kernel().signal(task.process, vkernel.task.SigInfo.kernel(9)));
            return left.isEmpty();
        });
    }

    @Test
    void whoTakesAllMemoryIsKilledAndOthersGoOn() {
        Machine.Run other = machine.sh("i=0; while [ $i -lt 200 ]; do i=$((i+1)); done; echo $i");
        Machine.Run hog = machine.start(HOG, "memory");
        assertThat(machine.status(hog)).isEqualTo(128 + 9);
        assertThat(machine.status(other)).isZero();
        assertThat(other.text()).isEqualTo("200\n");
        assertThat(machine.dmesg()
                        .lines()
                        .filter(line -> line.startsWith("Out of memory: Killed process") && line.contains("(hog)")))
                .hasSize(1);
    }

    @Test
    void whoHoldsFullPipesInEveryProcessDoesNotTakeTheJavaHeap() {
        long before = heap();
        Machine.Run hog = machine.start(HOG, "pipes");
        int most = machine.kernel().vfs().maxFiles();
        machine.await(
                "all files to be open",
                () -> machine.kernel().vfs().openFiles() > most - 100
                        || machine.named("hog").size() > 1000);
        long used = heap() - before;
        killAll("hog");
        machine.status(hog);
        assertThat(used).as("Java heap taken").isLessThan(256L << 20);
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void whoMakesNamesWithoutEndIsRefused() {
        Machine.Run hog = machine.start(HOG, "files");
        machine.await("the end of room", () -> hog.text().contains("ENOSPC"));
        killAll("hog");
        machine.status(hog);
        machine.run("/bin/sh", "-c", "rm -r /tmp/names");
    }

    @Test
    void whoBlocksAllSignalsAndSpinsIsKilledFromGogo() {
        Machine.Run hog = machine.start(HOG, "spin");
        machine.await("it to spin", () -> hog.text().contains("spinning"));
        killedFromGogo(hog);
    }

    @Test
    void whoIsStoppedIsKilledFromGogo() {
        Machine.Run hog = machine.start(HOG, "stopped");
        machine.await("it to stop", () -> machine.named("hog").stream().anyMatch(t -> t.state == Task.State.STOPPED));
        killedFromGogo(hog);
    }

    @Test
    void theParentOfAVforkedChildGoesOnWhenTheChildIsKilled() {
        Machine.Run hog = machine.start(HOG, "vfork");
        machine.await(
                "two of them",
                () -> machine.named("hog").size() == 2 && hog.text().contains("child"));
        int child = machine.call(() -> machine.named("hog").getLast().process.pid);
        machine.gogo("proc:kill 9 " + child);
        assertThat(machine.status(hog)).isZero();
        assertThat(hog.text()).isEqualTo("child\nparent goes on\n");
    }

    private void killedFromGogo(Machine.Run run) {
        Process process = machine.process("hog");
        machine.gogo("proc:kill 9 " + process.pid);
        assertThat(machine.status(run)).isEqualTo(128 + 9);
    }
}
