package vkernel.user;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A program of the host, run in the module's folder with its output and errors in one text. */
record Command(List<String> words) {

    /** What it printed, and its exit status. */
    record Outcome(int status, String output) {}

    static Command of(String... words) {
        return new Command(List.of(words));
    }

    /** Whether the host has a program of this name on its path. */
    static boolean exists(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    }

    Outcome run() {
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while " + words + " ran", e);
        }
    }
}
