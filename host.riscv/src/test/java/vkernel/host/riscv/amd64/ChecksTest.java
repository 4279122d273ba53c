package vkernel.host.riscv.amd64;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;
import vkernel.host.riscv.Packed;

/**
 * No access of machine code is without a check: what keeps a guest in its memory. Random blocks, in which base registers
 * move by constants, are copied, loaded and computed; to repeat a run, give its seed: {@code -Dvkernel.seed=N}.
 */
class ChecksTest {
    private static final long SEED = Long.getLong("vkernel.seed", System.nanoTime());
    private static final int BLOCKS = 20_000;
    private static final int REGISTERS = 5;
    private static final int[] LOADS = {Op.LB, Op.LHU, Op.LW, Op.LD};
    private static final int[] STORES = {Op.SB, Op.SH, Op.SW, Op.SD};

    /** Bytes from what a register held when it was last set otherwise than by adding a constant to itself. */
    private record Checked(int origin, long least, long most, boolean write) {
        boolean covers(Checked access) {
            return origin == access.origin && least <= access.least && most >= access.most && (write || !access.write);
        }
    }

    private final Random random = new Random(SEED);

    @Test
    void everyAccessIsCoveredByACheckOfTheSameBase() {
        for (int i = 0; i < BLOCKS; i++) {
            List<Insn> block = block();
            assertThat(uncovered(block))
                    .as("seed %d, block %d: %s", SEED, i, block)
                    .isNull();
        }
    }

    private List<Insn> block() {
        List<Insn> insns = new ArrayList<>();
        long va = 0x10000;
        for (int i = 0; i < 24; i++) {
            insns.add(new Insn(va, Packed.complete(random(), operation, 2)));
            va += 4;
        }
        return insns;
    }

    /** Of the operands that {@link #random} gave last. */
    private int operation;

    private long random() {
        int rd = 10 + random.nextInt(REGISTERS);
        int rs1 = 10 + random.nextInt(REGISTERS);
        int imm = random.nextInt(4) == 0 ? random.nextInt(-2048, 2048) : random.nextInt(-64, 64);
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> operation = LOADS[random.nextInt(LOADS.length)];
            case 3, 4 -> {
                operation = STORES[random.nextInt(STORES.length)];
                return Packed.operands(0, rs1, rd, imm);
            }
            case 5 -> {
                operation = Op.ADDI;
                if (random.nextBoolean()) rd = rs1;
            }
            case 6 -> {
                operation = Op.BEQ;
                return Packed.operands(0, rs1, rd, 64);
            }
            default -> operation = random.nextBoolean() ? Op.MV : Op.ADD;
        }
        return Packed.operands(rd, rs1, rd, imm);
    }

    /** An instruction that accesses what was not checked, or null. */
    private static Insn uncovered(List<Insn> block) {
        Checks checks = new Checks(block);
        int[] origins = new int[32];
        long[] moved = new long[32];
        int last = 0;
        for (int i = 0; i < 32; i++) origins[i] = last++;
        List<Checked> done = new ArrayList<>();
        for (int i = 0; i < block.size(); i++) {
            Insn insn = block.get(i);
            int base = insn.rs1();
            Checks.Range range = checks.before(i);
            if (range != null) {
                done.add(new Checked(
                        origins[base], moved[base] + range.least(), moved[base] + range.most(), range.write()));
            }
            if (insn.memory()) {
                long from = moved[base] + insn.imm();
                Checked access = new Checked(origins[base], from, from + insn.size() - 1, insn.store());
                if (done.stream().noneMatch(one -> one.covers(access))) return insn;
            }
            if (insn.op() == Op.ADDI && insn.rd() == base) {
                moved[base] += insn.imm();
            } else if (insn.writes() != 0) {
                origins[insn.rd()] = last++;
                moved[insn.rd()] = 0;
            }
        }
        return null;
    }
}
