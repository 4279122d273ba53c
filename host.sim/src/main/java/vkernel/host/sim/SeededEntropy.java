package vkernel.host.sim;

import java.util.Objects;
import vkernel.host.Entropy;

/** Bytes that look random and are the same for the same seed (SplitMix64: Steele, Lea, Flood, OOPSLA 2014). */
final class SeededEntropy implements Entropy {
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

    private long state; // guarded by this

    /** @param position the seed, or where another stopped */
    SeededEntropy(long position) {
        state = position;
    }

    synchronized long position() {
        return state;
    }

    @Override
    public synchronized void fill(byte[] to, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, to.length);
        for (int i = 0; i < length; i += Long.BYTES) {
            long bits = next();
            for (int end = Math.min(i + Long.BYTES, length), at = i; at < end; at++, bits >>>= Byte.SIZE) {
                to[offset + at] = (byte) bits;
            }
        }
    }

    private long next() {
        long z = state += GOLDEN_GAMMA;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }
}
