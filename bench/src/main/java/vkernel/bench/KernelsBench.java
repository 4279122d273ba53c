package vkernel.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import vkernel.boot.BootConfig;
import vkernel.boot.Output;
import vkernel.boot.VirtualKernel;

/**
 * What a kernel per test costs: boot, one program, close, one kernel after the other in one JVM; and what a kernel that
 * stays holds of the Java heap and of class metadata. Prints medians.
 */
public final class KernelsBench {
    private static final int WARM = 2;
    private static final int ROUNDS = 10;
    private static final int STAYING = 4;

    /** The parts of one kernel's life, nanoseconds. */
    private record Life(long boot, long run, long close, long cpu) {
        long total() {
            return boot + run + close;
        }
    }

    public static void main(String[] args) {
        List<Life> lives = new ArrayList<>();
        for (int i = 0; i < WARM + ROUNDS; i++) {
            lives.add(life());
        }
        System.out.println("| kernel | boot | run | close | together | processor time |");
        System.out.println("|---|---|---|---|---|---|");
        row("first", lives.subList(0, 1));
        row("second", lives.subList(1, 2));
        row("median of " + ROUNDS + " more", lives.subList(WARM, lives.size()));
        row("worst of them", List.of(lives.subList(WARM, lives.size()).stream()
                .max((a, b) -> Long.compare(a.total(), b.total()))
                .orElseThrow()));
        memory();
    }

    private static Life life() {
        long cpu = cpu();
        long begin = System.nanoTime();
        long booted;
        long ran;
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard())) {
            booted = System.nanoTime();
            Output output = kernel.run("/bin/echo", "hi");
            ran = System.nanoTime();
            if (!output.out().equals("hi\n")) {
                throw new IllegalStateException("status " + output.status() + ": " + output.err());
            }
        }
        long end = System.nanoTime();
        return new Life(booted - begin, ran - booted, end - ran, cpu() - cpu);
    }

    private static void row(String name, List<Life> lives) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %d ms | %d ms | %d ms | %d ms | %d ms |%n",
                name,
                median(lives.stream().mapToLong(Life::boot)),
                median(lives.stream().mapToLong(Life::run)),
                median(lives.stream().mapToLong(Life::close)),
                median(lives.stream().mapToLong(Life::total)),
                median(lives.stream().mapToLong(Life::cpu)));
    }

    private static long median(java.util.stream.LongStream nanoseconds) {
        long[] sorted = nanoseconds.sorted().toArray();
        return sorted[sorted.length / 2] / 1_000_000;
    }

    private static void memory() {
        LongSupplier heap = () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        LongSupplier rest = () -> ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed();
        long heapBefore = settled(heap);
        long restBefore = rest.getAsLong();
        List<VirtualKernel> staying = new ArrayList<>();
        for (int i = 0; i < STAYING; i++) {
            VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard());
            kernel.run("/bin/echo", "hi");
            staying.add(kernel);
        }
        long[] each = {settled(heap) - heapBefore, rest.getAsLong() - restBefore};
        System.out.printf(
                Locale.ROOT,
                "%na kernel that stays: %.1f MiB of heap, %.1f MiB of classes and code (mean of %d)%n",
                each[0] / (double) (STAYING << 20),
                each[1] / (double) (STAYING << 20),
                STAYING);
        staying.forEach(VirtualKernel::close);
    }

    private static long settled(LongSupplier heap) {
        long[] samples = new long[3];
        for (int i = 0; i < samples.length; i++) {
            System.gc();
            samples[i] = heap.getAsLong();
        }
        return Arrays.stream(samples).min().orElseThrow();
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private KernelsBench() {}
}
