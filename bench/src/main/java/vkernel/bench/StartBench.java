package vkernel.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a start of the program costs a person: wall time and processor time of whole commands, medians and best. */
public final class StartBench {
    private static final int ROUNDS = 10;
    private static final Pattern RUNS = Pattern.compile("start +([0-9.]+) ms, .* runs");

    private record Times(double wall, double processor) {}

    /** @param args the launcher, a java program, and a folder for what is made */
    public static void main(String[] args) throws IOException, InterruptedException {
        String vk = args[0];
        System.out.println("| command | wall, median | best | processor time, median | best |");
        System.out.println("|---|---|---|---|---|");
        row("java -version", args[1], "-version");
        row("vk --version", vk, "--version");
        row("vk run true", vk, "run", "true");
        row("vk boot, a prompt, exit", vk, "boot");
        unikernel(vk, args[1], args[2]);
    }

    /** Until the program's first instruction, as the start's own trace has it. */
    private static void unikernel(String vk, String java, String folder) throws IOException, InterruptedException {
        Files.createDirectories(Path.of(folder));
        String jar = folder + "/echo.jar";
        run(vk, "kernel", "build", "tiny", "--init", "/bin/echo", "--trace", "--trace-args", "hello", "-o", jar);
        System.out.println();
        System.out.printf("| unikernel of echo, %d KiB | first instruction after, median | best | goal |%n", size(jar));
        System.out.println("|---|---|---|---|");
        first("./echo.jar", "400 ms", jar, "hello");
        first("java -jar echo.jar (two JVMs)", "400 ms", java, "-Dvkernel.trace.start=1", "-jar", jar, "hello");
    }

    private static long size(String file) throws IOException {
        return Files.size(Path.of(file)) >> 10;
    }

    private static void first(String name, String goal, String... command) throws IOException, InterruptedException {
        double[] millis = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("VK_JAVA_OPTIONS", "-Dvkernel.trace.start=1");
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher runs = RUNS.matcher(said);
            if (process.waitFor() != 0 || !runs.find()) {
                throw new IOException(name + ": " + said);
            }
            millis[i] = Double.parseDouble(runs.group(1));
        }
        Arrays.sort(millis);
        System.out.printf(Locale.ROOT, "| `%s` | %.0f ms | %.0f ms | %s |%n", name, millis[ROUNDS / 2], millis[0], goal);
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
