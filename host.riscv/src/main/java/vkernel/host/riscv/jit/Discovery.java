package vkernel.host.riscv.jit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/**
 * Finds the blocks of a region: what direct jumps and branches reach from its entry, in the order in which they reach
 * it, until there is enough. Calls are not followed; what is behind them is part of the region. Code that was never
 * met is not: whoever gets there leaves.
 */
final class Discovery {
    /** Registers in which calls leave their return address (manual: "Unconditional Jumps", the hints of jalr). */
    private static final int RA = 1;

    private static final int T0 = 5;
    /** Instructions at the end of a block that may be there again at the end of another. */
    private static final int COPIED = 32;

    /** Instructions of a region that may be those of other regions too; behind them it ends where another begins. */
    private static final int SHARED = 48;

    private final Text text;
    private final @Nullable Region before;
    private final int most;
    private final Hints hints;
    private final TreeMap<Long, Block> blocks = new TreeMap<>();
    private final ArrayDeque<Long> waiting = new ArrayDeque<>();
    private final Map<Long, Block> owner = new HashMap<>();
    private final Set<Long> behindCalls = new HashSet<>();
    private Set<Long> heads = Set.of();

    private long entry;
    private int count;

    /**
     * @param most instructions at most, about
     * @param before the region that is made anew
     */
    Discovery(Text text, int most, Hints hints, @Nullable Region before) {
        this.text = text;
        this.before = before;
        this.hints = hints;
        this.most = most;
    }

    /** The blocks by address; empty when there is nothing at the entry. */
    List<Block> from(long entry) {
        this.entry = entry;
        heads = LoopHeads.of(text, entry, most);
        waiting.add(entry);
        while (!waiting.isEmpty() && count < most) visit(waiting.poll());
        if (!blocks.containsKey(entry)) return List.of();
        blocks.values().forEach(this::connect);
        return new ArrayList<>(blocks.values());
    }

    private void visit(long start) {
        if (blocks.containsKey(start) || start != entry && !behindCalls.contains(start) && others(start)) return;
        Block around = owner.get(start);
        if (around != null && (heads.contains(start) || !worthCopying(around, start))) {
            split(around, start);
            return;
        }
        Block block = new Block(start);
        long va = start;
        while (true) {
            boolean stop = count >= most || va != start && (known(va) || others(va));
            Insn insn = stop ? null : text.at(va);
            if (insn == null) {
                block.nextVa = va;
                break;
            }
            block.body.add(insn);
            owner.putIfAbsent(va, block);
            count++;
            va = insn.next();
            if (goesOnBehind(insn)) va = insn.target();
            else if (ends(block, insn)) break;
        }
        if (block.body.isEmpty()) return;
        blocks.put(start, block);
        if (block.end == Block.End.FALL && owner.containsKey(block.nextVa)) waiting.addFirst(block.nextVa);
    }

    /** Whether the code at an address is of the region already, and is not to be there twice. */
    private boolean known(long va) {
        Block there = owner.get(va);
        return there != null && (heads.contains(va) || !worthCopying(there, va));
    }

    /** Whether another region begins at an address, so that this one may end. */
    private boolean others(long va) {
        if (count < SHARED || before != null && before.covers(va)) return false;
        return text.region(va) != null;
    }

    /** A few instructions are worth having twice: longer blocks, and loops with one entry. */
    private boolean worthCopying(Block block, long from) {
        int size = block.body.size();
        return size < COPIED || block.body.get(size - COPIED).va() <= from;
    }

    /** A short way forwards is part of its block. */
    private boolean goesOnBehind(Insn insn) {
        return insn.op() == Op.JAL && insn.writes() == 0 && insn.imm() > 0 && text.at(insn.target()) != null;
    }

    private boolean ends(Block block, Insn insn) {
        block.nextVa = insn.next();
        int op = insn.op();
        if (insn.branch()) {
            block.end = Block.End.BRANCH;
            block.takenVa = insn.target();
            later(block.takenVa);
            later(block.nextVa);
        } else if (op == Op.JAL) {
            boolean call = insn.rd() == RA || insn.rd() == T0;
            block.end = call ? called(insn) : Block.End.JUMP;
            block.takenVa = insn.target();
            if (call) behindCall(block.nextVa);
            else later(block.takenVa);
        } else if (op == Op.JALR) {
            block.end = indirect(insn);
            if (block.calls()) behindCall(block.nextVa);
            if (block.end == Block.End.JUMP_REGISTER) hints.targets(insn.va()).forEach(this::later);
        } else if (Translatable.no(insn)) {
            block.end = Block.End.STOP;
        } else {
            return false;
        }
        return true;
    }

    private Block.End called(Insn insn) {
        return insn.target() == entry ? Block.End.RECURSION : Block.End.CALL;
    }

    private static Block.End indirect(Insn insn) {
        if (insn.rd() == RA || insn.rd() == T0) return Block.End.CALL_REGISTER;
        boolean returns = insn.rs1() == RA || insn.rs1() == T0;
        return returns ? Block.End.RETURN : Block.End.JUMP_REGISTER;
    }

    private void behindCall(long va) {
        behindCalls.add(va);
        later(va);
    }

    private void later(long va) {
        waiting.add(va);
    }

    /** Makes a block of the second half of another. */
    private void split(Block first, long at) {
        Block second = new Block(at);
        int from = 0;
        while (first.body.get(from).va() != at) from++;
        List<Insn> tail = first.body.subList(from, first.body.size());
        second.body.addAll(tail);
        tail.clear();
        second.end = first.end;
        second.nextVa = first.nextVa;
        second.takenVa = first.takenVa;
        first.end = Block.End.FALL;
        first.nextVa = at;
        second.body.forEach(i -> owner.put(i.va(), second));
        blocks.put(at, second);
    }

    private void connect(Block block) {
        boolean goesOn = block.end == Block.End.FALL || block.end == Block.End.BRANCH || block.calls();
        if (goesOn) block.next = blocks.get(block.nextVa);
        if (block.end == Block.End.JUMP_REGISTER) {
            hints.targets(block.last().va()).stream()
                    .filter(blocks::containsKey)
                    .map(blocks::get)
                    .forEach(block.targets::add);
        }
        if (block.end == Block.End.RETURN) block.targets.addAll(behindRecursions());
        boolean jumps = switch (block.end) {
            case BRANCH, JUMP, RECURSION -> true;
            case FALL, CALL, CALL_REGISTER, RETURN, JUMP_REGISTER, STOP -> false;
        };
        if (jumps) block.taken = blocks.get(block.takenVa);
    }

    private List<Block> behindRecursions() {
        return blocks.values().stream()
                .filter(b -> b.end == Block.End.RECURSION && blocks.containsKey(b.nextVa))
                .map(b -> blocks.get(b.nextVa))
                .distinct()
                .toList();
    }
}
