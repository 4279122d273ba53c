package vkernel.host.riscv;

/** Wants to be asked where code is worth counting. Any thread. */
public interface Marker {
    /** The mark for a place that the interpreter met for the first time. @param in the instruction there */
    Mark mark(long in);

    /** A page of code is forgotten, with its marks. */
    void dropped(DecodedPage page);
}
