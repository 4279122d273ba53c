package vkernel.kern;

/** A one-shot timer; its action runs on a hart with the kernel lock held. Made by {@link Kernel#timer}. */
public interface Timer {
    /** Sets or moves the deadline, monotonic nanoseconds; {@code Long.MAX_VALUE} disarms. */
    void arm(long deadline);

    /** The deadline; {@code Long.MAX_VALUE} when it is not armed. */
    long deadline();
}
