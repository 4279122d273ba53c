package vkernel.guest.vm;

import org.jspecify.annotations.Nullable;
import vkernel.vm.AddressSpace;

/** Frames for those who cannot do without: takes from others when there are none (Linux: __alloc_pages_slowpath). */
final class Supply {
    /** How memory is made free. */
    interface Pressure {
        /** Frees pages that can be read again. @return how many */
        int reclaim();

        /**
         * Kills a process.
         *
         * @param working the address space being worked on: its pages are not touched now
         * @return whether memory was freed
         */
        boolean kill(@Nullable AddressSpace working);

        /** Waits for pages that are being written, or notes that the task is to wait. @return whether to try again */
        boolean await();

        /** Whether the task is to wait: nobody is to be killed. */
        boolean waits();

        /** A frame was taken: more may have to be made free beforehand. */
        void taken();
    }

    private final Frames frames;
    private final Pressure pressure;

    Supply(Frames frames, Pressure pressure) {
        this.frames = frames;
        this.pressure = pressure;
    }

    /** A frame for a call that can fail instead. @return Frames.NONE when there is none */
    int frame(int kind) {
        int frame = frames.take(kind);
        while (frame == Frames.NONE && (pressure.reclaim() > 0 || pressure.await())) {
            frame = frames.take(kind);
        }
        pressure.taken();
        return frame;
    }

    /**
     * A frame for what must not fail while there is a process to kill.
     *
     * @param working the address space that needs it
     * @return Frames.NONE when the need ends too: the working process itself was killed, or nobody can be
     */
    int frameOrKill(int kind, @Nullable AddressSpace working) {
        if (working != null && working.doomed) {
            return Frames.NONE;
        }
        int frame = frame(kind);
        while (frame == Frames.NONE && !pressure.waits() && pressure.kill(working)) {
            frame = frame(kind);
        }
        return frame;
    }
}
