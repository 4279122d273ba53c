package vkernel.host.riscv.amd64;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import vkernel.host.engine.Tlb;
import vkernel.host.riscv.Memory;

/**
 * Where the code of a guest address is, for machine code: pairs of an address and its code, direct mapped. It belongs to
 * one TLB, and what is in it is true while that forgets no code. Hart thread only.
 */
@SuppressWarnings("removal")
final class JumpCache {
    private static final int ENTRIES = 1 << 14;
    private static final int ENTRY_BYTES = 16;
    /** Entries that are wiped one by one; when there are more, all are. */
    private static final int FEW = 1 << 11;

    /**
     * An address, and itself shifted right by {@code FOLD}, as exclusive or, shifted left by {@code SHIFT} and masked, is
     * its entry's offset.
     */
    static final int FOLD = 13;

    static final int SHIFT = 3;
    static final int MASK = (ENTRIES - 1) * ENTRY_BYTES;

    private final MemorySegment memory = Arena.ofAuto().allocate((long) ENTRIES * ENTRY_BYTES, 64);
    private final long address = memory.address();
    final Tlb tlb;
    private final int[] used = new int[FEW];
    /** Entries made since all were wiped. */
    private int count = FEW + 1;

    private long epoch;

    JumpCache(Tlb tlb) {
        this.tlb = tlb;
        clear();
    }

    static int offset(long va) {
        return (int) (va ^ va >>> FOLD) << SHIFT & MASK;
    }

    long address() {
        return address;
    }

    /** Forgets what is not true any more. */
    void refresh() {
        if (epoch != tlb.codeEpoch) clear();
    }

    void clear() {
        if (count > FEW) Memory.UNSAFE.setMemory(address, memory.byteSize(), (byte) -1);
        else for (int i = 0; i < count; i++) Memory.UNSAFE.putLong(address + used[i], -1);
        count = 0;
        epoch = tlb.codeEpoch;
    }

    /** The code at an address, or 0. */
    long get(long va) {
        long at = address + offset(va);
        return Memory.UNSAFE.getLong(at) == va ? Memory.UNSAFE.getLong(at + Long.BYTES) : 0;
    }

    void put(long va, long code) {
        int at = offset(va);
        if (count < FEW) used[count] = at;
        if (count <= FEW) count++;
        Memory.UNSAFE.putLong(address + at, va);
        Memory.UNSAFE.putLong(address + at + Long.BYTES, code);
    }
}
