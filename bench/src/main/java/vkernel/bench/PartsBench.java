package vkernel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How long each part of a kernel takes to start: medians of whole starts, into {@code cnf/start-times.properties}. */
public final class PartsBench {
    private static final int RUNS = 5;

    private PartsBench() {}

    /** @param args the launcher script; the file to be written */
    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, List<Double>> all = new TreeMap<>();
        for (int i = 0; i < RUNS; i++) {
            Process vk = new ProcessBuilder(args[0], "kernel", "start-times", "dev")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            for (String line : vk.inputReader().lines().toList()) {
                String[] pair = line.split("=");
                all.computeIfAbsent(pair[0], none -> new ArrayList<>()).add(Double.valueOf(pair[1]));
            }
            if (vk.waitFor() != 0) {
                throw new IOException("vk kernel start-times ended with " + vk.exitValue());
            }
        }
        StringBuilder text = new StringBuilder("# Milliseconds, medians of " + RUNS + " starts; made by bench/run parts.\n");
        all.forEach((part, times) -> {
            times.sort(null);
            text.append(part).append('=').append(times.get(times.size() / 2)).append('\n');
        });
        Files.writeString(Path.of(args[1]), text);
        System.out.print(text);
    }
}
