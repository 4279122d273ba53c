package vkernel.host.riscv;

import org.jspecify.annotations.Nullable;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Tlb;

/**
 * The interpreter's inner loop. It runs decoded code until it meets an empty slot, code that is not ready, a used-up
 * limit, somebody who wants the hart's attention, an instruction that it leaves to {@link Core#rare}, or a mark that was
 * visited often enough.
 *
 * <p>How it is written is how it becomes fast. HotSpot compiles no method of 8,000 bytecodes or more. It keeps no
 * register over a call, so there is no call in the loop but of intrinsics; a small method of ours would become a call
 * wherever the profile says "seldom". An instruction's length is told by its case and not computed from it, so that
 * the fetch of the next does not wait for the fetch of this. Operand slots are byte offsets into the register file,
 * without bounds checks: {@link Packed} has no others. That is why this one method is as long as the instruction set:
 * any way to split it puts a call on the way of every instruction.
 */
@SuppressWarnings("removal")
final class Loop {
    private static final sun.misc.Unsafe U = Memory.UNSAFE;
    private static final long BASE = Memory.LONGS;
    private static final long SLOT_BYTES = 127 << 3;
    private static final long TLB_BYTES = Tlb.ENTRIES - 1 << 3;
    /** In the immediate of a fused multiply-add the slot of rs3 is where it makes a byte offset. */
    private static final long RS3_BYTES = 127 << 3;

    private static final long SLOTS = DecodedPage.SLOTS;
    private static final long VISITS = DecodedPage.VISITS;
    private static final long PAGE_SIZE = 2 * SLOTS;

    /** High half of a NaN-boxed single. */
    private static final long BOX = -1L << 32;
    /** The rounding modes "to nearest even" and "as frm says", as bits. */
    private static final int NEAREST_EVEN = 1 << Rounding.RNE | 1 << 7;
    /** Bounds of the exponents of surely ordinary results, see {@link HostFloat}. */
    private static final long SURE_DOUBLE = HostFloat.SURE_DOUBLE;

    private static final int SURE_SINGLE = HostFloat.SURE_SINGLE;

    private Loop() {}

    /**
     * Runs {@code core.code} from {@code core.pc}; afterwards the pc is that of the next instruction and
     * {@code hart.retired} is right.
     *
     * @return whether the next instruction is one for {@link Core#rare}; {@link Core#met} is it
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
        // Modes in which the host's arithmetic can be used: "inexact" is up already. Only rare instructions change it.
        final int hostModes = HostFloat.usable(r[Registers.FCSR]) ? NEAREST_EVEN : 0;
        long[] code = core.code;
        long page = core.pc & -PAGE_SIZE;
        long at = core.pc >>> 1 & SLOTS - 1;
        long retired = hart.retired;
        boolean rare = false;

        run:
        while (true) {
            final long in = U.getLong(code, BASE + (at << 3));
            final long rd = BASE + (in >>> 7 & SLOT_BYTES);
            final long rs1 = BASE + (in >>> 14 & SLOT_BYTES);
            final long rs2 = BASE + (in >>> 21 & SLOT_BYTES);
            final long imm = in >> 32;
            int op = (int) in >>> 2 & 0xFF;
            cross:
            {
                stay:
                {
                    jump:
                    {
                        rare:
                        {
                            narrow:
                            {
                                again:
                                while (true) {
                                    switch (op) {
                                        case Op.MARK: {
                                            int visits = U.getInt(code, VISITS + (at << 2));
                                            if (visits < DecodedPage.VISIT) break rare;
                                            U.putInt(code, VISITS + (at << 2), visits - DecodedPage.VISIT);
                                            op = visits & 0xFF;
                                            continue again;
                                        }
                                        case Op.FETCH:
                                            break run;
                                        case Op.NEXT_PAGE:
                                            page += PAGE_SIZE;
                                            at -= SLOTS;
                                            break cross;
                                        case Op.LI:
                                            U.putLong(r, rd, imm);
                                            break;
                                        case Op.LI | Op.COMPRESSED:
                                            U.putLong(r, rd, imm);
                                            break narrow;
                                        case Op.AUIPC:
                                            U.putLong(r, rd, page + 2 * at + imm);
                                            break;
                                        case Op.JAL:
                                            U.putLong(r, rd, page + 2 * at + 4);
                                            break jump;
                                        case Op.JAL | Op.COMPRESSED:
                                            U.putLong(r, rd, page + 2 * at + 2);
                                            break jump;
                                        case Op.JALR: {
                                            long target = U.getLong(r, rs1) + imm;
                                            U.putLong(r, rd, page + 2 * at + 4);
                                            retired++;
                                            at = target >>> 1 & SLOTS - 1;
                                            if ((target & -PAGE_SIZE) == page) break stay;
                                            page = target & -PAGE_SIZE;
                                            break cross;
                                        }
                                        case Op.JALR | Op.COMPRESSED: {
                                            long target = U.getLong(r, rs1) + imm;
                                            U.putLong(r, rd, page + 2 * at + 2);
                                            retired++;
                                            at = target >>> 1 & SLOTS - 1;
                                            if ((target & -PAGE_SIZE) == page) break stay;
                                            page = target & -PAGE_SIZE;
                                            break cross;
                                        }
                                        case Op.BEQ:
                                            if (U.getLong(r, rs1) == U.getLong(r, rs2)) break jump;
                                            break;
                                        case Op.BEQ | Op.COMPRESSED:
                                            if (U.getLong(r, rs1) == U.getLong(r, rs2)) break jump;
                                            break narrow;
                                        case Op.BNE:
                                            if (U.getLong(r, rs1) != U.getLong(r, rs2)) break jump;
                                            break;
                                        case Op.BNE | Op.COMPRESSED:
                                            if (U.getLong(r, rs1) != U.getLong(r, rs2)) break jump;
                                            break narrow;
                                        case Op.BLT:
                                            if (U.getLong(r, rs1) < U.getLong(r, rs2)) break jump;
                                            break;
                                        case Op.BGE:
                                            if (U.getLong(r, rs1) >= U.getLong(r, rs2)) break jump;
                                            break;
                                        case Op.BLTU: {
                                            long a = U.getLong(r, rs1);
                                            long b = U.getLong(r, rs2);
                                            if (Long.compareUnsigned(a, b) < 0) break jump;
                                            break;
                                        }
                                        case Op.BGEU: {
                                            long a = U.getLong(r, rs1);
                                            long b = U.getLong(r, rs2);
                                            if (Long.compareUnsigned(a, b) >= 0) break jump;
                                            break;
                                        }
                                        case Op.LB: {
                                            long va = U.getLong(r, rs1) + imm;
                                            long i = BASE + (va >>> 9 & TLB_BYTES);
                                            if (U.getLong(readable, i) != va >>> 12) break rare;
                                            U.putLong(r, rd, U.getByte(va + U.getLong(readAddend, i)));
                                            break;
                                        }
                                        case Op.LH: {
                                            long va = U.getLong(r, rs1) + imm;
                                            long i = BASE + (va >>> 9 & TLB_BYTES);
                                            if (U.getLong(readable, i) != va + 1 >>> 12) break rare;
                                            U.putLong(r, rd, U.getShort(va + U.getLong(readAddend, i)));
                                            break;
                                        }
                                        case Op.LW: {
                                            long va = U.getLong(r, rs1) + imm;
                                            long i = BASE + (va >>> 9 & TLB_BYTES);
                                            if (U.getLong(readable, i) != va + 3 >>> 12) break rare;
                                            U.putLong(r, rd, U.getInt(va + U.getLong(readAddend, i)));
                                            break;
                                        }
                                        case Op.LW | Op.COMPRESSED: {
                                            long va = U.getLong(r, rs1) + imm;
                                            long i = BASE + (va >>> 9 & TLB_BYTES);
                                            if (U.getLong(readable, i) != va + 3 >>> 12) break rare;
                                            U.putLong(r, rd, U.getInt(va + U.getLong(readAddend, i)));
                                            break narrow;
                                        }
                                        case Op.LD: {
                                            long va = U.getLong(r, rs1) + imm;
                                            long i = BASE + (va >>> 9 & TLB_BYTES);
                                            if (U.getLong(readable, i) != va + 7 >>> 12) break rare;
                                            U.putLong(r, rd, U.getLong(va + U.getLong(readAddend, i)));
                                            break;
                                        }
                                        case Op.LD | Op.COMPRESSED: {
                                            long va = U.getLong(r, rs1) + imm;
                                            long i = BASE + (va >>> 9 & TLB_BYTES);
                                            if (U.getLong(readable, i) != va + 7 >>> 12) break rare;
                                            U.putLong(r, rd, U.getLong(va + U.getLong(readAddend, i)));
                                            break narrow;
                                        }
                                        case Op.LBU: {
                                            long va = U.getLong(r, rs1) + imm;
                                            long i = BASE + (va >>> 9 & TLB_BYTES);
                                            if (U.getLong(readable, i) != va >>> 12) break rare;
                                            U.putLong(r, rd, U.getByte(va + U.getLong(readAddend, i)) & 0xFF);
                                            break;
                                        }
                                        case Op.LHU: {
                                            long va = U.getLong(r, rs1) + imm;
                                            long i = BASE + (va >>> 9 & TLB_BYTES);
                                            if (U.getLong(readable, i) != va + 1 >>> 12) break rare;
                                            U.putLong(r, rd, U.getShort(va + U.getLong(readAddend, i)) & 0xFFFF);
                                            break;
                                        }
                                        case Op.LWU: {
                                            long va = U.getLong(r, rs1) + imm;
                                            long i = BASE + (va >>> 9 & TLB_BYTES);
                                            if (U.getLong(readable, i) != va + 3 >>> 12) break rare;
                                            U.putLong(r, rd, U.getInt(va + U.getLong(readAddend, i)) & 0xFFFF_FFFFL);
                                            break;
                                        }
                                        case Op.FLW: {
                                            long va = U.getLong(r, rs1) + imm;
                                            long i = BASE + (va >>> 9 & TLB_BYTES);
                                            if (U.getLong(readable, i) != va + 3 >>> 12) break rare;
                                            U.putLong(r, rd, U.getInt(va + U.getLong(readAddend, i)) | BOX);
                                            break;
                                        }
                                        case Op.SB: {
                                            long va = U.getLong(r, rs1) + imm;
                                            long i = BASE + (va >>> 9 & TLB_BYTES);
                                            if (U.getLong(writable, i) != va >>> 12) break rare;
                                            U.putByte(va + U.getLong(writeAddend, i), (byte) U.getLong(r, rs2));
                                            break;
                                        }
                                        case Op.SH: {
                                            long va = U.getLong(r, rs1) + imm;
                                            long i = BASE + (va >>> 9 & TLB_BYTES);
                                            if (U.getLong(writable, i) != va + 1 >>> 12) break rare;
                                            U.putShort(va + U.getLong(writeAddend, i), (short) U.getLong(r, rs2));
                                            break;
                                        }
                                        case Op.SW: {
                                            long va = U.getLong(r, rs1) + imm;
                                            long i = BASE + (va >>> 9 & TLB_BYTES);
                                            if (U.getLong(writable, i) != va + 3 >>> 12) break rare;
                                            U.putInt(va + U.getLong(writeAddend, i), (int) U.getLong(r, rs2));
                                            break;
                                        }
                                        case Op.SW | Op.COMPRESSED: {
                                            long va = U.getLong(r, rs1) + imm;
                                            long i = BASE + (va >>> 9 & TLB_BYTES);
                                            if (U.getLong(writable, i) != va + 3 >>> 12) break rare;
                                            U.putInt(va + U.getLong(writeAddend, i), (int) U.getLong(r, rs2));
                                            break narrow;
                                        }
                                        case Op.SD: {
                                            long va = U.getLong(r, rs1) + imm;
                                            long i = BASE + (va >>> 9 & TLB_BYTES);
                                            if (U.getLong(writable, i) != va + 7 >>> 12) break rare;
                                            U.putLong(va + U.getLong(writeAddend, i), U.getLong(r, rs2));
                                            break;
                                        }
                                        case Op.SD | Op.COMPRESSED: {
                                            long va = U.getLong(r, rs1) + imm;
                                            long i = BASE + (va >>> 9 & TLB_BYTES);
                                            if (U.getLong(writable, i) != va + 7 >>> 12) break rare;
                                            U.putLong(va + U.getLong(writeAddend, i), U.getLong(r, rs2));
                                            break narrow;
                                        }
                                        case Op.ADDI:
                                            U.putLong(r, rd, U.getLong(r, rs1) + imm);
                                            break;
                                        case Op.ADDI | Op.COMPRESSED:
                                            U.putLong(r, rd, U.getLong(r, rs1) + imm);
                                            break narrow;
                                        case Op.SLTI:
                                            U.putLong(r, rd, U.getLong(r, rs1) < imm ? 1 : 0);
                                            break;
                                        case Op.SLTIU: {
                                            long a = U.getLong(r, rs1);
                                            U.putLong(r, rd, Long.compareUnsigned(a, imm) < 0 ? 1 : 0);
                                            break;
                                        }
                                        case Op.XORI:
                                            U.putLong(r, rd, U.getLong(r, rs1) ^ imm);
                                            break;
                                        case Op.ORI:
                                            U.putLong(r, rd, U.getLong(r, rs1) | imm);
                                            break;
                                        case Op.ANDI:
                                            U.putLong(r, rd, U.getLong(r, rs1) & imm);
                                            break;
                                        case Op.ANDI | Op.COMPRESSED:
                                            U.putLong(r, rd, U.getLong(r, rs1) & imm);
                                            break narrow;
                                        case Op.SLLI:
                                            U.putLong(r, rd, U.getLong(r, rs1) << imm);
                                            break;
                                        case Op.SLLI | Op.COMPRESSED:
                                            U.putLong(r, rd, U.getLong(r, rs1) << imm);
                                            break narrow;
                                        case Op.SRLI:
                                            U.putLong(r, rd, U.getLong(r, rs1) >>> imm);
                                            break;
                                        case Op.SRLI | Op.COMPRESSED:
                                            U.putLong(r, rd, U.getLong(r, rs1) >>> imm);
                                            break narrow;
                                        case Op.SRAI:
                                            U.putLong(r, rd, U.getLong(r, rs1) >> imm);
                                            break;
                                        case Op.SRAI | Op.COMPRESSED:
                                            U.putLong(r, rd, U.getLong(r, rs1) >> imm);
                                            break narrow;
                                        case Op.ADD:
                                            U.putLong(r, rd, U.getLong(r, rs1) + U.getLong(r, rs2));
                                            break;
                                        case Op.ADD | Op.COMPRESSED:
                                            U.putLong(r, rd, U.getLong(r, rs1) + U.getLong(r, rs2));
                                            break narrow;
                                        case Op.SUB:
                                            U.putLong(r, rd, U.getLong(r, rs1) - U.getLong(r, rs2));
                                            break;
                                        case Op.SUB | Op.COMPRESSED:
                                            U.putLong(r, rd, U.getLong(r, rs1) - U.getLong(r, rs2));
                                            break narrow;
                                        case Op.SLL:
                                            U.putLong(r, rd, U.getLong(r, rs1) << U.getLong(r, rs2));
                                            break;
                                        case Op.SLT:
                                            U.putLong(r, rd, U.getLong(r, rs1) < U.getLong(r, rs2) ? 1 : 0);
                                            break;
                                        case Op.SLTU: {
                                            long a = U.getLong(r, rs1);
                                            long b = U.getLong(r, rs2);
                                            U.putLong(r, rd, Long.compareUnsigned(a, b) < 0 ? 1 : 0);
                                            break;
                                        }
                                        case Op.XOR:
                                            U.putLong(r, rd, U.getLong(r, rs1) ^ U.getLong(r, rs2));
                                            break;
                                        case Op.XOR | Op.COMPRESSED:
                                            U.putLong(r, rd, U.getLong(r, rs1) ^ U.getLong(r, rs2));
                                            break narrow;
                                        case Op.SRL:
                                            U.putLong(r, rd, U.getLong(r, rs1) >>> U.getLong(r, rs2));
                                            break;
                                        case Op.SRA:
                                            U.putLong(r, rd, U.getLong(r, rs1) >> U.getLong(r, rs2));
                                            break;
                                        case Op.OR:
                                            U.putLong(r, rd, U.getLong(r, rs1) | U.getLong(r, rs2));
                                            break;
                                        case Op.OR | Op.COMPRESSED:
                                            U.putLong(r, rd, U.getLong(r, rs1) | U.getLong(r, rs2));
                                            break narrow;
                                        case Op.AND:
                                            U.putLong(r, rd, U.getLong(r, rs1) & U.getLong(r, rs2));
                                            break;
                                        case Op.AND | Op.COMPRESSED:
                                            U.putLong(r, rd, U.getLong(r, rs1) & U.getLong(r, rs2));
                                            break narrow;
                                        case Op.ADDIW:
                                            U.putLong(r, rd, (int) U.getLong(r, rs1) + (int) imm);
                                            break;
                                        case Op.ADDIW | Op.COMPRESSED:
                                            U.putLong(r, rd, (int) U.getLong(r, rs1) + (int) imm);
                                            break narrow;
                                        case Op.SLLIW:
                                            U.putLong(r, rd, (int) U.getLong(r, rs1) << (int) imm);
                                            break;
                                        case Op.SRLIW:
                                            U.putLong(r, rd, (int) U.getLong(r, rs1) >>> (int) imm);
                                            break;
                                        case Op.SRAIW:
                                            U.putLong(r, rd, (int) U.getLong(r, rs1) >> (int) imm);
                                            break;
                                        case Op.ADDW:
                                            U.putLong(r, rd, (int) U.getLong(r, rs1) + (int) U.getLong(r, rs2));
                                            break;
                                        case Op.ADDW | Op.COMPRESSED:
                                            U.putLong(r, rd, (int) U.getLong(r, rs1) + (int) U.getLong(r, rs2));
                                            break narrow;
                                        case Op.SUBW:
                                            U.putLong(r, rd, (int) U.getLong(r, rs1) - (int) U.getLong(r, rs2));
                                            break;
                                        case Op.SUBW | Op.COMPRESSED:
                                            U.putLong(r, rd, (int) U.getLong(r, rs1) - (int) U.getLong(r, rs2));
                                            break narrow;
                                        case Op.SLLW:
                                            U.putLong(r, rd, (int) U.getLong(r, rs1) << (int) U.getLong(r, rs2));
                                            break;
                                        case Op.SRLW:
                                            U.putLong(r, rd, (int) U.getLong(r, rs1) >>> (int) U.getLong(r, rs2));
                                            break;
                                        case Op.SRAW:
                                            U.putLong(r, rd, (int) U.getLong(r, rs1) >> (int) U.getLong(r, rs2));
                                            break;
                                        case Op.MUL:
                                            U.putLong(r, rd, U.getLong(r, rs1) * U.getLong(r, rs2));
                                            break;
                                        case Op.MULH:
                                            U.putLong(r, rd, Math.multiplyHigh(U.getLong(r, rs1), U.getLong(r, rs2)));
                                            break;
                                        case Op.MULHSU: {
                                            long a = U.getLong(r, rs1);
                                            long b = U.getLong(r, rs2);
                                            U.putLong(r, rd, Math.multiplyHigh(a, b) + (b >> 63 & a));
                                            break;
                                        }
                                        case Op.MULHU: {
                                            long a = U.getLong(r, rs1);
                                            long b = U.getLong(r, rs2);
                                            U.putLong(r, rd, Math.unsignedMultiplyHigh(a, b));
                                            break;
                                        }
                                        case Op.MULW:
                                            U.putLong(r, rd, (int) U.getLong(r, rs1) * (int) U.getLong(r, rs2));
                                            break;
                                        case Op.MV:
                                            U.putLong(r, rd, U.getLong(r, rs1));
                                            break;
                                        case Op.MV | Op.COMPRESSED:
                                            U.putLong(r, rd, U.getLong(r, rs1));
                                            break narrow;
                                        case Op.DIV: {
                                            long b = U.getLong(r, rs2);
                                            if (b == 0) break rare;
                                            U.putLong(r, rd, U.getLong(r, rs1) / b);
                                            break;
                                        }
                                        case Op.DIVU: {
                                            long b = U.getLong(r, rs2);
                                            if (b == 0) break rare;
                                            U.putLong(r, rd, Long.divideUnsigned(U.getLong(r, rs1), b));
                                            break;
                                        }
                                        case Op.REM: {
                                            long b = U.getLong(r, rs2);
                                            if (b == 0) break rare;
                                            U.putLong(r, rd, U.getLong(r, rs1) % b);
                                            break;
                                        }
                                        case Op.REMU: {
                                            long b = U.getLong(r, rs2);
                                            if (b == 0) break rare;
                                            U.putLong(r, rd, Long.remainderUnsigned(U.getLong(r, rs1), b));
                                            break;
                                        }
                                        case Op.DIVW: {
                                            int b = (int) U.getLong(r, rs2);
                                            if (b == 0) break rare;
                                            U.putLong(r, rd, (int) U.getLong(r, rs1) / b);
                                            break;
                                        }
                                        case Op.DIVUW: {
                                            int b = (int) U.getLong(r, rs2);
                                            if (b == 0) break rare;
                                            U.putLong(r, rd, Integer.divideUnsigned((int) U.getLong(r, rs1), b));
                                            break;
                                        }
                                        case Op.REMW: {
                                            int b = (int) U.getLong(r, rs2);
                                            if (b == 0) break rare;
                                            U.putLong(r, rd, (int) U.getLong(r, rs1) % b);
                                            break;
                                        }
                                        case Op.REMUW: {
                                            int b = (int) U.getLong(r, rs2);
                                            if (b == 0) break rare;
                                            U.putLong(r, rd, Integer.remainderUnsigned((int) U.getLong(r, rs1), b));
                                            break;
                                        }
                                        case Op.FENCE_I:
                                            at += 2;
                                            retired++;
                                            break run;
                                        case Op.FADD: {
                                            long a = U.getLong(r, rs1);
                                            long b = U.getLong(r, rs2);
                                            if ((hostModes >>> imm & 1) == 0 || (a & b) >> 32 != -1) break rare;
                                            float x = Float.intBitsToFloat((int) a);
                                            float y = Float.intBitsToFloat((int) b);
                                            int bits = Float.floatToRawIntBits(x + y);
                                            if ((bits << 1 >>> 24) - 2 >>> 1 >= SURE_SINGLE) break rare;
                                            U.putLong(r, rd, bits | BOX);
                                            break;
                                        }
                                        case Op.FADD | Op.WIDE: {
                                            if ((hostModes >>> imm & 1) == 0) break rare;
                                            double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                            double y = Double.longBitsToDouble(U.getLong(r, rs2));
                                            long bits = Double.doubleToRawLongBits(x + y);
                                            if ((bits << 1 >>> 53) - 2 >>> 1 >= SURE_DOUBLE) break rare;
                                            U.putLong(r, rd, bits);
                                            break;
                                        }
                                        case Op.FSUB: {
                                            long a = U.getLong(r, rs1);
                                            long b = U.getLong(r, rs2);
                                            if ((hostModes >>> imm & 1) == 0 || (a & b) >> 32 != -1) break rare;
                                            float x = Float.intBitsToFloat((int) a);
                                            float y = Float.intBitsToFloat((int) b);
                                            int bits = Float.floatToRawIntBits(x - y);
                                            if ((bits << 1 >>> 24) - 2 >>> 1 >= SURE_SINGLE) break rare;
                                            U.putLong(r, rd, bits | BOX);
                                            break;
                                        }
                                        case Op.FSUB | Op.WIDE: {
                                            if ((hostModes >>> imm & 1) == 0) break rare;
                                            double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                            double y = Double.longBitsToDouble(U.getLong(r, rs2));
                                            long bits = Double.doubleToRawLongBits(x - y);
                                            if ((bits << 1 >>> 53) - 2 >>> 1 >= SURE_DOUBLE) break rare;
                                            U.putLong(r, rd, bits);
                                            break;
                                        }
                                        case Op.FMUL: {
                                            long a = U.getLong(r, rs1);
                                            long b = U.getLong(r, rs2);
                                            if ((hostModes >>> imm & 1) == 0 || (a & b) >> 32 != -1) break rare;
                                            float x = Float.intBitsToFloat((int) a);
                                            float y = Float.intBitsToFloat((int) b);
                                            int bits = Float.floatToRawIntBits(x * y);
                                            if ((bits << 1 >>> 24) - 2 >>> 1 >= SURE_SINGLE) break rare;
                                            U.putLong(r, rd, bits | BOX);
                                            break;
                                        }
                                        case Op.FMUL | Op.WIDE: {
                                            if ((hostModes >>> imm & 1) == 0) break rare;
                                            double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                            double y = Double.longBitsToDouble(U.getLong(r, rs2));
                                            long bits = Double.doubleToRawLongBits(x * y);
                                            if ((bits << 1 >>> 53) - 2 >>> 1 >= SURE_DOUBLE) break rare;
                                            U.putLong(r, rd, bits);
                                            break;
                                        }
                                        case Op.FDIV: {
                                            long a = U.getLong(r, rs1);
                                            long b = U.getLong(r, rs2);
                                            if ((hostModes >>> imm & 1) == 0 || (a & b) >> 32 != -1) break rare;
                                            float x = Float.intBitsToFloat((int) a);
                                            float y = Float.intBitsToFloat((int) b);
                                            int bits = Float.floatToRawIntBits(x / y);
                                            if ((bits << 1 >>> 24) - 2 >>> 1 >= SURE_SINGLE) break rare;
                                            U.putLong(r, rd, bits | BOX);
                                            break;
                                        }
                                        case Op.FDIV | Op.WIDE: {
                                            if ((hostModes >>> imm & 1) == 0) break rare;
                                            double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                            double y = Double.longBitsToDouble(U.getLong(r, rs2));
                                            long bits = Double.doubleToRawLongBits(x / y);
                                            if ((bits << 1 >>> 53) - 2 >>> 1 >= SURE_DOUBLE) break rare;
                                            U.putLong(r, rd, bits);
                                            break;
                                        }
                                        case Op.FMADD | Op.WIDE: {
                                            if ((hostModes >>> (imm & 7) & 1) == 0) break rare;
                                            double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                            double y = Double.longBitsToDouble(U.getLong(r, rs2));
                                            double z = Double.longBitsToDouble(U.getLong(r, BASE + (imm & RS3_BYTES)));
                                            long bits = Double.doubleToRawLongBits(Math.fma(x, y, z));
                                            if ((bits << 1 >>> 53) - 2 >>> 1 >= SURE_DOUBLE) break rare;
                                            U.putLong(r, rd, bits);
                                            break;
                                        }
                                        case Op.FMSUB | Op.WIDE: {
                                            if ((hostModes >>> (imm & 7) & 1) == 0) break rare;
                                            double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                            double y = Double.longBitsToDouble(U.getLong(r, rs2));
                                            double z = Double.longBitsToDouble(U.getLong(r, BASE + (imm & RS3_BYTES)));
                                            long bits = Double.doubleToRawLongBits(Math.fma(x, y, -z));
                                            if ((bits << 1 >>> 53) - 2 >>> 1 >= SURE_DOUBLE) break rare;
                                            U.putLong(r, rd, bits);
                                            break;
                                        }
                                        case Op.FNMSUB | Op.WIDE: {
                                            if ((hostModes >>> (imm & 7) & 1) == 0) break rare;
                                            double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                            double y = Double.longBitsToDouble(U.getLong(r, rs2));
                                            double z = Double.longBitsToDouble(U.getLong(r, BASE + (imm & RS3_BYTES)));
                                            long bits = Double.doubleToRawLongBits(Math.fma(-x, y, z));
                                            if ((bits << 1 >>> 53) - 2 >>> 1 >= SURE_DOUBLE) break rare;
                                            U.putLong(r, rd, bits);
                                            break;
                                        }
                                        case Op.FNMADD | Op.WIDE: {
                                            if ((hostModes >>> (imm & 7) & 1) == 0) break rare;
                                            double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                            double y = Double.longBitsToDouble(U.getLong(r, rs2));
                                            double z = Double.longBitsToDouble(U.getLong(r, BASE + (imm & RS3_BYTES)));
                                            long bits = Double.doubleToRawLongBits(Math.fma(-x, y, -z));
                                            if ((bits << 1 >>> 53) - 2 >>> 1 >= SURE_DOUBLE) break rare;
                                            U.putLong(r, rd, bits);
                                            break;
                                        }
                                        case Op.FSGNJ | Op.WIDE: {
                                            long sign = U.getLong(r, rs2) & Long.MIN_VALUE;
                                            U.putLong(r, rd, U.getLong(r, rs1) & Long.MAX_VALUE | sign);
                                            break;
                                        }
                                        case Op.FSGNJN | Op.WIDE: {
                                            long sign = ~U.getLong(r, rs2) & Long.MIN_VALUE;
                                            U.putLong(r, rd, U.getLong(r, rs1) & Long.MAX_VALUE | sign);
                                            break;
                                        }
                                        case Op.FSGNJX | Op.WIDE:
                                            U.putLong(r, rd, U.getLong(r, rs1) ^ U.getLong(r, rs2) & Long.MIN_VALUE);
                                            break;
                                        case Op.FEQ | Op.WIDE: {
                                            double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                            double y = Double.longBitsToDouble(U.getLong(r, rs2));
                                            if (x != x || y != y) break rare;
                                            U.putLong(r, rd, x == y ? 1 : 0);
                                            break;
                                        }
                                        case Op.FLT | Op.WIDE: {
                                            double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                            double y = Double.longBitsToDouble(U.getLong(r, rs2));
                                            if (x != x || y != y) break rare;
                                            U.putLong(r, rd, x < y ? 1 : 0);
                                            break;
                                        }
                                        case Op.FLE | Op.WIDE: {
                                            double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                            double y = Double.longBitsToDouble(U.getLong(r, rs2));
                                            if (x != x || y != y) break rare;
                                            U.putLong(r, rd, x <= y ? 1 : 0);
                                            break;
                                        }
                                        case Op.FCVT_FLOAT: {
                                            long a = U.getLong(r, rs1);
                                            float x = Float.intBitsToFloat((int) a);
                                            if (a >> 32 != -1 || x != x) break rare;
                                            U.putLong(r, rd, Double.doubleToRawLongBits(x));
                                            break;
                                        }
                                        case Op.FCVT_FLOAT | Op.WIDE: {
                                            if ((hostModes >>> imm & 1) == 0) break rare;
                                            double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                            int bits = Float.floatToRawIntBits((float) x);
                                            if ((bits << 1 >>> 24) - 2 >>> 1 >= SURE_SINGLE) break rare;
                                            U.putLong(r, rd, bits | BOX);
                                            break;
                                        }
                                        case Op.FCVT_W | Op.WIDE: {
                                            double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                            if (imm != Rounding.RTZ || hostModes == 0) break rare;
                                            if (!(Math.abs(x) < 0x1p31)) break rare;
                                            U.putLong(r, rd, (int) x);
                                            break;
                                        }
                                        case Op.FCVT_L | Op.WIDE: {
                                            double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                            if (imm != Rounding.RTZ || hostModes == 0) break rare;
                                            if (!(Math.abs(x) < 0x1p63)) break rare;
                                            U.putLong(r, rd, (long) x);
                                            break;
                                        }
                                        case Op.FCVT_FROM_W | Op.WIDE: {
                                            double x = (int) U.getLong(r, rs1);
                                            U.putLong(r, rd, Double.doubleToRawLongBits(x));
                                            break;
                                        }
                                        case Op.FCVT_FROM_L | Op.WIDE: {
                                            if ((hostModes >>> imm & 1) == 0) break rare;
                                            double x = (double) U.getLong(r, rs1);
                                            U.putLong(r, rd, Double.doubleToRawLongBits(x));
                                            break;
                                        }
                                        default:
                                            break rare;
                                    }
                                    break;
                                }
                                at += 2;
                                retired++;
                                continue run;
                            }
                            at += 1;
                            retired++;
                            continue run;
                        }
                        core.met = Packed.withOp(in, op);
                        rare = true;
                        break run;
                    }
                    retired++;
                    at += imm;
                    if ((at & -SLOTS) != 0) {
                        page += 2 * (at & -SLOTS);
                        at &= SLOTS - 1;
                        break cross;
                    }
                }
                if (retired >= limit || hart.attention() != 0) break run;
                continue run;
            }
            if (retired >= limit || hart.attention() != 0) break run;
            int i = (int) (page >>> 12) & Tlb.ENTRIES - 1;
            if (tlb.execute[i] != page >>> 12) break run;
            @Nullable DecodedPage there = core.pages[tlb.executeFrame[i]];
            if (there == null || !there.marked) break run;
            code = there.code;
        }
        core.code = code;
        core.pc = page + 2 * at;
        hart.retired = retired;
        return rare;
    }
}
