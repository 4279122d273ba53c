package vkernel.host.riscv;

import vkernel.host.Vmspaces;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Tlb;

/**
 * Loads and stores that the TLB does not answer at once, or that lie in two pages. Hart thread only.
 */
final class Access {
    private static final int PAGE = 4096;

    private final Hart hart;

    Access(Hart hart) {
        this.hart = hart;
    }

    /** The host address of a guest address, or 0 after a trap. */
    long translate(long va, int access) {
        Tlb tlb = hart.tlb;
        int i = Tlb.index(va);
        long page = va >>> 12;
        if (access == Vmspaces.READ && tlb.read[i] == page) return va + tlb.readAddend[i];
        if (access == Vmspaces.WRITE && tlb.write[i] == page) return va + tlb.writeAddend[i];
        return hart.mmu.translate(hart, va, access);
    }

    /** Executes a load. @return false after a trap */
    boolean load(int op, long in, long[] regs) {
        long va = regs[Packed.rs1(in)] + Packed.imm(in);
        int size = size(op);
        int first = Math.min(size, PAGE - (int) (va & PAGE - 1));
        long host = translate(va, Vmspaces.READ);
        if (host == 0) return false;
        long raw;
        if (first == size) {
            raw = read(host, size);
        } else {
            long rest = translate(va + first, Vmspaces.READ);
            if (rest == 0) return false;
            raw = readBytes(host, first) | readBytes(rest, size - first) << 8 * first;
        }
        regs[Packed.rd(in)] = extend(op, raw);
        return true;
    }

    /** Executes a store; one that traps has written nothing. @return false after a trap */
    boolean store(int op, long in, long[] regs) {
        long va = regs[Packed.rs1(in)] + Packed.imm(in);
        long value = regs[Packed.rs2(in)];
        int size = size(op);
        int first = Math.min(size, PAGE - (int) (va & PAGE - 1));
        long host = translate(va, Vmspaces.WRITE);
        if (host == 0) return false;
        if (first == size) {
            write(host, value, size);
            return true;
        }
        long rest = translate(va + first, Vmspaces.WRITE);
        if (rest == 0) return false;
        writeBytes(host, value, first);
        writeBytes(rest, value >>> 8 * first, size - first);
        return true;
    }

    private static int size(int op) {
        return switch (op) {
            case Op.LB, Op.LBU, Op.SB -> 1;
            case Op.LH, Op.LHU, Op.SH -> 2;
            case Op.LW, Op.LWU, Op.FLW, Op.SW -> 4;
            default -> 8;
        };
    }

    private static long extend(int op, long raw) {
        return switch (op) {
            case Op.LB -> (byte) raw;
            case Op.LH -> (short) raw;
            case Op.LW -> (int) raw;
            case Op.LBU -> raw & 0xFF;
            case Op.LHU -> raw & 0xFFFF;
            case Op.LWU -> raw & 0xFFFF_FFFFL;
            case Op.FLW -> raw | -1L << 32;
            default -> raw;
        };
    }

    /** One access of the given size, so that an aligned one is atomic. */
    private static long read(long host, int size) {
        return switch (size) {
            case 1 -> Memory.getByte(host);
            case 2 -> Memory.getShort(host);
            case 4 -> Memory.getInt(host);
            default -> Memory.getLong(host);
        };
    }

    private static void write(long host, long value, int size) {
        switch (size) {
            case 1 -> Memory.putByte(host, (byte) value);
            case 2 -> Memory.putShort(host, (short) value);
            case 4 -> Memory.putInt(host, (int) value);
            default -> Memory.putLong(host, value);
        }
    }

    private static long readBytes(long host, int count) {
        long raw = 0;
        for (int i = count - 1; i >= 0; i--) raw = raw << 8 | Memory.getByte(host + i) & 0xFF;
        return raw;
    }

    private static void writeBytes(long host, long value, int count) {
        for (int i = 0; i < count; i++) Memory.putByte(host + i, (byte) (value >>> 8 * i));
    }
}
