package vkernel.user;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the host, run in the module's folder with its output and errors in one text. */
record Command(List<String> words) {
    private static final long MINUTES = 4;

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
            Path printed = Files.createTempFile("printed", ".txt");
            try {
                Process process = new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(printed.toFile())
                        .start();
                process.getOutputStream().close();
                if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                    throw new AssertionError(words + " ran for " + MINUTES + " minutes: " + Files.readString(printed));
                }
                return new Outcome(process.exitValue(), Files.readString(printed));
            } finally {
                Files.delete(printed);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while " + words + " ran", e);
        }
    }
}
