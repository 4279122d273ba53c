package vkernel.host.riscv;

import java.util.Objects;
import vkernel.host.Vpte;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Tlb;

/**
 * The interpreter's inner loop. It runs decoded code of one page until it meets an empty slot, an instruction that it
 * leaves to {@link Core#rare}, a mark that was visited often enough, the end of its budget or of the page.
 *
 * <p>How it is written is how it becomes fast; half of the time that an instruction takes went when these rules came in.
 * HotSpot compiles no method of 8,000 bytecodes or more. It keeps no register over a call, so there is no call in the
 * loop but of intrinsics; a small method of ours would become a call wherever the profile says "seldom". What two cases
 * compute alike it computes before the switch, for every instruction, and the registers that this takes make it keep
 * the loop's own variables in memory: so an expression that is no operand stands in one case only (a distance is
 * shifted here signed and there unsigned for that), what floats share has a switch of its own, and leaving the loop
 * computes nothing. For the same reason all that changes from instruction to instruction is one variable,
 * {@code state}. An instruction's length is told by its case and not computed from it, so that the fetch of the next
 * does not wait for the fetch of this. Operand slots are byte offsets into the register file's object, without bounds
 * checks: {@link Packed} has no others. That is why this one method is as long as the instruction set: any way to split
 * it puts a call on the way of every instruction.
 */
@SuppressWarnings("removal")
final class Loop {
    private static final sun.misc.Unsafe U = Memory.UNSAFE;
    private static final long BASE = Memory.LONGS;
    private static final long SLOT_BYTES = 127 << 3;
    private static final long TLB_BYTES = Tlb.ENTRIES - 1 << 3;
    /** In the immediate of a fused multiply-add the slot of rs3 is where it makes a byte offset. */
    private static final long RS3_BYTES = 127 << 3;

    private static final long PAGE_SIZE = Vpte.PAGE_SIZE;
    /** A page's slots have so many bytes, as a power of two. */
    private static final int CODE_SHIFT = Vpte.PAGE_SHIFT + 2;
    /** Where the visits of the mark at byte offset 0 of a page's code would be. */
    private static final long VISITS = DecodedPage.VISITS - BASE / 2;
    /** Of the {@link #state}, where the next instruction is. */
    private static final long PLACE = 0xFFFF_FFFFL;
    /** One instruction in the {@link #state}. */
    private static final long ONE = 1L << 32;

    /** High half of a NaN-boxed single. */
    private static final long BOX = -1L << 32;
    /** The rounding modes "to nearest even" and "as frm says", as bits. */
    private static final int NEAREST_EVEN = 1 << Rounding.RNE | 1 << 7;
    /** Bounds of the exponents of surely ordinary results, see {@link HostFloat}. */
    private static final long SURE_DOUBLE = HostFloat.SURE_DOUBLE;

    private static final int SURE_SINGLE = HostFloat.SURE_SINGLE;

    private Loop() {}

    /**
     * What changes while the loop runs: how many instructions are left, as a negative number, in the high half; the byte
     * offset of the next one in the object of the page's code in the low half.
     *
     * @param most how many instructions to run at most, 1 or more
     */
    static long state(long pc, int most) {
        return (long) -most << 32 | BASE + ((pc & PAGE_SIZE - 2) << 2);
    }

    /** How many of {@code most} instructions were executed. */
    static int done(long state, int most) {
        return most + (int) (state >> 32);
    }

    /** Distance in bytes from the page's beginning. */
    static long offset(long state) {
        return (state & 0xFFFF_FFFFL) - BASE >> 2;
    }

    /**
     * Runs code of one page until it is left.
     *
     * @param code its decoded instructions
     * @param page its virtual address
     * @param from the {@link #state} to begin in
     * @return the state in which it stopped; besides, {@code core.met} is the instruction before which it stopped if it is
     *     one that is not executed here, and {@code core.target} where to go on if it jumped out of the page
     */
    static long run(Core core, long[] code, long page, long from) {
        final Tlb tlb = core.hart.tlb;
        final long[] r = Objects.requireNonNull(core.hart.regs);
        final long[] readable = Objects.requireNonNull(tlb.read);
        final long[] readAddend = Objects.requireNonNull(tlb.readAddend);
        final long[] writable = Objects.requireNonNull(tlb.write);
        final long[] writeAddend = Objects.requireNonNull(tlb.writeAddend);
        // Modes in which the host's arithmetic can be used: "inexact" is up already. Only rare instructions change it.
        final int hostModes = HostFloat.usable(r[Registers.FCSR]) ? NEAREST_EVEN : 0;
        long state = from;
        long in = U.getLong(code, state & PLACE);
        while (true) {
            final long rd = in >>> 7 & SLOT_BYTES;
            final long rs1 = in >>> 14 & SLOT_BYTES;
            final long rs2 = in >>> 21 & SLOT_BYTES;
            final long imm = in >> 32;
            long target = 0;
            next:
            {
                rare:
                {
                    jump:
                    {
                        indirect:
                        {
                            call:
                            {
                                narrow:
                                {
                                    switch ((int) in & 0xFF) {
                                        case Op.FETCH:
                                            break rare;
                                        case Op.MARK: {
                                            long mark = VISITS + ((state & PLACE) >> 1);
                                            int visits = U.getInt(code, mark);
                                            if (visits < DecodedPage.VISIT) break rare;
                                            U.putInt(code, mark, visits - DecodedPage.VISIT);
                                            in = in & -0x100 | visits & 0xFF;
                                            continue;
                                        }
                                        case Op.NEXT_PAGE:
                                            return state;
                                        case Op.LI:
                                            U.putLong(r, rd, imm);
                                            break;
                                        case Op.LI | Op.COMPRESSED:
                                            U.putLong(r, rd, imm);
                                            break narrow;
                                        case Op.AUIPC:
                                            U.putLong(r, rd, (page - BASE / 4) + imm + ((int) state >> 2));
                                            break;
                                        case Op.JAL:
                                            break call;
                                        case Op.JALR, Op.JALR | Op.COMPRESSED:
                                            target = U.getLong(r, rs1) + imm;
                                            break call;
                                        case Op.J, Op.J | Op.COMPRESSED:
                                            break jump;
                                        case Op.JR, Op.JR | Op.COMPRESSED:
                                            target = U.getLong(r, rs1) + imm;
                                            break indirect;
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
                                        case Op.FADD,
                                                Op.FADD | Op.WIDE,
                                                Op.FSUB,
                                                Op.FSUB | Op.WIDE,
                                                Op.FMUL,
                                                Op.FMUL | Op.WIDE,
                                                Op.FDIV,
                                                Op.FDIV | Op.WIDE,
                                                Op.FMADD | Op.WIDE,
                                                Op.FMSUB | Op.WIDE,
                                                Op.FNMSUB | Op.WIDE,
                                                Op.FNMADD | Op.WIDE,
                                                Op.FCVT_FLOAT | Op.WIDE,
                                                Op.FCVT_FROM_L | Op.WIDE: {
                                            if ((hostModes >>> (imm & 7) & 1) == 0) break rare;
                                            switch ((int) in & 0xFF) {
                                                case Op.FADD: {
                                                    long a = U.getLong(r, rs1);
                                                    long b = U.getLong(r, rs2);
                                                    if ((a & b) >> 32 != -1) break rare;
                                                    float x = Float.intBitsToFloat((int) a);
                                                    float y = Float.intBitsToFloat((int) b);
                                                    int bits = Float.floatToRawIntBits(x + y);
                                                    if ((bits << 1 >>> 24) - 2 >>> 1 >= SURE_SINGLE) break rare;
                                                    U.putLong(r, rd, bits | BOX);
                                                    break;
                                                }
                                                case Op.FADD | Op.WIDE: {
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
                                                    if ((a & b) >> 32 != -1) break rare;
                                                    float x = Float.intBitsToFloat((int) a);
                                                    float y = Float.intBitsToFloat((int) b);
                                                    int bits = Float.floatToRawIntBits(x - y);
                                                    if ((bits << 1 >>> 24) - 2 >>> 1 >= SURE_SINGLE) break rare;
                                                    U.putLong(r, rd, bits | BOX);
                                                    break;
                                                }
                                                case Op.FSUB | Op.WIDE: {
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
                                                    if ((a & b) >> 32 != -1) break rare;
                                                    float x = Float.intBitsToFloat((int) a);
                                                    float y = Float.intBitsToFloat((int) b);
                                                    int bits = Float.floatToRawIntBits(x * y);
                                                    if ((bits << 1 >>> 24) - 2 >>> 1 >= SURE_SINGLE) break rare;
                                                    U.putLong(r, rd, bits | BOX);
                                                    break;
                                                }
                                                case Op.FMUL | Op.WIDE: {
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
                                                    if ((a & b) >> 32 != -1) break rare;
                                                    float x = Float.intBitsToFloat((int) a);
                                                    float y = Float.intBitsToFloat((int) b);
                                                    int bits = Float.floatToRawIntBits(x / y);
                                                    if ((bits << 1 >>> 24) - 2 >>> 1 >= SURE_SINGLE) break rare;
                                                    U.putLong(r, rd, bits | BOX);
                                                    break;
                                                }
                                                case Op.FDIV | Op.WIDE: {
                                                    double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                                    double y = Double.longBitsToDouble(U.getLong(r, rs2));
                                                    long bits = Double.doubleToRawLongBits(x / y);
                                                    if ((bits << 1 >>> 53) - 2 >>> 1 >= SURE_DOUBLE) break rare;
                                                    U.putLong(r, rd, bits);
                                                    break;
                                                }
                                                case Op.FMADD | Op.WIDE: {
                                                    double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                                    double y = Double.longBitsToDouble(U.getLong(r, rs2));
                                                    double z = Double.longBitsToDouble(
                                                            U.getLong(r, BASE + (imm & RS3_BYTES)));
                                                    long bits = Double.doubleToRawLongBits(Math.fma(x, y, z));
                                                    if ((bits << 1 >>> 53) - 2 >>> 1 >= SURE_DOUBLE) break rare;
                                                    U.putLong(r, rd, bits);
                                                    break;
                                                }
                                                case Op.FMSUB | Op.WIDE: {
                                                    double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                                    double y = Double.longBitsToDouble(U.getLong(r, rs2));
                                                    double z = Double.longBitsToDouble(
                                                            U.getLong(r, BASE + (imm & RS3_BYTES)));
                                                    long bits = Double.doubleToRawLongBits(Math.fma(x, y, -z));
                                                    if ((bits << 1 >>> 53) - 2 >>> 1 >= SURE_DOUBLE) break rare;
                                                    U.putLong(r, rd, bits);
                                                    break;
                                                }
                                                case Op.FNMSUB | Op.WIDE: {
                                                    double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                                    double y = Double.longBitsToDouble(U.getLong(r, rs2));
                                                    double z = Double.longBitsToDouble(
                                                            U.getLong(r, BASE + (imm & RS3_BYTES)));
                                                    long bits = Double.doubleToRawLongBits(Math.fma(-x, y, z));
                                                    if ((bits << 1 >>> 53) - 2 >>> 1 >= SURE_DOUBLE) break rare;
                                                    U.putLong(r, rd, bits);
                                                    break;
                                                }
                                                case Op.FNMADD | Op.WIDE: {
                                                    double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                                    double y = Double.longBitsToDouble(U.getLong(r, rs2));
                                                    double z = Double.longBitsToDouble(
                                                            U.getLong(r, BASE + (imm & RS3_BYTES)));
                                                    long bits = Double.doubleToRawLongBits(Math.fma(-x, y, -z));
                                                    if ((bits << 1 >>> 53) - 2 >>> 1 >= SURE_DOUBLE) break rare;
                                                    U.putLong(r, rd, bits);
                                                    break;
                                                }
                                                case Op.FCVT_FLOAT | Op.WIDE: {
                                                    double x = Double.longBitsToDouble(U.getLong(r, rs1));
                                                    int bits = Float.floatToRawIntBits((float) x);
                                                    if ((bits << 1 >>> 24) - 2 >>> 1 >= SURE_SINGLE) break rare;
                                                    U.putLong(r, rd, bits | BOX);
                                                    break;
                                                }
                                                case Op.FCVT_FROM_L | Op.WIDE: {
                                                    double x = (double) U.getLong(r, rs1);
                                                    U.putLong(r, rd, Double.doubleToRawLongBits(x));
                                                    break;
                                                }
                                                default:
                                                    break rare;
                                            }
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
                                        default:
                                            break rare;
                                    }
                                    state += ONE + 16;
                                    break next;
                                }
                                state += ONE + 8;
                                break next;
                            }
                            U.putLong(r, rd, ((state & PLACE) >> 2) + (page - BASE / 4) + (in >>> 7 & 6));
                            if (((int) in & 0xFF) == Op.JAL) break jump;
                        }
                        if ((target & -PAGE_SIZE) != page) {
                            core.target = target & -2;
                            return state + ONE;
                        }
                        state = (state & -ONE) + (ONE + BASE) + ((target & PAGE_SIZE - 2) << 2);
                        break next;
                    }
                    target = (state & PLACE) - BASE + (imm << 3);
                    if (target >>> CODE_SHIFT != 0) {
                        core.target = page + (target >> 2);
                        return state + ONE;
                    }
                    state += ONE + (imm << 3);
                    break next;
                }
                core.met = in;
                return state;
            }
            if (state >= 0) return state;
            in = U.getLong(code, state & PLACE);
        }
    }
}
