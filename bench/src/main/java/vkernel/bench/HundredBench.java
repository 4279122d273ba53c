package vkernel.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;

/** Many tiny kernels beside each other in one JVM: how long they take to boot, and what each costs in memory. */
public final class HundredBench {
    private HundredBench() {}

    /** @param args how many, 100 if not told; anything more: with shared parts */
    public static void main(String[] args) throws Exception {
        int many = args.length > 0 ? Integer.parseInt(args[0]) : 100;
        boolean shared = args.length > 1;
        List<VirtualKernel> kernels = new ArrayList<>();
        kernels.add(VirtualKernel.boot(BootConfig.standard().withKernel("tiny").withMemory(16 << 20).withSharedParts(shared)));
        long heap = heap();
        long meta = meta();
        long resident = resident();
        long began = System.nanoTime();
        for (int i = 1; i < many; i++) {
            kernels.add(VirtualKernel.boot(BootConfig.standard().withKernel("tiny").withMemory(16 << 20).withSharedParts(shared)));
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "%d kernels: %.1f s, %.1f s of processor time; each %d KiB of heap, %d KiB of classes and code, %d KiB resident%n",
                many,
                seconds,
                ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3,
                (heap() - heap) / (many - 1) >> 10,
                (meta() - meta) / (many - 1) >> 10,
                (resident() - resident) / (many - 1));
        for (VirtualKernel kernel : kernels) {
            if (!kernel.run("/bin/echo", "here").out().equals("here\n")) {
                throw new AssertionError("a kernel does not run programs");
            }
        }
        kernels.forEach(VirtualKernel::close);
        System.exit(0);
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long meta() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == java.lang.management.MemoryType.NON_HEAP)
                .map(MemoryPoolMXBean::getUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }

    /** KiB (proc(5)). */
    private static long resident() throws Exception {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
        }
    }
}
