package vkernel.host.riscv;

/**
 * Operations of decoded instructions. Several instructions share one where they differ only in operand slots: fld is
 * {@link #LD} into a slot of the f registers, c.add is {@link #ADD}, fmv.x.d is {@link #ADDI} with 0.
 *
 * <p>Those below {@link #DIV} are executed in {@link Loop}'s switch, so the numbers are dense; the loop leaves the
 * others to {@link Core#rare}. Operations on floats come in pairs, single then double.
 */
public final class Op {
    /** Nothing decoded here yet, or no longer. */
    public static final int FETCH = 0;
    /** The slot behind the last of a page. */
    public static final int NEXT_PAGE = 1;

    public static final int LI = 2;
    public static final int AUIPC = 3;
    public static final int JAL = 4;
    public static final int JALR = 5;
    public static final int BEQ = 6;
    public static final int BNE = 7;
    public static final int BLT = 8;
    public static final int BGE = 9;
    public static final int BLTU = 10;
    public static final int BGEU = 11;

    public static final int LB = 12;
    public static final int LH = 13;
    public static final int LW = 14;
    public static final int LD = 15;
    public static final int LBU = 16;
    public static final int LHU = 17;
    public static final int LWU = 18;
    public static final int FLW = 19;
    public static final int SB = 20;
    public static final int SH = 21;
    public static final int SW = 22;
    public static final int SD = 23;

    public static final int ADDI = 24;
    public static final int SLTI = 25;
    public static final int SLTIU = 26;
    public static final int XORI = 27;
    public static final int ORI = 28;
    public static final int ANDI = 29;
    public static final int SLLI = 30;
    public static final int SRLI = 31;
    public static final int SRAI = 32;
    public static final int ADD = 33;
    public static final int SUB = 34;
    public static final int SLL = 35;
    public static final int SLT = 36;
    public static final int SLTU = 37;
    public static final int XOR = 38;
    public static final int SRL = 39;
    public static final int SRA = 40;
    public static final int OR = 41;
    public static final int AND = 42;
    public static final int ADDIW = 43;
    public static final int SLLIW = 44;
    public static final int SRLIW = 45;
    public static final int SRAIW = 46;
    public static final int ADDW = 47;
    public static final int SUBW = 48;
    public static final int SLLW = 49;
    public static final int SRLW = 50;
    public static final int SRAW = 51;
    public static final int MUL = 52;
    public static final int MULH = 53;
    public static final int MULHSU = 54;
    public static final int MULHU = 55;
    public static final int MULW = 56;
    /** {@link #ADDI} with 0. */
    public static final int MV = 57;

    /** {@link #JAL} whose link nobody keeps. */
    public static final int J = 58;
    /** {@link #JALR} whose link nobody keeps. */
    public static final int JR = 59;

    /** Added to an operation above when the instruction is a compressed one: the loop then knows its length. */
    public static final int COMPRESSED = 64;

    /** Added to an operation on singles: the same on doubles. */
    public static final int WIDE = 1;

    /** First operation on floats. From here each number is that of the single; the double's is one more. */
    public static final int FADD = 128;

    public static final int FSUB = 130;
    public static final int FMUL = 132;
    public static final int FDIV = 134;
    public static final int FSQRT = 136;
    public static final int FMADD = 138;
    public static final int FMSUB = 140;
    public static final int FNMSUB = 142;
    public static final int FNMADD = 144;
    public static final int FSGNJ = 146;
    public static final int FSGNJN = 148;
    public static final int FSGNJX = 150;
    public static final int FMIN = 152;
    public static final int FMAX = 154;
    public static final int FEQ = 156;
    public static final int FLT = 158;
    public static final int FLE = 160;
    public static final int FCLASS = 162;
    /** To the other format: from single to double is fcvt.d.s. */
    public static final int FCVT_FLOAT = 164;

    /** From a float to an integer. */
    public static final int FCVT_W = 166;

    public static final int FCVT_WU = 168;
    public static final int FCVT_L = 170;
    public static final int FCVT_LU = 172;
    /** From an integer to a float. */
    public static final int FCVT_FROM_W = 174;

    public static final int FCVT_FROM_WU = 176;
    public static final int FCVT_FROM_L = 178;
    public static final int FCVT_FROM_LU = 180;
    /** Only of singles: fmv.d.x is {@link #ADDI}. */
    public static final int FMV_W_X = 182;

    public static final int DIV = 190;
    public static final int DIVU = 191;
    public static final int REM = 192;
    public static final int REMU = 193;
    public static final int DIVW = 194;
    public static final int DIVUW = 195;
    public static final int REMW = 196;
    public static final int REMUW = 197;
    /** Not an instruction: a place where whoever runs the interpreter wants to be asked, see {@link Mark}. */
    public static final int MARK = 198;

    public static final int FENCE = 199;

    public static final int FENCE_I = 200;

    public static final int ECALL = 201;
    public static final int EBREAK = 202;
    public static final int ILLEGAL = 203;

    public static final int CSRRW = 204;
    public static final int CSRRS = 205;
    public static final int CSRRC = 206;
    public static final int CSRRWI = 207;
    public static final int CSRRSI = 208;
    public static final int CSRRCI = 209;

    public static final int LR_W = 210;
    public static final int LR_D = 211;
    public static final int SC_W = 212;
    public static final int SC_D = 213;
    public static final int AMOSWAP_W = 214;
    public static final int AMOSWAP_D = 215;
    public static final int AMOADD_W = 216;
    public static final int AMOADD_D = 217;
    public static final int AMOXOR_W = 218;
    public static final int AMOXOR_D = 219;
    public static final int AMOAND_W = 220;
    public static final int AMOAND_D = 221;
    public static final int AMOOR_W = 222;
    public static final int AMOOR_D = 223;
    public static final int AMOMIN_W = 224;
    public static final int AMOMIN_D = 225;
    public static final int AMOMAX_W = 226;
    public static final int AMOMAX_D = 227;
    public static final int AMOMINU_W = 228;
    public static final int AMOMINU_D = 229;
    public static final int AMOMAXU_W = 230;
    public static final int AMOMAXU_D = 231;

    private Op() {}

    /** An operation without what only the loop wants to know: that it is compressed, that it keeps no link. */
    public static int plain(int op) {
        int plain = op < 2 * COMPRESSED ? op & COMPRESSED - 1 : op;
        return plain == J ? JAL : plain == JR ? JALR : plain;
    }

    /** A plain operation as the loop is to see it. */
    static int forLoop(int op, boolean links, boolean compressed) {
        int loops = links ? op : op == JAL ? J : op == JALR ? JR : op;
        return compressed && loops < COMPRESSED ? loops | COMPRESSED : loops;
    }
}
