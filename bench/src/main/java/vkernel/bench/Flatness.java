package vkernel.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether swaps leave anything behind: after at least {@link #SWAPS} of all subsystems in turn the heap, the metaspace, the classes
 * and the threads are what they were after a few. The engine is the interpreter, so that no guest code is in the metaspace.
 */
final class Flatness {
    private static final int SWAPS = 500;
    /** One subsystem's classes are about 0.1 to 1.5 MiB, so that even one copy of each would be more. */
    private static final long METASPACE = 4 << 20;

    private static final long HEAP = 8 << 20; // 16 KiB a swap; a provider that stayed would be 100 and more
    private static final int CLASSES = 300; // lambdas and accessors of code that ran for the first time
    /** Threads of a kernel and its machine. */
    private static final Pattern KERNEL =
            Pattern.compile("hart[0-9]+|watchdog|.*probation|translator.*|host\\.net.*|.*firmware.*|kernel.*");

    private final SwapLoad load;

    Flatness(SwapLoad load) {
        this.load = load;
    }

    private record Memory(long heap, long metaspace, int classes, long threads, long held) {}

    /** @return what is not flat */
    List<String> run() {
        List<String> subsystems = List.copyOf(load.subsystems().keySet());
        for (int i = 0; i < 2 * subsystems.size(); i++) {
            load.swap(subsystems.get(i % subsystems.size()));
        }
        Memory before = memory();
        int all = (SWAPS + subsystems.size() - 1) / subsystems.size() * subsystems.size(); // ends where it began
        for (int i = 0; i < all; i++) {
            load.swap(subsystems.get(i % subsystems.size()));
            if (i % 100 == 99) {
                System.err.printf("[%d of %d swaps]%n", i + 1, all);
            }
        }
        Memory after = memory();
        System.out.printf("%n| | after %d swaps | after %d more | at most more |%n", 2 * subsystems.size(), all);
        System.out.println("|---|---|---|---|");
        List<String> grown = new ArrayList<>();
        row("heap, MiB", before.heap / MIB, after.heap / MIB, HEAP / MIB, grown);
        row("metaspace, MiB", before.metaspace / MIB, after.metaspace / MIB, METASPACE / MIB, grown);
        row("classes", before.classes, after.classes, CLASSES, grown);
        row("threads", before.threads, after.threads, 0, grown);
        row("former class loaders", 0, after.held, 0, grown);
        return grown;
    }

    private static final double MIB = 1 << 20;

    private static void row(String what, double before, double after, double more, List<String> grown) {
        String line = String.format(Locale.ROOT, "| %s | %.1f | %.1f | %.1f |", what, before, after, more);
        System.out.println(line);
        if (after > before + more) {
            grown.add(String.format(Locale.ROOT, "%s: %.1f, then %.1f", what, before, after));
        }
    }

    private Memory memory() {
        long held = load.held().values().stream().mapToLong(Long::longValue).sum();
        long heap = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) { // processes come and go meanwhile
            System.gc();
            heap = Math.min(
                    heap, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        long metaspace = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .mapToLong(pool -> pool.getUsage().getUsed())
                .sum();
        Set<Thread> threads = Thread.getAllStackTraces().keySet();
        long own = threads.stream()
                .filter(thread -> KERNEL.matcher(thread.getName()).matches())
                .count();
        int classes = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
        return new Memory(heap, metaspace, classes, own, held);
    }
}
