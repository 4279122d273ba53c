package vkernel.host.riscv.jit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/**
 * Where the loops of some code begin: the places that a walk in depth meets again while it is still behind them. Of a
 * loop with several entries it is the one that is met first.
 */
final class LoopHeads {
    private final Text text;
    private final int most;
    private final Set<Long> heads = new HashSet<>();
    /** Instructions met: true while the walk is behind them. */
    private final Map<Long, Boolean> met = new HashMap<>();

    private LoopHeads(Text text, int most) {
        this.text = text;
        this.most = most;
    }

    /** @param most instructions to look at */
    static Set<Long> of(Text text, long entry, int most) {
        LoopHeads walk = new LoopHeads(text, most);
        walk.from(entry);
        return walk.heads;
    }

    private void from(long start) {
        Set<Long> here = new HashSet<>();
        long va = start;
        while (true) {
            Boolean before = met.get(va);
            if (Boolean.TRUE.equals(before)) heads.add(va);
            Insn insn = before != null || met.size() >= most ? null : text.at(va);
            if (insn == null) break;
            met.put(va, true);
            here.add(va);
            if (insn.branch()) from(insn.target());
            boolean jumps = insn.op() == Op.JAL && insn.writes() == 0;
            if (ends(insn)) break;
            va = jumps ? insn.target() : insn.next();
        }
        for (long done : here) met.put(done, false);
    }

    /** Whether nothing is behind it that the walk can see; behind a call the code goes on. */
    private static boolean ends(Insn insn) {
        return insn.op() == Op.JALR && insn.writes() == 0 || insn.op() != Op.JAL && Translatable.no(insn);
    }
}
