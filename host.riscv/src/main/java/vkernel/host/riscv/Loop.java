package vkernel.host.riscv;

import org.jspecify.annotations.Nullable;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Tlb;

/**
 * The interpreter's inner loop. It runs decoded code until it meets an empty slot, code that is not ready, a used-up
 * limit, somebody who wants the hart's attention, or a trap.
 *
 * <p>HotSpot compiles no method of 8,000 bytecodes or more: what is rare or long is in {@link Core#rare}.
 */
final class Loop {
    private static final int SLOTS = DecodedPage.SLOTS;

    private Loop() {}

    /**
     * Runs {@code core.code} from {@code core.pc}, and leaves the pc at the next instruction (after a trap, at the one
     * that trapped) and {@code hart.retired} right.
     *
     * @return false after a trap
     */
    static boolean run(Core core) {
        final Hart hart = core.hart;
        final long[] r = hart.regs;
        final Tlb tlb = hart.tlb;
        final long[] readable = tlb.read;
        final long[] readAddend = tlb.readAddend;
        final long[] writable = tlb.write;
        final long[] writeAddend = tlb.writeAddend;
        final long limit = core.limit;
        long[] code = core.code;
        long page = core.pc & -4096L;
        int at = Core.slot(core.pc);
        long retired = hart.retired;
        boolean trapped = false;

        run:
        while (true) {
            final long in = code[at];
            cross: {
                jump: {
                    rare: {
                        switch (Packed.op(in)) {
                            case Op.FETCH:
                                break run;
                            case Op.NEXT_PAGE:
                                page += 4096;
                                at -= SLOTS;
                                break cross;
                            case Op.LI:
                                r[Packed.rd(in)] = Packed.imm(in);
                                break;
                            case Op.AUIPC:
                                r[Packed.rd(in)] = page + 2L * at + Packed.imm(in);
                                break;

                            case Op.JAL:
                                r[Packed.rd(in)] = page + 2L * (at + Packed.halfWords(in));
                                break jump;
                            case Op.JALR: {
                                long target = r[Packed.rs1(in)] + Packed.imm(in);
                                r[Packed.rd(in)] = page + 2L * (at + Packed.halfWords(in));
                                retired++;
                                at = Core.slot(target);
                                long there = target & -4096L;
                                if (there != page) {
                                    page = there;
                                    break cross;
                                }
                                if (retired >= limit || hart.attention() != 0) break run;
                                continue run;
                            }
                            case Op.BEQ:
                                if (r[Packed.rs1(in)] == r[Packed.rs2(in)]) break jump;
                                break;
                            case Op.BNE:
                                if (r[Packed.rs1(in)] != r[Packed.rs2(in)]) break jump;
                                break;
                            case Op.BLT:
                                if (r[Packed.rs1(in)] < r[Packed.rs2(in)]) break jump;
                                break;
                            case Op.BGE:
                                if (r[Packed.rs1(in)] >= r[Packed.rs2(in)]) break jump;
                                break;
                            case Op.BLTU:
                                if (Long.compareUnsigned(r[Packed.rs1(in)], r[Packed.rs2(in)]) < 0) break jump;
                                break;
                            case Op.BGEU:
                                if (Long.compareUnsigned(r[Packed.rs1(in)], r[Packed.rs2(in)]) >= 0) break jump;
                                break;

                            // A TLB entry of the first byte's index that names the last byte's page: a hit that does
                            // not cross pages, in one comparison.
                            case Op.LB: {
                                long va = r[Packed.rs1(in)] + Packed.imm(in);
                                int i = Tlb.index(va);
                                if (readable[i] != va >>> 12) break rare;
                                r[Packed.rd(in)] = Memory.getByte(va + readAddend[i]);
                                break;
                            }
                            case Op.LH: {
                                long va = r[Packed.rs1(in)] + Packed.imm(in);
                                int i = Tlb.index(va);
                                if (readable[i] != va + 1 >>> 12) break rare;
                                r[Packed.rd(in)] = Memory.getShort(va + readAddend[i]);
                                break;
                            }
                            case Op.LW: {
                                long va = r[Packed.rs1(in)] + Packed.imm(in);
                                int i = Tlb.index(va);
                                if (readable[i] != va + 3 >>> 12) break rare;
                                r[Packed.rd(in)] = Memory.getInt(va + readAddend[i]);
                                break;
                            }
                            case Op.LD: {
                                long va = r[Packed.rs1(in)] + Packed.imm(in);
                                int i = Tlb.index(va);
                                if (readable[i] != va + 7 >>> 12) break rare;
                                r[Packed.rd(in)] = Memory.getLong(va + readAddend[i]);
                                break;
                            }
                            case Op.LBU: {
                                long va = r[Packed.rs1(in)] + Packed.imm(in);
                                int i = Tlb.index(va);
                                if (readable[i] != va >>> 12) break rare;
                                r[Packed.rd(in)] = Memory.getByte(va + readAddend[i]) & 0xFF;
                                break;
                            }
                            case Op.LHU: {
                                long va = r[Packed.rs1(in)] + Packed.imm(in);
                                int i = Tlb.index(va);
                                if (readable[i] != va + 1 >>> 12) break rare;
                                r[Packed.rd(in)] = Memory.getShort(va + readAddend[i]) & 0xFFFF;
                                break;
                            }
                            case Op.LWU: {
                                long va = r[Packed.rs1(in)] + Packed.imm(in);
                                int i = Tlb.index(va);
                                if (readable[i] != va + 3 >>> 12) break rare;
                                r[Packed.rd(in)] = Memory.getInt(va + readAddend[i]) & 0xFFFF_FFFFL;
                                break;
                            }
                            case Op.FLW: {
                                long va = r[Packed.rs1(in)] + Packed.imm(in);
                                int i = Tlb.index(va);
                                if (readable[i] != va + 3 >>> 12) break rare;
                                r[Packed.rd(in)] = Memory.getInt(va + readAddend[i]) | -1L << 32;
                                break;
                            }
                            case Op.SB: {
                                long va = r[Packed.rs1(in)] + Packed.imm(in);
                                int i = Tlb.index(va);
                                if (writable[i] != va >>> 12) break rare;
                                Memory.putByte(va + writeAddend[i], (byte) r[Packed.rs2(in)]);
                                break;
                            }
                            case Op.SH: {
                                long va = r[Packed.rs1(in)] + Packed.imm(in);
                                int i = Tlb.index(va);
                                if (writable[i] != va + 1 >>> 12) break rare;
                                Memory.putShort(va + writeAddend[i], (short) r[Packed.rs2(in)]);
                                break;
                            }
                            case Op.SW: {
                                long va = r[Packed.rs1(in)] + Packed.imm(in);
                                int i = Tlb.index(va);
                                if (writable[i] != va + 3 >>> 12) break rare;
                                Memory.putInt(va + writeAddend[i], (int) r[Packed.rs2(in)]);
                                break;
                            }
                            case Op.SD: {
                                long va = r[Packed.rs1(in)] + Packed.imm(in);
                                int i = Tlb.index(va);
                                if (writable[i] != va + 7 >>> 12) break rare;
                                Memory.putLong(va + writeAddend[i], r[Packed.rs2(in)]);
                                break;
                            }

                            case Op.ADDI:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] + Packed.imm(in);
                                break;
                            case Op.MV:
                                r[Packed.rd(in)] = r[Packed.rs1(in)];
                                break;
                            case Op.SLTI:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] < Packed.imm(in) ? 1 : 0;
                                break;
                            case Op.SLTIU:
                                r[Packed.rd(in)] =
                                        Long.compareUnsigned(r[Packed.rs1(in)], Packed.imm(in)) < 0 ? 1 : 0;
                                break;
                            case Op.XORI:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] ^ Packed.imm(in);
                                break;
                            case Op.ORI:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] | Packed.imm(in);
                                break;
                            case Op.ANDI:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] & Packed.imm(in);
                                break;
                            case Op.SLLI:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] << Packed.imm(in);
                                break;
                            case Op.SRLI:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] >>> Packed.imm(in);
                                break;
                            case Op.SRAI:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] >> Packed.imm(in);
                                break;
                            case Op.ADD:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] + r[Packed.rs2(in)];
                                break;
                            case Op.SUB:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] - r[Packed.rs2(in)];
                                break;
                            case Op.SLL:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] << r[Packed.rs2(in)];
                                break;
                            case Op.SLT:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] < r[Packed.rs2(in)] ? 1 : 0;
                                break;
                            case Op.SLTU:
                                r[Packed.rd(in)] =
                                        Long.compareUnsigned(r[Packed.rs1(in)], r[Packed.rs2(in)]) < 0 ? 1 : 0;
                                break;
                            case Op.XOR:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] ^ r[Packed.rs2(in)];
                                break;
                            case Op.SRL:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] >>> r[Packed.rs2(in)];
                                break;
                            case Op.SRA:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] >> r[Packed.rs2(in)];
                                break;
                            case Op.OR:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] | r[Packed.rs2(in)];
                                break;
                            case Op.AND:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] & r[Packed.rs2(in)];
                                break;
                            case Op.ADDIW:
                                r[Packed.rd(in)] = (int) r[Packed.rs1(in)] + Packed.imm(in);
                                break;
                            case Op.SLLIW:
                                r[Packed.rd(in)] = (int) r[Packed.rs1(in)] << Packed.imm(in);
                                break;
                            case Op.SRLIW:
                                r[Packed.rd(in)] = (int) r[Packed.rs1(in)] >>> Packed.imm(in);
                                break;
                            case Op.SRAIW:
                                r[Packed.rd(in)] = (int) r[Packed.rs1(in)] >> Packed.imm(in);
                                break;
                            case Op.ADDW:
                                r[Packed.rd(in)] = (int) r[Packed.rs1(in)] + (int) r[Packed.rs2(in)];
                                break;
                            case Op.SUBW:
                                r[Packed.rd(in)] = (int) r[Packed.rs1(in)] - (int) r[Packed.rs2(in)];
                                break;
                            case Op.SLLW:
                                r[Packed.rd(in)] = (int) r[Packed.rs1(in)] << (int) r[Packed.rs2(in)];
                                break;
                            case Op.SRLW:
                                r[Packed.rd(in)] = (int) r[Packed.rs1(in)] >>> (int) r[Packed.rs2(in)];
                                break;
                            case Op.SRAW:
                                r[Packed.rd(in)] = (int) r[Packed.rs1(in)] >> (int) r[Packed.rs2(in)];
                                break;
                            case Op.MUL:
                                r[Packed.rd(in)] = r[Packed.rs1(in)] * r[Packed.rs2(in)];
                                break;
                            case Op.MULH:
                                r[Packed.rd(in)] = Math.multiplyHigh(r[Packed.rs1(in)], r[Packed.rs2(in)]);
                                break;
                            case Op.MULHSU: {
                                long a = r[Packed.rs1(in)];
                                long b = r[Packed.rs2(in)];
                                r[Packed.rd(in)] = Math.multiplyHigh(a, b) + (b >> 63 & a);
                                break;
                            }
                            case Op.MULHU:
                                r[Packed.rd(in)] = Math.unsignedMultiplyHigh(r[Packed.rs1(in)], r[Packed.rs2(in)]);
                                break;
                            case Op.MULW:
                                r[Packed.rd(in)] = (int) r[Packed.rs1(in)] * (int) r[Packed.rs2(in)];
                                break;
                            case Op.FENCE_I:
                                at += Packed.halfWords(in);
                                retired++;
                                break run;
                            default:
                                break rare;
                        }
                        at += Packed.halfWords(in);
                        retired++;
                        continue run;
                    }
                    hart.retired = retired;
                    if (!core.rare(in)) {
                        trapped = true;
                        break run;
                    }
                    at += Packed.halfWords(in);
                    retired++;
                    continue run;
                }
                retired++;
                at += Packed.imm(in);
                if ((at & -SLOTS) == 0) {
                    if (retired >= limit || hart.attention() != 0) break run;
                    continue run;
                }
                page += 2L * (at & -SLOTS);
                at &= SLOTS - 1;
            }
            if (retired >= limit || hart.attention() != 0) break run;
            @Nullable DecodedPage next = core.ready(page + 2L * at);
            if (next == null) break run;
            code = next.code;
        }
        core.pc = page + 2L * at;
        hart.retired = retired;
        return !trapped;
    }
}
