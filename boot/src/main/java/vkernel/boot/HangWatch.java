package vkernel.boot;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import vkernel.kern.End;

/**
 * Ends the process when a kernel's lock cannot be had for long: nothing in it moves any more (Linux:
 * kernel/hung_task.c).
 */
public final class HangWatch {
    /** Exit status of a kernel that does not answer any more. */
    public static final int HUNG = 124;

    /** How long the lock may be held; the system property is for tests. */
    private static final long SECONDS_TO_ANSWER = Long.getLong("vkernel.hang.seconds", 30);

    private static final long SECONDS_BETWEEN = Math.min(5, SECONDS_TO_ANSWER);
    private static final long SECONDS_TO_EXIT = 5;

    /**
     * Watches until the kernel ends.
     *
     * @param told of the end and of the crash report, where there is one, before the process exits
     */
    public static void over(VirtualKernel kernel, BiConsumer<End, String> told) {
        Thread.ofPlatform().name("hang watch").daemon().start(() -> {
            while (kernel.end().isEmpty()) {
                CompletableFuture<Boolean> answer = new CompletableFuture<>();
                Thread.ofPlatform()
                        .name("hang probe")
                        .daemon()
                        .start(() -> answer.complete(kernel.kernel().call(() -> true)));
                try {
                    answer.get(SECONDS_TO_ANSWER, TimeUnit.SECONDS);
                    TimeUnit.SECONDS.sleep(SECONDS_BETWEEN);
                } catch (TimeoutException late) {
                    hung(kernel, told);
                    return;
                } catch (InterruptedException | ExecutionException e) {
                    return;
                }
            }
        });
    }

    private static void hung(VirtualKernel kernel, BiConsumer<End, String> told) {
        End end = new End(End.Kind.PANIC, HUNG, "the kernel's lock was held for " + SECONDS_TO_ANSWER + " s");
        String report;
        try {
            report = CrashReport.write(kernel, "hang", end.message()).toString();
        } catch (IOException e) {
            report = "";
            System.err.println("vk: no crash report: " + e.getMessage());
        }
        told.accept(end, report);
        // what is done at an exit may wait for what hangs
        Thread.ofPlatform().name("exit").daemon().start(() -> System.exit(HUNG));
        try {
            TimeUnit.SECONDS.sleep(SECONDS_TO_EXIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(HUNG);
    }

    private HangWatch() {}
}
