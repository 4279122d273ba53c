package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder of bundles, by {@code --load}. */
class LoadFolderTest {
    @TempDir
    private Path folder;

    @Test
    @Timeout(120)
    void aJarTakesOverAndGivesBackWhileAProgramRuns() throws IOException {
        takesOverAndGivesBack(Vk.start("run", "-v", "--load", folder.toString(), "cat"), folder);
    }

    @Test
    @Timeout(120)
    void theFolderOfTheUserIsMadeAndLoaded() throws IOException {
        Process vk = Vk.start(Map.of("XDG_CONFIG_HOME", folder.toString()), "run", "-v", "--load", "--", "cat");
        takesOverAndGivesBack(vk, folder.resolve("vkernel/load"));
    }

    /** While {@code cat} runs. */
    private static void takesOverAndGivesBack(Process vk, Path loaded) throws IOException {
        try (BufferedReader log =
                new BufferedReader(new InputStreamReader(vk.getErrorStream(), StandardCharsets.UTF_8))) {
            waitFor(log, "vkernel: ");
            Path jar = loaded.resolve("my.jar");
            Path built = loaded.resolveSibling(loaded.getFileName() + ".jar");
            Files.copy(Path.of(System.getProperty("vkernel.home"), "bundles/guest.sched.rr.jar"), built);
            Files.move(built, jar);
            assertThat(waitFor(log, "my.jar is")).contains("sched now");
            Files.delete(jar);
            assertThat(waitFor(log, "swap: sched: guest.sched.rr")).contains("-> guest.sched.fair");
            waitFor(log, "my.jar has gone");
            try (var input = vk.outputWriter(StandardCharsets.UTF_8)) {
                input.write("still here\n");
            }
            assertThat(vk.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("still here");
            assertThat(Vk.status(vk)).isZero();
        } finally {
            vk.destroyForcibly();
        }
    }

    @Test
    void aFolderThatIsNotThereIsToldAtOnce() {
        Vk.Ended ended = Vk.run("run", "--load", folder.resolve("no").toString(), "true");
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).startsWith("vk: there is no folder " + folder.resolve("no"));
    }

    private static String waitFor(BufferedReader log, String text) throws IOException {
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            if (line.contains(text)) {
                return line;
            }
        }
        throw new AssertionError("no '" + text + "' in the log");
    }
}
