package vkernel.boot;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import vkernel.kern.Dmesg;
import vkernel.kern.End;
import vkernel.task.Process;
import vkernel.task.Task;

/** What is left of a kernel that died: its log, its tasks with their registers, and what the JVM's threads did. */
public final class CrashReport {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("'crash-'yyyyMMdd-HHmmss-SSS'.txt'", Locale.ROOT);
    private static final long SECONDS_FOR_THE_LOCK = 2;
    private static final int REGISTERS = 32;

    /** {@code $XDG_STATE_HOME/vkernel}, or {@code ~/.local/state/vkernel}. */
    static Path folder() {
        String state = System.getenv("XDG_STATE_HOME");
        Path base = state != null && !state.isBlank()
                ? Path.of(state)
                : Path.of(System.getProperty("user.home"), ".local", "state");
        return base.resolve("vkernel");
    }

    /** @return the file */
    public static Path write(VirtualKernel kernel, End end) throws IOException {
        return write(kernel, end.kind().name().toLowerCase(Locale.ROOT), end.message());
    }

    /** @param kind of end, in a word */
    static Path write(VirtualKernel kernel, String kind, String message) throws IOException {
        Path folder = Files.createDirectories(folder());
        Path file = folder.resolve(ZonedDateTime.now(ZoneOffset.UTC).format(NAME));
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            out.println(kind + ": " + message);
            out.println("kernel " + kernel.config().kernel() + ", "
                    + (kernel.config().memory() >> 20) + " MiB, "
                    + kernel.config().harts() + " harts, java " + Runtime.version());
            out.println("\n# kernel log");
            for (Dmesg.Line line : kernel.kernel().dmesg().lines()) {
                out.println(line(line));
            }
            out.println("\n# tasks");
            tasks(kernel).forEach(out::println);
            out.println("\n# threads of the JVM");
            threads(out);
        }
        return file;
    }

    /** A line of the kernel's log as people read it. */
    public static String line(Dmesg.Line line) {
        return String.format(Locale.ROOT, "[%12.6f] %s: %s", line.nanos() / 1e9, line.source(), line.text());
    }

    /** With the lock if it can be had: a kernel that hangs holds it, and is looked at as it is. */
    private static List<String> tasks(VirtualKernel kernel) {
        CompletableFuture<List<String>> asked = new CompletableFuture<>();
        Thread.ofPlatform().name("crash report").daemon().start(() -> {
            try {
                asked.complete(kernel.kernel().call(() -> lines(kernel)));
            } catch (RuntimeException e) {
                asked.completeExceptionally(e);
            }
        });
        try {
            return asked.get(SECONDS_FOR_THE_LOCK, TimeUnit.SECONDS);
        } catch (TimeoutException held) {
            return unguarded(kernel);
        } catch (java.util.concurrent.ExecutionException e) {
            return List.of("cannot be told: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Somebody may change what is looked at. */
    private static List<String> unguarded(VirtualKernel kernel) {
        try {
            return lines(kernel);
        } catch (RuntimeException e) {
            return List.of("cannot be told: " + e);
        }
    }

    private static List<String> lines(VirtualKernel kernel) {
        List<String> lines = new java.util.ArrayList<>();
        for (Process process : kernel.kernel().processes().processes()) {
            for (Task task : process.threads) {
                lines.add("pid " + process.pid + " tid " + task.tid + " " + task.comm + " "
                        + (process.zombie ? "zombie" : task.state.name().toLowerCase(Locale.ROOT)));
                StringBuilder registers = new StringBuilder();
                for (int i = 0; i < Math.min(REGISTERS, task.regs.length); i++) {
                    registers.append(String.format(
                            Locale.ROOT,
                            "%s%s%016x",
                            i % 4 == 0 ? "\n  " : " ",
                            i == 0 ? "pc=" : "x" + i + "=",
                            task.regs[i]));
                }
                lines.add(registers.substring(1));
            }
        }
        return lines;
    }

    private static void threads(PrintWriter out) {
        for (Map.Entry<Thread, StackTraceElement[]> each :
                Thread.getAllStackTraces().entrySet()) {
            out.println("\"" + each.getKey().getName() + "\" " + each.getKey().getState());
            for (StackTraceElement at : each.getValue()) {
                out.println("    at " + at);
            }
        }
    }

    private CrashReport() {}
}
