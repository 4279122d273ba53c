package vkernel.boot;

import java.util.Map;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import vkernel.kern.End;

/**
 * Signals to this process. A program that runs gets the first one, as if it had the terminal itself; every other ends
 * the kernel with the status that a shell shows for it, or this process when there is no kernel yet.
 */
final class Interrupted {
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private @Nullable VirtualKernel kernel; // guarded by this
    private @Nullable Program program; // guarded by this

    /** Takes the signals soon, in a thread of its own: the first one asked for costs as much as a tenth of a boot. */
    Interrupted() {
        Thread.ofPlatform()
                .name("signals")
                .daemon()
                .start(() -> SIGNALS.forEach((name, number) -> Signals.register(name, () -> signal(number))));
    }

    synchronized void attach(VirtualKernel booted) {
        kernel = booted;
    }

    synchronized void attach(Program started) {
        program = started;
    }

    /** The program has ended. */
    synchronized void detach() {
        program = null;
    }

    /** Ends the kernel because a person asked for it. */
    void end() {
        end(0);
    }

    private void signal(int number) {
        Program first = takeProgram();
        if (first == null) {
            end(128 + number);
        } else {
            first.signal(number);
        }
    }

    private synchronized @Nullable Program takeProgram() {
        Program taken = program;
        program = null;
        return taken;
    }

    private void end(int status) {
        VirtualKernel running = kernel();
        if (running == null) {
            System.exit(status);
        } else {
            running.kernel().shutdown(new End(End.Kind.HALT, status, "ended from outside"));
        }
    }

    private synchronized @Nullable VirtualKernel kernel() {
        return kernel;
    }
}
