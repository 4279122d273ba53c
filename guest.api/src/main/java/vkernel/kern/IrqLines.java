package vkernel.kern;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Interrupt lines and which of them are raised: raised on host threads, taken by a hart. What is raised while nobody
 * runs the kernel stays raised.
 */
public final class IrqLines {
    /** Most lines that can be pending at a time; more just look for a place again. */
    public static final int PENDING = 256;

    /** Who is told when nobody runs the kernel. */
    public static final Runnable NOBODY = () -> {};

    private final AtomicReferenceArray<Line> pending = new AtomicReferenceArray<>(PENDING);
    private final AtomicInteger count = new AtomicInteger();
    private volatile Runnable kick = NOBODY;

    /** @param action makes some hart look here soon; called on any thread */
    public void kick(Runnable action) {
        kick = action;
    }

    /** A new line. @param handler run on a hart, with the kernel lock held */
    public Line line(String name, Runnable handler) {
        return new Line(name, handler);
    }

    public boolean pending() {
        return count.get() > 0;
    }

    /**
     * Takes a line that was raised: it may be raised again from now on.
     *
     * @return null when there is none
     */
    public @Nullable Line take() {
        for (int i = 0; i < PENDING && count.get() > 0; i++) {
            Line line = pending.getAndSet(i, null);
            if (line != null) {
                count.decrementAndGet();
                line.raised.set(false);
                return line;
            }
        }
        return null;
    }

    /** A line. */
    public final class Line implements Irq {
        public final String name;
        public final Runnable handler;
        private final AtomicBoolean raised = new AtomicBoolean();

        private Line(String name, Runnable handler) {
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
    }
}
