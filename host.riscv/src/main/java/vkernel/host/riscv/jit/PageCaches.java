package vkernel.host.riscv.jit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import vkernel.host.riscv.Insn;

/**
 * Which checks of a region remember their page in local variables, for the next check with the same base register: a
 * loop over a table then waits for no TLB. What is remembered is forgotten at calls, because the TLB may be flushed
 * meanwhile. Caches are bits of a long: two for each base register, of loads and of stores.
 */
final class PageCaches {
    private final Map<Block, Groups> groups = new HashMap<>();
    /** Caches that may be filled when a block begins. */
    private final Map<Block, Long> filled = new HashMap<>();
    /** Caches that some check can profit from. */
    private final long useful;

    PageCaches(List<Block> blocks, long entry, Hints hints) {
        Map<Block, Bases> bases = Bases.atStartOf(blocks, entry);
        for (Block b : blocks) {
            groups.put(b, new Groups(b, bases.get(b), hints));
            filled.put(b, 0L);
        }
        while (flow(blocks)) {}
        long set = 0;
        for (Block b : blocks) set |= checkedAgain(b);
        useful = set;
    }

    Groups groups(Block block) {
        return groups.get(block);
    }

    long filledAt(Block block) {
        return filled.get(block);
    }

    long useful() {
        return useful;
    }

    /** The cache of a check. */
    static long cache(Insn first, Groups.Group group) {
        return 1L << 2 * first.rs1() + (group.stores ? 1 : 0);
    }

    private boolean flow(List<Block> blocks) {
        boolean changed = false;
        for (Block b : blocks) {
            long out = b.calls() ? 0 : filled.get(b) | checks(b);
            if (b.next != null) changed |= reach(b.next, out);
            if (b.taken != null) changed |= reach(b.taken, out);
            for (Block to : b.targets) changed |= reach(to, out);
        }
        return changed;
    }

    private boolean reach(Block to, long set) {
        long before = filled.get(to);
        filled.put(to, before | set);
        return (set & ~before) != 0;
    }

    private long checks(Block block) {
        long set = 0;
        for (int i = 0; i < block.body.size(); i++) set |= check(block, i);
        return set;
    }

    /** The cache of an instruction that checks, or 0. */
    private long check(Block block, int i) {
        Groups.Group group = groups.get(block).of(i);
        Insn insn = block.body.get(i);
        return group == null || group.first != insn.va() ? 0 : cache(insn, group);
    }

    private long checkedAgain(Block block) {
        long now = filled.get(block);
        long again = 0;
        for (int i = 0; i < block.body.size(); i++) {
            long cache = check(block, i);
            again |= now & cache;
            now |= cache;
        }
        return again;
    }
}
