package vkernel.host;

/**
 * Keeps what one hart writes at every trap out of the cache lines of other harts: a subclass's fields lie this class's
 * 128 bytes behind whatever the collector puts in front of the object, and it likes to put the same objects of two harts
 * side by side. Two lines, since processors fetch them in pairs.
 */
@SuppressWarnings("unused")
public abstract class Padded {
    private long p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;
}
