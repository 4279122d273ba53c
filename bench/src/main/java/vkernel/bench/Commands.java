package vkernel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands of this machine, timed by bash. */
final class Commands {
    /**
     * What a command took.
     *
     * @param cpu seconds of processor time
     * @param wall seconds
     * @param output what it printed
     */
    record Took(double cpu, double wall, byte[] output) {}

    private Commands() {}

    /** Runs a command to its end. @throws IOException when it fails */
    static Took time(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("bench", ".out");
        Path times = Files.createTempFile("bench", ".time");
        try {
            String script = "TIMEFORMAT='%U %S %R'; { time \"$@\" >\"$0\" 2>/dev/null; } 2>" + times;
            List<String> line = new ArrayList<>(List.of("bash", "-c", script, output.toString()));
            line.addAll(command);
            int status = new ProcessBuilder(line)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start()
                    .waitFor();
            if (status != 0) throw new IOException(String.join(" ", command) + " ended with status " + status);
            String[] parts = Files.readString(times).trim().split(" ");
            return new Took(
                    Double.parseDouble(parts[0]) + Double.parseDouble(parts[1]),
                    Double.parseDouble(parts[2]),
                    Files.readAllBytes(output));
        } finally {
            Files.delete(output);
            Files.delete(times);
        }
    }
}
