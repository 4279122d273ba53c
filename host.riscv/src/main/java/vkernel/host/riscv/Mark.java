package vkernel.host.riscv;

/**
 * A place in decoded code at which the interpreter's loop stops: where a run of instructions begins or a loop turns.
 * Who made it (a {@link Marker}) hangs on it what it knows of the place.
 */
public class Mark {
    /** The instruction that stands there. */
    public final long in;

    protected Mark(long in) {
        this.in = in;
    }
}
