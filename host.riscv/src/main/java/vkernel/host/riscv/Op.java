package vkernel.host.riscv;

/**
 * Operations of decoded instructions. Several instructions share one where they differ only in operand slots: fld is
 * {@link #LD} into a slot of the f registers, c.add is {@link #ADD}, fmv.x.d is {@link #ADDI} with 0.
 *
 * <p>Those below {@link #DIV} are executed in {@link Loop}'s switch, so the numbers are dense; the loop leaves the
 * others to {@link Core#rare}. Operations on floats come in pairs, single then double.
 */
final class Op {
    /** Nothing decoded here yet, or no longer. */
    static final int FETCH = 0;
    /** The slot behind the last of a page. */
    static final int NEXT_PAGE = 1;

    static final int LI = 2;
    static final int AUIPC = 3;
    static final int JAL = 4;
    static final int JALR = 5;
    static final int BEQ = 6;
    static final int BNE = 7;
    static final int BLT = 8;
    static final int BGE = 9;
    static final int BLTU = 10;
    static final int BGEU = 11;

    static final int LB = 12;
    static final int LH = 13;
    static final int LW = 14;
    static final int LD = 15;
    static final int LBU = 16;
    static final int LHU = 17;
    static final int LWU = 18;
    static final int FLW = 19;
    static final int SB = 20;
    static final int SH = 21;
    static final int SW = 22;
    static final int SD = 23;

    static final int ADDI = 24;
    static final int SLTI = 25;
    static final int SLTIU = 26;
    static final int XORI = 27;
    static final int ORI = 28;
    static final int ANDI = 29;
    static final int SLLI = 30;
    static final int SRLI = 31;
    static final int SRAI = 32;
    static final int ADD = 33;
    static final int SUB = 34;
    static final int SLL = 35;
    static final int SLT = 36;
    static final int SLTU = 37;
    static final int XOR = 38;
    static final int SRL = 39;
    static final int SRA = 40;
    static final int OR = 41;
    static final int AND = 42;
    static final int ADDIW = 43;
    static final int SLLIW = 44;
    static final int SRLIW = 45;
    static final int SRAIW = 46;
    static final int ADDW = 47;
    static final int SUBW = 48;
    static final int SLLW = 49;
    static final int SRLW = 50;
    static final int SRAW = 51;
    static final int MUL = 52;
    static final int MULH = 53;
    static final int MULHSU = 54;
    static final int MULHU = 55;
    static final int MULW = 56;
    /** {@link #ADDI} with 0. */
    static final int MV = 57;

    static final int FENCE_I = 58;

    /** Added to an operation above when the instruction is a compressed one: the loop then knows its length. */
    static final int COMPRESSED = 64;

    /** Added to an operation on singles: the same on doubles. */
    static final int WIDE = 1;

    /** First operation on floats. From here each number is that of the single; the double's is one more. */
    static final int FADD = 128;

    static final int FSUB = 130;
    static final int FMUL = 132;
    static final int FDIV = 134;
    static final int FSQRT = 136;
    static final int FMADD = 138;
    static final int FMSUB = 140;
    static final int FNMSUB = 142;
    static final int FNMADD = 144;
    static final int FSGNJ = 146;
    static final int FSGNJN = 148;
    static final int FSGNJX = 150;
    static final int FMIN = 152;
    static final int FMAX = 154;
    static final int FEQ = 156;
    static final int FLT = 158;
    static final int FLE = 160;
    static final int FCLASS = 162;
    /** To the other format: from single to double is fcvt.d.s. */
    static final int FCVT_FLOAT = 164;

    /** From a float to an integer. */
    static final int FCVT_W = 166;

    static final int FCVT_WU = 168;
    static final int FCVT_L = 170;
    static final int FCVT_LU = 172;
    /** From an integer to a float. */
    static final int FCVT_FROM_W = 174;

    static final int FCVT_FROM_WU = 176;
    static final int FCVT_FROM_L = 178;
    static final int FCVT_FROM_LU = 180;
    /** Only of singles: fmv.d.x is {@link #ADDI}. */
    static final int FMV_W_X = 182;

    static final int DIV = 190;
    static final int DIVU = 191;
    static final int REM = 192;
    static final int REMU = 193;
    static final int DIVW = 194;
    static final int DIVUW = 195;
    static final int REMW = 196;
    static final int REMUW = 197;
    static final int FENCE = 198;

    static final int ECALL = 199;
    static final int EBREAK = 200;
    static final int ILLEGAL = 201;

    static final int CSRRW = 202;
    static final int CSRRS = 203;
    static final int CSRRC = 204;
    static final int CSRRWI = 205;
    static final int CSRRSI = 206;
    static final int CSRRCI = 207;

    static final int LR_W = 210;
    static final int LR_D = 211;
    static final int SC_W = 212;
    static final int SC_D = 213;
    static final int AMOSWAP_W = 214;
    static final int AMOSWAP_D = 215;
    static final int AMOADD_W = 216;
    static final int AMOADD_D = 217;
    static final int AMOXOR_W = 218;
    static final int AMOXOR_D = 219;
    static final int AMOAND_W = 220;
    static final int AMOAND_D = 221;
    static final int AMOOR_W = 222;
    static final int AMOOR_D = 223;
    static final int AMOMIN_W = 224;
    static final int AMOMIN_D = 225;
    static final int AMOMAX_W = 226;
    static final int AMOMAX_D = 227;
    static final int AMOMINU_W = 228;
    static final int AMOMINU_D = 229;
    static final int AMOMAXU_W = 230;
    static final int AMOMAXU_D = 231;

    private Op() {}

    /** An operation without {@link #COMPRESSED}. */
    static int plain(int op) {
        return op < 2 * COMPRESSED ? op & COMPRESSED - 1 : op;
    }
}
