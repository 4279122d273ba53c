package vkernel.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The program vk as a process of its own, as a person has it. */
public final class Vk {
    static final Path SCRIPT = Path.of(System.getProperty("vkernel.home"))
            .resolve("../../../vk")
            .toAbsolutePath()
            .normalize();
    private static final long SECONDS = 120;
    /** One each: those of the common pool are too few where the machine has two cores. */
    static final Executor THREADS = work -> Thread.ofPlatform().daemon().start(work);

    static {
        status(start("--cache"));
    }

    /** What it gave. */
    public record Ended(int status, byte[] outBytes, String err) {
        public String out() {
            return new String(outBytes, StandardCharsets.UTF_8);
        }
    }

    static Process start(String... arguments) {
        return start(Map.of(), arguments);
    }

    static Process start(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("VK_NO_BUILD", "1");
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs it to its end without input. */
    public static Ended run(String... arguments) {
        return run(new byte[0], arguments);
    }

    /** With more in its environment. */
    public static Ended run(Map<String, String> environment, String... arguments) {
        return ended(start(environment, arguments), new byte[0]);
    }

    public static Ended run(byte[] input, String... arguments) {
        return ended(start(arguments), input);
    }

    private static Ended ended(Process process, byte[] input) {
        process.onExit().orTimeout(SECONDS, TimeUnit.SECONDS).exceptionally(late -> killed(process));
        CompletableFuture<Void> fed = CompletableFuture.runAsync(() -> feed(process.getOutputStream(), input), THREADS);
        CompletableFuture<byte[]> err = CompletableFuture.supplyAsync(() -> all(process.getErrorStream()), THREADS);
        byte[] out = all(process.getInputStream());
        int status = status(process);
        fed.join();
        return new Ended(status, out, new String(err.join(), StandardCharsets.UTF_8));
    }

    /** Its exit status; it does not outlive the test. */
    static int status(Process process) {
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                killed(process);
                throw new AssertionError("vk did not end");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            killed(process);
            throw new AssertionError(e);
        }
    }

    /** With its children, which would keep its streams open. */
    private static Process killed(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        return process.destroyForcibly();
    }

    private static void feed(OutputStream to, byte[] input) {
        try (to) {
            to.write(input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] all(InputStream from) {
        try {
            return from.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Vk() {}
}
