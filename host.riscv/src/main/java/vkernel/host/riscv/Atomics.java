package vkernel.host.riscv;

import vkernel.host.Vmspaces;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Trap;

/**
 * The A extension on real memory: atomic between harts and with the kernel. {@code sc} compares the memory with what
 * {@code lr} loaded, so it also succeeds when the value changed and changed back (as QEMU does). Hart thread only.
 */
final class Atomics {
    private final Hart hart;
    private final Access access;

    Atomics(Hart hart, Access access) {
        this.hart = hart;
        this.access = access;
    }

    /** Executes an instruction of the A extension. @return false after a trap */
    boolean execute(int op, long in, long[] regs) {
        long va = regs[Packed.rs1(in)];
        boolean wide = (op & 1) != 0;
        boolean loads = op == Op.LR_W || op == Op.LR_D;
        int kind = loads ? Vmspaces.READ : Vmspaces.WRITE;
        if ((va & (wide ? 7 : 3)) != 0) return misaligned(va, kind);
        boolean stores = op == Op.SC_W || op == Op.SC_D;
        if (stores && !reserved(va, wide)) {
            regs[Packed.rd(in)] = 1;
            return true;
        }
        long host = access.translate(va, kind);
        if (host == 0) return false;
        long value = regs[Packed.rs2(in)];
        if (loads) regs[Packed.rd(in)] = reserve(va, host, wide);
        else if (stores) regs[Packed.rd(in)] = storeConditional(host, value, wide) ? 0 : 1;
        else regs[Packed.rd(in)] = wide ? updateLong(op, host, value) : updateInt(op, host, (int) value);
        return true;
    }

    private boolean misaligned(long va, int kind) {
        hart.trap = Trap.MISALIGNED;
        hart.trapAddress = va;
        hart.trapAccess = kind;
        return false;
    }

    /** Whether the hart has reserved exactly this word; every sc ends the reservation, but not one that faults. */
    private boolean reserved(long va, boolean wide) {
        if (hart.reservation == (wide ? va | 1 : va)) return true;
        hart.reservation = -1;
        return false;
    }

    private long reserve(long va, long host, boolean wide) {
        hart.reservedValue = wide ? Memory.getLongVolatile(host) : Memory.getIntVolatile(host);
        hart.reservation = wide ? va | 1 : va;
        return hart.reservedValue;
    }

    private boolean storeConditional(long host, long value, boolean wide) {
        hart.reservation = -1;
        return wide
                ? Memory.compareAndSetLong(host, hart.reservedValue, value)
                : Memory.compareAndSetInt(host, (int) hart.reservedValue, (int) value);
    }

    private static long updateLong(int op, long host, long value) {
        if (op == Op.AMOADD_D) return Memory.getAndAddLong(host, value);
        if (op == Op.AMOSWAP_D) return Memory.getAndSetLong(host, value);
        while (true) {
            long old = Memory.getLongVolatile(host);
            if (Memory.compareAndSetLong(host, old, combined(op - 1, old, value))) return old;
        }
    }

    private static long updateInt(int op, long host, int value) {
        if (op == Op.AMOADD_W) return Memory.getAndAddInt(host, value);
        if (op == Op.AMOSWAP_W) return Memory.getAndSetInt(host, value);
        while (true) {
            int old = Memory.getIntVolatile(host);
            if (Memory.compareAndSetInt(host, old, (int) combined(op, old, value))) return old;
        }
    }

    /** The new value; both are sign-extended, which keeps the order of unsigned numbers too. */
    private static long combined(int op, long old, long value) {
        return switch (op) {
            case Op.AMOXOR_W -> old ^ value;
            case Op.AMOAND_W -> old & value;
            case Op.AMOOR_W -> old | value;
            case Op.AMOMIN_W -> Math.min(old, value);
            case Op.AMOMAX_W -> Math.max(old, value);
            case Op.AMOMINU_W -> Long.compareUnsigned(old, value) < 0 ? old : value;
            default -> Long.compareUnsigned(old, value) > 0 ? old : value;
        };
    }
}
