package vkernel.guest.kern;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.kern.IrqLines;

/** Handles the interrupt lines that were raised, on a hart with the kernel lock held (Linux: kernel/irq/handle.c). */
final class Interrupts {
    private static final Logger LOG = LoggerFactory.getLogger(Interrupts.class);

    private final IrqLines lines;

    Interrupts(IrqLines lines) {
        this.lines = lines;
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

    private static void handle(IrqLines.Line line) {
        try {
            line.handler.run();
        } catch (RuntimeException e) {
            LOG.error("interrupt {}: handler failed", line.name, e);
        }
    }
}
