package vkernel.host.riscv;

/**
 * A place in decoded code at which the interpreter's loop stops when it was there often enough: where a run of
 * instructions begins or a loop turns. Who made it (a {@link Marker}) hangs on it what it knows of the place.
 */
public interface Mark {}
