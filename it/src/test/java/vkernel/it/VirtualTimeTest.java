package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import vkernel.boot.BootConfig;
import vkernel.boot.MemoryChannel;
import vkernel.boot.VirtualKernel;
import vkernel.host.MachineConfig.Time;

/** With one hart and virtual time, a run is the same every time. */
class VirtualTimeTest {
    private static final String SCRIPT = """
            date
            (sleep 0.04; echo second) & (sleep 0.02; echo first) & (while :; do :; done) &
            busy=$!
            sleep 0.06
            kill $busy; sleep 1000
            cat /proc/uptime /proc/loadavg /proc/stat
            ls -l /proc /dev /tmp; ps
            head -c 8 /dev/urandom | od -x
            i=0; while [ $i -lt 40 ]; do i=$((i+1)); echo $i > /tmp/$i; done
            date; cat /proc/uptime
            """;

    private record Run(String output, long nanos, long switches) {}

    @Test
    void twoRunsAreTheSameToTheNanosecond() throws TimeoutException, InterruptedException {
        Run first = run(SCRIPT, 7);
        assertThat(first.output()).contains("first\nsecond\n");
        assertThat(run(SCRIPT, 7)).isEqualTo(first);
        assertThat(run(SCRIPT, 8).output()).as("another seed").isNotEqualTo(first.output());
    }

    @Test
    void idleTimeIsSkipped() throws TimeoutException, InterruptedException {
        long before = System.nanoTime();
        Run run = run("sleep 100000; cut -d. -f1 /proc/uptime", 0);
        assertThat(run.output()).isEqualTo("100000\n");
        assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(100));
    }

    private static Run run(String script, long seed) throws TimeoutException, InterruptedException {
        MemoryChannel console = new MemoryChannel(new byte[0]);
        BootConfig config = BootConfig.standard()
                .withTime(Time.VIRTUAL, seed)
                .withInit("/bin/sh", "-c", script)
                .withChannel("console", console);
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            kernel.await(60);
            return new Run(
                    new String(console.written(), StandardCharsets.UTF_8),
                    kernel.kernel().now(),
                    kernel.kernel().stats().contextSwitches);
        }
    }
}
