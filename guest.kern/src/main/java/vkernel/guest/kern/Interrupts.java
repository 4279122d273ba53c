package vkernel.guest.kern;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.kern.Irq;

/** Interrupt lines: raised on host threads, handled on a hart with the kernel lock held. */
final class Interrupts {
    private static final Logger LOG = LoggerFactory.getLogger(Interrupts.class);
    /** Most lines that can be pending at a time; more just look for a place again. */
    private static final int PENDING = 256;

    private final AtomicReferenceArray<Line> pending = new AtomicReferenceArray<>(PENDING);
    private final AtomicInteger count = new AtomicInteger();
    private final Runnable kick;

    /** @param kick makes some hart look here soon; called on any thread */
    Interrupts(Runnable kick) {
        this.kick = kick;
    }

    Irq line(String name, Runnable handler) {
        return new Line(name, handler);
    }

    boolean pending() {
        return count.get() > 0;
    }

    /** Runs the handlers of the lines raised. @return how many */
    int take() {
        if (count.get() == 0) {
            return 0;
        }
        int taken = 0;
        for (int i = 0; i < PENDING && count.get() > 0; i++) {
            Line line = pending.getAndSet(i, null);
            if (line != null) {
                count.decrementAndGet();
                line.handle();
                taken++;
            }
        }
        return taken;
    }

    private final class Line implements Irq {
        private final String name;
        private final Runnable handler;
        private final AtomicBoolean raised = new AtomicBoolean();

        Line(String name, Runnable handler) {
            this.name = name;
            this.handler = handler;
        }

        @Override
        public void raise() {
            if (raised.getAndSet(true)) {
                return;
            }
            for (int i = 0; !pending.compareAndSet(i, null, this); i = (i + 1) % PENDING) {
                Thread.onSpinWait();
            }
            count.incrementAndGet();
            kick.run();
        }

        void handle() {
            raised.set(false);
            try {
                handler.run();
            } catch (RuntimeException e) {
                LOG.error("interrupt {}: handler failed", name, e);
            }
        }
    }
}
