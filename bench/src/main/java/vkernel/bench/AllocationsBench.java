package vkernel.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.Output;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;

/**
 * What the harts allocate on the JVM's heap for each operation of a guest program that is warm: bytes, counted by the JVM,
 * and the places where most of them are, by Java Flight Recorder.
 */
public final class AllocationsBench {
    private static final List<String> ROWS = List.of(
            "getppid", "clock_gettime", "write-null", "sched_yield", "anonymous-fault", "cow-fault", "file-fault",
            "mmap+munmap", "pipe-ping-pong", "pipe", "signal", "segv", "read-4k", "write-4k", "stat", "open+close",
            "create", "unlink", "thread", "fork+wait", "fork+exec+wait");

    private static final double SECONDS = 1;
    private static final int PLACES = 3;

    private AllocationsBench() {}

    /** @param args the folder of the programs, then names of rows, or none for all */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        List<String> wanted = args.length > 1 ? List.of(args).subList(1, args.length) : ROWS;
        OperationsBench.check(wanted, ROWS);
        BootConfig config = BootConfig.standard()
                .withRoot(HostTar.file("bin/operations", new FileRom(folder.resolve("guest"))));
        System.out.println("| operation | bytes each | where |\n|---|---|---|");
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            for (String row : wanted) {
                rate(kernel, row, SECONDS, 3);
                try (Recording recording = new Recording()) {
                    recording.enable("jdk.ObjectAllocationSample").with("throttle", "2000/s").withStackTrace();
                    recording.start();
                    long before = allocated();
                    double rate = rate(kernel, row, SECONDS, 1);
                    long bytes = allocated() - before;
                    recording.stop();
                    System.out.printf(
                            Locale.ROOT, "| %s | %.1f | %s |%n", row, bytes / (rate * SECONDS), places(recording));
                }
            }
        }
    }

    private static double rate(VirtualKernel kernel, String row, double seconds, int rounds) throws IOException {
        String[] command = {
            "/bin/operations", "-s", Double.toString(seconds), "-r", Integer.toString(rounds), row,
        };
        Output output = kernel.run(command);
        if (output.status() != 0) {
            throw new IOException(row + ": status " + output.status() + " " + output.err());
        }
        return Double.parseDouble(output.out().strip().split(" ")[1]);
    }

    /** Bytes that the harts' threads have allocated so far. */
    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("hart[0-9]+"))
                .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.threadId()))
                .sum();
    }

    /** Where the harts have allocated most, and what share of it. */
    private static String places(Recording recording) throws IOException {
        Path file = Files.createTempFile("allocations", ".jfr");
        try {
            recording.dump(file);
            Map<String, Long> weights = RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getThread() != null
                            && event.getThread().getJavaName().matches("hart[0-9]+"))
                    .collect(Collectors.groupingBy(
                            AllocationsBench::place, Collectors.summingLong(event -> event.getLong("weight"))));
            long all = weights.values().stream().mapToLong(Long::longValue).sum();
            return weights.entrySet().stream()
                    .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                    .limit(PLACES)
                    .map(place -> place.getKey() + " " + Math.round(100.0 * place.getValue() / all) + " %")
                    .collect(Collectors.joining(", "));
        } finally {
            Files.delete(file);
        }
    }

    /** The class allocated, and the method of ours that wanted it. */
    private static String place(RecordedEvent event) {
        String type = event.getClass("objectClass").getName();
        Stream<RecordedFrame> frames = event.getStackTrace() == null
                ? Stream.empty()
                : event.getStackTrace().getFrames().stream();
        return frames.map(frame -> frame.getMethod().getType().getName() + "." + frame.getMethod().getName())
                        .filter(method -> method.startsWith("vkernel."))
                        .findFirst()
                        .map(method -> method.replace("vkernel.", ""))
                        .orElse("?")
                + " (" + type.substring(type.lastIndexOf('.') + 1) + ")";
    }
}
