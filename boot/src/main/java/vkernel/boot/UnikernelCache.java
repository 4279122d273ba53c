package vkernel.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Makes the JVM's ahead-of-time cache of a unikernel, beside it, by a run of its own. */
final class UnikernelCache {
    /** To write the cache takes a few. */
    private static final int SECONDS_TO_END = 60;

    private final Path jar;
    private final int seconds;
    private final List<String> arguments;
    private final Consumer<String> news;

    /** @param seconds after which a run that goes on is told to end */
    UnikernelCache(Path jar, int seconds, List<String> arguments, Consumer<String> news) {
        this.jar = jar.toAbsolutePath();
        this.seconds = seconds;
        this.arguments = arguments;
        this.news = news;
    }

    void make() throws IOException {
        Path cache = jar.resolveSibling(jar.getFileName().toString().replaceFirst("\\.jar$", "") + ".aot");
        Files.deleteIfExists(cache);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:AOTCacheOutput=" + cache);
        command.addAll(Relaunch.FLAGS);
        command.add("-Dvk.publish=127.0.0.1:0:1"); // nobody's port
        command.addAll(List.of("-cp", jar.toString(), Unikernel.class.getName()));
        command.addAll(arguments);
        Process run = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!run.waitFor(seconds, TimeUnit.SECONDS)) {
                run.destroy();
                if (!run.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                    run.descendants().forEach(ProcessHandle::destroyForcibly);
                    run.destroyForcibly();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        news.accept(
                Files.exists(cache)
                        ? cache.getFileName() + ": " + (Files.size(cache) >> 20) + " MiB, keep it beside the jar"
                        : "the run made no cache; the jar runs without");
    }
}
