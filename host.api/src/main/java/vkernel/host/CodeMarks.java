package vkernel.host;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The frames from which an engine has translated code: a byte for each frame, off the heap so that it costs nothing
 * until it is used.
 *
 * <p>A marked frame is in nobody's write TLB; a writer that meets the mark takes it away and tells the engine before it
 * writes. {@code MARKING} is the state before every hart has dropped its write translations: a second marker must not
 * return early then. What changes while there is no machine is told to the next one.
 */
final class CodeMarks {
    private static final VarHandle BYTE = JAVA_BYTE.varHandle();
    private static final byte PLAIN = 0;
    private static final byte MARKING = 1;
    private static final byte MARKED = 2;

    private final MemorySegment states; // transitions guarded by this
    private final BitSet untold = new BitSet(); // guarded by itself
    private volatile @Nullable CodeGuard guard;

    CodeMarks(MemorySegment states) {
        this.states = states;
    }

    void guard(@Nullable CodeGuard next) {
        synchronized (untold) {
            guard = next;
            if (next == null) return;
            untold.stream().forEach(next::codeChanged);
            untold.clear();
        }
    }

    boolean marked(long frame) {
        return state(frame) != PLAIN;
    }

    void mark(long frame) {
        if (state(frame) == MARKED) return;
        move(frame, PLAIN, MARKING);
        CodeGuard now = guard;
        if (now != null) now.stopWrites();
        move(frame, MARKING, MARKED);
    }

    /** To be called before the contents of a frame change. */
    void changing(long frame) {
        if (state(frame) == PLAIN) return;
        synchronized (this) {
            BYTE.setVolatile(states, frame, PLAIN);
        }
        CodeGuard now = guard;
        if (now != null) now.codeChanged((int) frame);
        else tellLater((int) frame);
    }

    private void tellLater(int frame) {
        synchronized (untold) {
            CodeGuard now = guard;
            if (now != null) now.codeChanged(frame);
            else untold.set(frame);
        }
    }

    /** {@link #changing} for a range of addresses. */
    void changing(long address, long length) {
        if (length <= 0) return;
        long last = address + length - 1 >>> Vpte.PAGE_SHIFT;
        for (long frame = address >>> Vpte.PAGE_SHIFT; frame <= last; frame++) changing(frame);
    }

    /**
     * To be called after a range was changed by the kernel or a device: an engine may have read the old contents
     * between {@link #changing} and the write.
     */
    void changed(long address, long length) {
        VarHandle.fullFence();
        changing(address, length);
    }

    private byte state(long frame) {
        return (byte) BYTE.getOpaque(states, frame);
    }

    private synchronized void move(long frame, byte from, byte to) {
        if (state(frame) == from) BYTE.setVolatile(states, frame, to);
    }
}
