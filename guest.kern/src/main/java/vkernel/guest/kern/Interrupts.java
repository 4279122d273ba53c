package vkernel.guest.kern;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.kern.IrqLines;

/** Handles the interrupt lines that were raised, on a hart with the kernel lock held (Linux: kernel/irq/handle.c). */
final class Interrupts {
    private static final Logger LOG = LoggerFactory.getLogger(Interrupts.class);

    private final IrqLines lines;
    /** Told what a handler has thrown. */
    private final Consumer<Throwable> failed;

    Interrupts(IrqLines lines, Consumer<Throwable> failed) {
        this.lines = lines;
        this.failed = failed;
    }

    boolean pending() {
        return lines.pending();
    }

    /** Runs the handlers of the lines raised, as many as can be at a time. @return how many */
    int take() {
        int taken = 0;
        while (taken < IrqLines.PENDING) {
            IrqLines.Line line = lines.take();
            if (line == null) {
                break;
            }
            handle(line);
            taken++;
        }
        return taken;
    }

    private void handle(IrqLines.Line line) {
        try {
            line.handler.run();
        } catch (RuntimeException | Error e) {
            LOG.debug("interrupt {}: handler failed", line.name, e);
            failed.accept(e);
        }
    }
}
