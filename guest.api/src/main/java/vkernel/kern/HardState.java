package vkernel.kern;

import java.util.List;

/**
 * A subsystem's hard state that can be checked when it is handed over. A record of guest.api implements it beside
 * {@link Swappable}; both ends of a swap are checked: what the former provider gave, and what the successor made of it.
 */
public interface HardState {
    /**
     * What is wrong with its structure (counts, references, ranges), in words; empty when nothing is. The guest waits
     * for it: its cost does not depend on the size of guest memory.
     */
    List<String> faults();

    /** The same, looking at everything, however long it takes: for tests and rehearsals. */
    default List<String> allFaults() {
        return faults();
    }
}
