package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vk run} is a program among programs: streams, statuses, signals. */
class RunCommandTest {
    @Test
    void streamsAndStatusAreTheGuestProgramsOwn() {
        Vk.Ended ended = Vk.run("run", "sh", "-c", "echo out; echo err >&2; exit 7");
        assertThat(ended.out()).isEqualTo("out\n");
        assertThat(ended.err()).isEqualTo("err\n");
        assertThat(ended.status()).isEqualTo(7);
    }

    @Test
    void manyBytesPassUnchanged() {
        long seed = System.nanoTime();
        byte[] bytes = new byte[1 << 20];
        new Random(seed).nextBytes(bytes);
        Vk.Ended ended = Vk.run(bytes, "run", "cat");
        assertThat(ended.outBytes()).as("seed %d", seed).isEqualTo(bytes);
        assertThat(ended.status()).isZero();
    }

    @Test
    void statusSaysWhichSignalKilled() {
        assertThat(Vk.run("run", "sh", "-c", "kill -9 $$").status()).isEqualTo(137);
    }

    @Test
    void brokenPipeEndsTheWriter() throws IOException {
        Process process = Vk.start("run", "sh", "-c", "while echo much; do :; done");
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).isEqualTo("much");
        }
        assertThat(Vk.status(process)).isEqualTo(128 + 13);
    }

    @Test
    void interruptReachesTheProgram() throws IOException {
        assumeFalse(interruptsAreIgnored(), "whoever started this ignores SIGINT, and so does every program below");
        Process process =
                Vk.start("run", "sh", "-c", "trap 'echo caught; exit 9' INT; echo ready; while :; do sleep 0.1; done");
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            assertThat(out.readLine()).isEqualTo("ready");
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
            assertThat(out.readLine()).isEqualTo("caught");
        }
        assertThat(Vk.status(process)).isEqualTo(9);
    }

    /** As a shell without job control starts what is in the background: SIGINT is bit 1 of the mask. */
    private static boolean interruptsAreIgnored() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("SigIgn:")) {
                return (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0;
            }
        }
        return false;
    }

    @Test
    void secondSignalEndsTheKernel() throws IOException, InterruptedException {
        Process process =
                Vk.start("run", "sh", "-c", "trap 'echo caught' TERM; echo ready; while :; do sleep 0.1; done");
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            assertThat(out.readLine()).isEqualTo("ready");
            process.toHandle().destroy();
            assertThat(out.readLine()).isEqualTo("caught");
            process.toHandle().destroy();
        }
        assertThat(Vk.status(process)).isEqualTo(128 + 15);
    }

    @Test
    void commandsAreWaitedForWhenTheProgramEndsFirst() {
        Vk.Ended ended = Vk.run("run", "-c", "sched:get\nproc:exec /bin/sleep 1\nproc:ps --json\nmm:free", "/bin/true");
        assertThat(ended.out()).startsWith("fair\n[").contains("TOTAL").endsWith("\n");
        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
    }

    @Test
    void failedCommandIsTheLastAndIsSeenInTheStatus(@TempDir Path folder) throws IOException {
        Path script = Files.writeString(folder.resolve("script"), "sched:get\nnosuch\nmm:free\n");
        Vk.Ended ended = Vk.run("run", "--gogo", script.toString(), "/bin/true");
        assertThat(ended.out()).isEqualTo("fair\n");
        assertThat(ended.err()).isEqualTo("vk: Command not found: nosuch\n");
        assertThat(ended.status()).isEqualTo(125);
    }

    @Test
    void systemCallsAreTracedOnStandardErrorOnly() {
        Vk.Ended ended = Vk.run("run", "--trace-syscalls", "echo", "hi");
        assertThat(ended.out()).isEqualTo("hi\n");
        assertThat(ended.err()).contains("write(1, \"hi\\n\", 3)").contains("exit_group(0)");
    }

    @Test
    void mistakesAreToldInALine() {
        assertMistake(Vk.run("run", "nosuch"), 127, "vk: nosuch: not found");
        assertMistake(Vk.run("run", "--gogo", "/nonexistent", "true"), 125, "vk: --gogo: cannot read /nonexistent");
        assertMistake(Vk.run("run", "--root", "nosuch", "true"), 125, "vk: --root: there is no image");
        assertMistake(
                Vk.run("run", "--kernel", "nosuch", "true"),
                125,
                "vk: no kernel named nosuch; there are: bench, dev, net, posix, tiny");
        Vk.Ended flag = Vk.run("run", "--nosuch", "true");
        assertThat(flag.err()).startsWith("vk: Unknown option: '--nosuch'").endsWith("Try 'vk run --help'.\n");
        assertThat(flag.status()).isEqualTo(2);
    }

    private static void assertMistake(Vk.Ended ended, int status, String begin) {
        assertThat(ended.err()).startsWith(begin).hasLineCount(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.status()).isEqualTo(status);
    }
}
