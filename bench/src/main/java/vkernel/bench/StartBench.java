package vkernel.bench;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a start of the program costs a person: wall time and processor time of whole commands, medians and best. */
public final class StartBench {
    private static final int ROUNDS = 10;

    private record Times(double wall, double processor) {}

    /** @param args the launcher and a java program */
    public static void main(String[] args) throws IOException, InterruptedException {
        String vk = args[0];
        System.out.println("| command | wall, median | best | processor time, median | best |");
        System.out.println("|---|---|---|---|---|");
        row("java -version", args[1], "-version");
        row("vk --version", vk, "--version");
        row("vk run true", vk, "run", "true");
        row("vk boot, a prompt, exit", vk, "boot");
    }

    private static void row(String name, String... command) throws IOException, InterruptedException {
        List<Times> times = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            times.add(run(command));
        }
        double[] walls = times.stream().mapToDouble(Times::wall).sorted().toArray();
        double[] processors = times.stream().mapToDouble(Times::processor).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "| `%s` | %.2f s | %.2f s | %.2f s | %.2f s |%n",
                name,
                walls[ROUNDS / 2],
                walls[0],
                processors[ROUNDS / 2],
                processors[0]);
    }

    /** The shell knows what its children took; input is at its end from the start. */
    private static Times run(String... command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(
                List.of("bash", "-c", "TIMEFORMAT='%R %U %S'; time \"$@\" </dev/null >/dev/null 2>&1", "bash"));
        words.addAll(Arrays.asList(command));
        Process process = new ProcessBuilder(words).start();
        String[] spent;
        try (InputStream told = process.getErrorStream()) {
            spent = new String(told.readAllBytes()).trim().split(" ");
        }
        if (process.waitFor() != 0 || spent.length != 3) {
            throw new IOException(String.join(" ", command) + " ended with status " + process.exitValue());
        }
        return new Times(Double.parseDouble(spent[0]), Double.parseDouble(spent[1]) + Double.parseDouble(spent[2]));
    }

    private StartBench() {}
}
