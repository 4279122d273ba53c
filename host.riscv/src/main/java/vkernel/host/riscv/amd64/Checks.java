package vkernel.host.riscv.amd64;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/**
 * Which accesses of a block are checked together: those by one base register that differs by constants from one to the
 * other. The first one's check is for all.
 */
final class Checks {
    /** Bytes that accesses checked together may be apart. */
    private static final int SPAN = 512;

    /**
     * What is checked before an access.
     *
     * @param least first byte, from what the base register holds there
     * @param most last byte
     */
    record Range(int least, int most, boolean write) {}

    private final @Nullable Range[] ranges;

    Checks(List<Insn> insns) {
        ranges = new @Nullable Range[insns.size()];
        boolean[] covered = new boolean[insns.size()];
        for (int i = 0; i < ranges.length; i++) {
            if (!covered[i] && insns.get(i).memory()) ranges[i] = gather(insns, i, covered);
        }
    }

    /** What is to be checked before an instruction, or null. */
    @Nullable
    Range before(int index) {
        return ranges[index];
    }

    private static Range gather(List<Insn> insns, int first, boolean[] covered) {
        Insn leader = insns.get(first);
        int base = leader.rs1();
        boolean write = leader.store() || storesSurely(insns, first);
        int least = leader.imm();
        int most = least + leader.size() - 1;
        int moved = 0;
        for (int i = first; i < insns.size(); i++) {
            Insn insn = insns.get(i);
            int from = Math.min(least, insn.imm() + moved);
            int to = Math.max(most, insn.imm() + moved + insn.size() - 1);
            boolean fits = insn.memory() && insn.rs1() == base && (write || insn.load()) && to - from < SPAN;
            if (fits && !covered[i]) {
                least = from;
                most = to;
                covered[i] = true;
            }
            if (insn.op() == Op.ADDI && insn.rd() == base && insn.rs1() == base) moved += insn.imm();
            else if (insn.writes() == Insn.bit(base)) break;
        }
        return new Range(least, most, write);
    }

    /** Whether what is loaded is stored to before the block can be left: then it is checked once, for both. */
    private static boolean storesSurely(List<Insn> insns, int first) {
        int base = insns.get(first).rs1();
        for (int i = first; i < insns.size() && !insns.get(i).branch(); i++) {
            Insn insn = insns.get(i);
            if (insn.store() && insn.rs1() == base) return true;
            if (insn.writes() == Insn.bit(base)) return false;
        }
        return false;
    }
}
