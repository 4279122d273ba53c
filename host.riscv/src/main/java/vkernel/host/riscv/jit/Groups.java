package vkernel.host.riscv.jit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import vkernel.host.riscv.Insn;

/**
 * Which loads and stores of a block are checked together: those whose addresses differ by a constant. One look into the
 * TLB, at the first of them, then covers the bytes from the lowest to the highest.
 */
final class Groups {
    /** Most bytes between the ends of a group: the larger, the likelier it lies in two pages. */
    private static final int SPAN = 512;

    /** Accesses checked together. Offsets are from an unknown common value. */
    static final class Group {
        int low;
        int high;
        boolean stores;
        /** Whether it often reaches into the next page, so that a check looks there too. */
        final boolean straddles;
        /** Address of the instruction that checks. */
        final long first;
        /** Offset of its own address. */
        final int offset;
        /** Offsets of all its accesses, by the address of the instruction. */
        final Map<Long, Integer> offsets = new HashMap<>();
        /** The local with the addend or the address, once it was checked. */
        int local = -1;

        Group(Insn first, int offset, boolean straddles) {
            this.straddles = straddles;
            this.first = first.va();
            this.offset = offset;
            this.low = offset;
            this.high = offset + first.size();
            this.stores = first.store();
            offsets.put(first.va(), offset);
        }

        private boolean takes(int from, int to) {
            return Math.max(high, to) - Math.min(low, from) <= SPAN;
        }

        private void add(Insn insn, int from) {
            low = Math.min(low, from);
            high = Math.max(high, from + insn.size());
            stores |= insn.store();
            offsets.put(insn.va(), from);
        }
    }

    private final Hints hints;
    private final @Nullable Group[] groups;
    private final Map<Integer, List<Group>> byOrigin = new HashMap<>();

    /**
     * @param known of the registers at the block's start; changed
     * @param hints of accesses that must be checked by themselves
     */
    Groups(Block block, Bases known, Hints hints) {
        this.hints = hints;
        groups = new @Nullable Group[block.body.size()];
        Bases.@Nullable Value[] bases = new Bases.@Nullable Value[groups.length];
        Set<Integer> alone = new HashSet<>();
        for (int i = 0; i < groups.length; i++) {
            Insn insn = block.body.get(i);
            if (insn.memory()) {
                Bases.Value base = bases[i] = known.of(insn.rs1());
                if (hints.alone(insn.va())) alone.add(base.origin());
            }
            known.follow(insn);
        }
        for (int i = 0; i < groups.length; i++) {
            Bases.Value base = bases[i];
            if (base == null) continue;
            Insn insn = block.body.get(i);
            int offset = base.offset() + insn.imm();
            groups[i] = alone.contains(base.origin()) ? fresh(insn, offset) : join(insn, base, offset);
        }
    }

    /** Addresses at which several accesses are checked, with the number of accesses. */
    void checks(Map<Long, Integer> into) {
        for (Group g : groups) {
            if (g != null) into.merge(g.first, 1, Integer::sum);
        }
    }

    /** The group of an instruction of the block, by its number. */
    @Nullable
    Group of(int i) {
        return groups[i];
    }

    private Group fresh(Insn insn, int from) {
        return new Group(insn, from, hints.straddles(insn.va()));
    }

    private Group join(Insn insn, Bases.Value base, int from) {
        List<Group> all = byOrigin.computeIfAbsent(base.origin(), o -> new ArrayList<>());
        for (Group g : all) {
            if (!g.takes(from, from + insn.size())) continue;
            g.add(insn, from);
            return g;
        }
        Group fresh = fresh(insn, from);
        all.add(fresh);
        return fresh;
    }
}
