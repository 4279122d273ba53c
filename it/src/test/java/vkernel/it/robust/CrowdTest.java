package vkernel.it.robust;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Very many processes, threads and open files: each of them works, limits have their errors, nothing is left. */
@Timeout(240)
class CrowdTest {
    private static final long SECONDS = 200;

    @ParameterizedTest
    @CsvSource({
        // a gigabyte has room for all
        "1024, processes, 10000, 10000 processes, each ended with its own status",
        "1024, threads, 2000, 2000 threads, each gave its number",
        "1024, files, 100000, 100000 open files, each has its contents",
        // what is small says that it is full: tasks and open files are limited by the memory that there is
        "64, processes, 10000, not all processes: EAGAIN, each ended with its own status",
        "64, threads, 10000, not all threads: EAGAIN, each gave its number",
        "64, files, 100000, not all open files: ENFILE, each has its contents",
    })
    void workOrAreRefused(int megabytes, String what, String wanted, String has, String all) throws Exception {
        try (Machine machine =
                new Machine(Machine.small("crowd").withMemory(megabytes << 20).withHarts(2))) {
            Machine.Run run = machine.start("/robust/crowd", what, wanted);
            assertThat(run.status().get(SECONDS, TimeUnit.SECONDS))
                    .as(run::text)
                    .isZero();
            assertThat(run.text()).isEqualTo(has + "\n" + all + "\n");
            machine.atRest();
        }
    }
}
