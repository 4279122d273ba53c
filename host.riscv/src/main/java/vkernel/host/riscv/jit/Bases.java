package vkernel.host.riscv.jit;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/**
 * Which registers hold addresses that differ by a constant: each value is an unknown one, its origin, plus an offset.
 * Within a block it is followed instruction by instruction; between blocks what holds on all ways is kept, so that the
 * pointers of an unrolled loop are known to be one.
 */
final class Bases {
    private static final int REGISTERS = 32;
    /** Offsets beyond are not followed. */
    private static final int FAR = 1 << 20;

    /** A register's value as an unknown value plus a constant. */
    record Value(int origin, int offset) {}

    private final Value[] values;
    private int origins = REGISTERS;

    private Bases(Value[] values) {
        this.values = values;
    }

    /** Nothing is known: each register is its own origin. */
    private static Value[] nothing() {
        Value[] values = new Value[REGISTERS];
        for (int slot = 0; slot < REGISTERS; slot++) values[slot] = new Value(slot, 0);
        return values;
    }

    /** What holds at the start of each block of a region. */
    static Map<Block, Bases> atStartOf(List<Block> blocks, long entry) {
        Map<Block, Value[]> known = new HashMap<>();
        for (Block b : blocks) {
            if (b.start == entry) known.put(b, nothing());
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Block b : blocks) {
                if (known.containsKey(b)) changed |= leave(b, known);
            }
        }
        Map<Block, Bases> all = new HashMap<>();
        for (Block b : blocks) all.put(b, new Bases(known.getOrDefault(b, nothing())));
        return all;
    }

    private static boolean leave(Block b, Map<Block, Value[]> known) {
        Bases end = new Bases(b.calls() ? nothing() : known.get(b).clone());
        if (!b.calls()) b.body.forEach(end::follow);
        boolean changed = reach(b.next, end.values, known) | reach(b.taken, end.values, known);
        for (Block to : b.targets) changed |= reach(to, end.values, known);
        return changed;
    }

    private static boolean reach(@Nullable Block to, Value[] values, Map<Block, Value[]> known) {
        if (to == null) return false;
        Value[] before = known.get(to);
        Value[] now = both(before == null ? values : before, values);
        known.put(to, now);
        return !Arrays.equals(before, now);
    }

    /** What two ways agree on; the origin of a value is the first register that has it. */
    private static Value[] both(Value[] a, Value[] b) {
        Value[] common = nothing();
        for (int slot = 1; slot < REGISTERS; slot++) {
            for (int first = 0; first < slot; first++) {
                int distance = a[slot].offset - a[first].offset;
                boolean same = a[slot].origin == a[first].origin && b[slot].origin == b[first].origin;
                if (!same || b[slot].offset - b[first].offset != distance || common[first].origin != first) continue;
                common[slot] = new Value(first, distance);
                break;
            }
        }
        return common;
    }

    /** The value of an integer register here. */
    Value of(int slot) {
        return values[slot];
    }

    /** Goes on behind an instruction. */
    void follow(Insn insn) {
        int slot = insn.rd();
        if (insn.writes() == 0 || slot >= REGISTERS) return;
        values[slot] = result(insn);
    }

    private Value result(Insn insn) {
        boolean moves = insn.op() == Op.MV && insn.rs1() < REGISTERS;
        if (insn.op() == Op.ADDI || moves) {
            Value source = values[insn.rs1()];
            long offset = (long) source.offset + (moves ? 0 : insn.imm());
            if (Math.abs(offset) < FAR) return new Value(source.origin, (int) offset);
        }
        return new Value(origins++, 0);
    }
}
