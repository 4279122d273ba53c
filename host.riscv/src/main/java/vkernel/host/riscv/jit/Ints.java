package vkernel.host.riscv.jit;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/**
 * Which registers surely hold a sign-extended 32-bit value: operations on them can be written as the JVM's on ints, in
 * which HotSpot finds rotations and saves extensions. Sets of registers are bits of a long, as in {@link Insn}.
 */
final class Ints {
    private Ints() {}

    /**
     * Fills in {@link Block#intsIn}: what holds on every way to a block.
     *
     * @param guess registers that held such values where the region begins, when somebody looked; of those the region
     *     demands the ones that it goes on to write as ints, if it comes back to where it begins: its prologue asks
     */
    static void analyse(List<Block> blocks, long entry, long guess) {
        long first = comesBack(blocks, entry) ? guess & written(blocks) : 0;
        for (Block b : blocks) b.intsIn = b.start == entry ? first : -1L;
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Block b : blocks) {
                long out = b.calls() ? 0 : b.intsIn;
                if (!b.calls()) for (Insn i : b.body) out = after(i, out);
                changed |= reach(b.next, out) | reach(b.taken, out);
                for (Block to : b.targets) changed |= reach(to, out);
            }
        }
        for (Block b : blocks) if (b.intsIn == -1L) b.intsIn = 0; // no way leads to it
    }

    private static boolean comesBack(List<Block> blocks, long entry) {
        return blocks.stream()
                .anyMatch(b -> b.next != null && b.next.start == entry || b.taken != null && b.taken.start == entry);
    }

    /** Registers that some instruction may make ints. */
    private static long written(List<Block> blocks) {
        long set = 0;
        for (Block b : blocks) {
            for (Insn i : b.body) {
                if (makes(i, -1L)) set |= i.writes();
            }
        }
        return set;
    }

    /** The registers of a file that hold such values now. */
    static long in(long[] regs) {
        long set = 0;
        for (int slot = 1; slot < Integer.SIZE; slot++) {
            if (regs[slot] == (int) regs[slot]) set |= 1L << slot;
        }
        return set;
    }

    private static boolean reach(@Nullable Block to, long ints) {
        if (to == null || (to.intsIn & ~ints) == 0) return false;
        to.intsIn &= ints;
        return true;
    }

    static boolean is(long ints, int slot) {
        return slot == 0 || slot < Long.SIZE && (ints >>> slot & 1) != 0;
    }

    /** The set after an instruction. */
    static long after(Insn i, long ints) {
        long written = i.writes();
        return makes(i, ints) ? ints | written : ints & ~written;
    }

    private static boolean makes(Insn i, long ints) {
        boolean first = is(ints, i.rs1());
        return switch (i.op()) {
            case Op.LI, Op.LB, Op.LH, Op.LW, Op.LBU, Op.LHU -> true;
            case Op.SLT, Op.SLTU, Op.SLTI, Op.SLTIU -> true;
            case Op.ADDIW, Op.SLLIW, Op.SRLIW, Op.SRAIW -> true;
            case Op.ADDW, Op.SUBW, Op.SLLW, Op.SRLW, Op.SRAW, Op.MULW -> true;
            case Op.DIVW, Op.DIVUW, Op.REMW, Op.REMUW -> true;
            case Op.MV -> first && i.rd() < Integer.SIZE; // it is also how bits get into a register of floats
            case Op.XORI, Op.ORI, Op.SRA -> first;
            case Op.ANDI -> first || i.imm() >= 0;
            case Op.SRAI -> first || i.imm() >= Integer.SIZE;
            case Op.SRLI -> i.imm() > Integer.SIZE;
            case Op.AND, Op.OR, Op.XOR -> first && is(ints, i.rs2());
            default -> false;
        };
    }
}
