package vkernel.it.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import vkernel.boot.MemoryChannel;
import vkernel.boot.VirtualKernel;

/** Programs that compute, write, pipe, fork, sleep and wait, and whose output tells whether anything went wrong. */
final class SelfChecking {
    private static final List<String[]> PROGRAMS = List.of(
            new String[] {"i=0; s=0; while [ $i -lt 700 ]; do i=$((i+1)); s=$((s+i)); done; echo $s", "245350\n"},
            new String[] {"seq 1 1000 | sort -n | tail -n 1", "1000\n"},
            new String[] {
                "i=0; while [ $i -lt 40 ]; do i=$((i+1)); echo $i >> /tmp/f$$; done; wc -l < /tmp/f$$; rm /tmp/f$$",
                "40\n"
            },
            new String[] {"i=0; while [ $i -lt 8 ]; do i=$((i+1)); /bin/true || echo bad; done; echo ok", "ok\n"},
            new String[] {"(sleep 0.1; echo late) | cat; echo done", "late\ndone\n"},
            new String[] {"cat /proc/self/status > /dev/null && ls /dev /bin > /dev/null && echo seen", "seen\n"});

    private record Run(CompletableFuture<Integer> status, MemoryChannel out, String expected) {}

    private final List<Run> runs = new ArrayList<>();

    /** Starts one of each. */
    static SelfChecking on(VirtualKernel kernel) {
        SelfChecking all = new SelfChecking();
        for (String[] program : PROGRAMS) {
            MemoryChannel out = new MemoryChannel(new byte[0]);
            MemoryChannel in = new MemoryChannel(new byte[0]);
            all.runs.add(new Run(kernel.start(List.of("/bin/sh", "-c", program[0]), in, out, out), out, program[1]));
        }
        return all;
    }

    boolean done() {
        return runs.stream().allMatch(run -> run.status.isDone());
    }

    /** Waits for all of them; fails when one was disturbed. */
    void finish() throws Exception {
        for (Run run : runs) {
            int status = run.status.get(60, TimeUnit.SECONDS);
            assertThat(new String(run.out.written(), StandardCharsets.UTF_8)).isEqualTo(run.expected);
            assertThat(status).isZero();
        }
    }
}
