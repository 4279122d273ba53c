package vkernel.host.riscv.amd64;

import vkernel.host.riscv.Mark;

/** What is known of a place in a frame: the blocks that begin there, and their twins, by address. */
final class Entry implements Mark {
    private record Code(long va, int generation, boolean twin, long address, Code next) {}

    private static final Code NONE = new Code(-1, -1, false, 0, null);

    private volatile Code first = NONE;

    /** The code of the block at an address, in the code space of a generation; or 0. */
    long code(long va, int generation, boolean twin) {
        for (Code code = first; code != null; code = code.next) {
            if (code.va == va && code.generation == generation && code.twin == twin) return code.address;
        }
        return 0;
    }

    /** Called by one thread at a time. */
    void add(long va, int generation, boolean twin, long address) {
        Code others = first.generation == generation ? first : null;
        first = new Code(va, generation, twin, address, others);
    }
}
