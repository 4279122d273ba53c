package vkernel.host.riscv.jit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Without;

/**
 * What a region must load and what its exits must store: registers that may be written ({@code dirty}, forwards) and
 * registers whose value is needed ({@code live}, backwards). An exit needs every dirty register, so that the register
 * file is whole there. A call stores them all, and what is live behind it is loaded again.
 */
final class Flow {
    private final List<Block> blocks;

    private Flow(List<Block> blocks) {
        this.blocks = blocks;
    }

    /** Fills in {@link Block#dirtyIn} and {@link Block#liveIn}. */
    static void analyse(List<Block> blocks) {
        Flow flow = new Flow(blocks);
        while (flow.dirty()) {}
        while (flow.live()) {}
    }

    private boolean dirty() {
        boolean changed = false;
        for (Block b : blocks) {
            long out = b.calls() ? 0 : dirtyOut(b);
            changed |= reach(b.next, out) | reach(b.taken, out);
            for (Block to : b.targets) changed |= reach(to, out);
        }
        return changed;
    }

    private static boolean reach(@Nullable Block to, long dirty) {
        if (to == null || (dirty & ~to.dirtyIn) == 0) return false;
        to.dirtyIn |= dirty;
        return true;
    }

    private boolean live() {
        boolean changed = false;
        for (Block b : blocks.reversed()) {
            long live = liveAtStart(b);
            changed |= live != b.liveIn;
            b.liveIn = live;
        }
        return changed;
    }

    private static long liveAtStart(Block b) {
        long live = liveAtEnd(b);
        long[] dirty = dirtyBefore(b);
        for (int i = b.body.size() - 1; i >= 0; i--) {
            Insn insn = b.body.get(i);
            live = live & ~insn.writes() | insn.reads();
            if (!Without.TRAPS && mayLeave(insn)) live |= dirty[i];
        }
        return live;
    }

    /** What is needed before each instruction of a block by the code behind it, whatever may leave in between. */
    static Map<Long, Long> neededBefore(Block b) {
        Map<Long, Long> needed = new HashMap<>();
        long live = liveAtEnd(b);
        for (Insn insn : b.body.reversed()) {
            live = live & ~insn.writes() | insn.reads();
            needed.put(insn.va(), live);
        }
        return needed;
    }

    private static long liveAtEnd(Block b) {
        long out = dirtyOut(b);
        if (b.calls()) return out;
        long live = 0;
        // A jump backwards may leave, to answer who wants the hart's attention.
        if (leavesTo(b, b.next)) live |= out;
        if (leavesTo(b, b.taken)) live |= out;
        if (b.next != null) live |= b.next.liveIn;
        if (b.taken != null) live |= b.taken.liveIn;
        for (Block to : b.targets) live |= to.liveIn;
        return live;
    }

    private static boolean leavesTo(Block b, @Nullable Block to) {
        return to == null || !Without.TRAPS && to.start <= b.start;
    }

    /** Whether an instruction can leave the region before it is done. */
    static boolean mayLeave(Insn insn) {
        return insn.memory() || insn.atomic() || insn.floating() || Translatable.no(insn);
    }

    static long dirtyOut(Block b) {
        long dirty = b.dirtyIn;
        for (Insn insn : b.body) dirty |= insn.writes();
        return dirty;
    }

    /** The dirty registers before each instruction. */
    static long[] dirtyBefore(Block b) {
        long[] dirty = new long[b.body.size()];
        long now = b.dirtyIn;
        for (int i = 0; i < dirty.length; i++) {
            dirty[i] = now;
            now |= b.body.get(i).writes();
        }
        return dirty;
    }
}
