package vkernel.host.riscv;

/** Wants to be asked where code is worth counting. Any thread. */
public interface Marker {
    /** How often the interpreter passes a place before it stops there for the first time. */
    int patience();

    /** The mark for a place at which somebody stops for the first time. */
    Mark mark();

    /** A page of code is forgotten, with its marks. */
    void dropped(DecodedPage page);
}
