package vkernel.host.riscv;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random program that leaves its registers and memory in one range, writes the range to standard output and exits.
 * It runs under Linux and on {@link Machine} alike. The same seed with fewer steps gives a prefix of the program.
 *
 * <p>x31 points into the data all the time, x30 counts loops, x29 is clobbered by addresses; all else is random.
 */
final class RandomProgram {
    static final long CODE = 0x10000;
    /** Memory that is compared. */
    static final long DATA = 0x30000;

    static final int DATA_SIZE = 0x6000;

    private static final int SCRATCH = 0x1000;
    private static final int SPECIALS = 0x3000;
    private static final int INITIAL = 0x4000;
    private static final int DUMP = 0x5000;

    private static final int BASE = 31;
    private static final int COUNTER = 30;
    private static final int ADDRESS = 29;
    /** One of so many accesses is at the edge of a page. */
    private static final int EDGE = 6;

    private static final int[] MODES = {0, 1, 2, 3, 4, 7, 7, 7};

    private final Random random;
    private final List<Short> code = new ArrayList<>();
    /** What was generated, for people. */
    final List<String> names = new ArrayList<>();

    RandomProgram(long seed, int steps) {
        random = new Random(seed);
        prologue();
        for (int i = 0; i < steps; i++) step();
        epilogue();
        if (2L * code.size() > DATA - CODE) throw new IllegalArgumentException("too many steps");
    }

    byte[] code() {
        return Asm.bytes(code);
    }

    /** Initial data, special values of floats among it. */
    static byte[] data(long seed) {
        Random random = new Random(~seed);
        ByteBuffer b = ByteBuffer.allocate(DATA_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        while (b.hasRemaining()) b.putLong(value(random));
        b.putLong(INITIAL, random.nextInt(5) << 5 | random.nextInt(32));
        return b.array();
    }

    private static long value(Random random) {
        long sign = random.nextLong() & Long.MIN_VALUE;
        long boxed = -1L << 32;
        return switch (random.nextInt(12)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextInt(-20, 20);
            case 2 -> sign >> random.nextInt(64);
            case 3 -> Double.doubleToRawLongBits(random.nextInt(-100, 100) / 8.0);
            case 4 -> sign | random.nextLong(4) << 52 | random.nextLong(4) - 2 & (1L << 52) - 1;
            case 5 -> sign | 0x7FDL + random.nextInt(3) << 52 | random.nextLong(4) - 2 & (1L << 52) - 1;
            case 6 -> sign | random.nextLong(960, 1100) << 52 | random.nextLong() >>> 12 & -1L << random.nextInt(52);
            case 7 -> boxed | random.nextInt();
            case 8 -> boxed | sign >>> 32 | (long) random.nextInt(4) << 23 | random.nextInt(4) - 2 & 0x7FFFFF;
            case 9 -> boxed | sign >>> 32 | 0xFDL + random.nextInt(3) << 23 | random.nextInt(4) - 2 & 0x7FFFFF;
            case 10 -> boxed | Integer.toUnsignedLong(Float.floatToRawIntBits(random.nextInt(-100, 100) / 8f));
            default -> {
                long fraction = random.nextInt() >>> 9 & -1L << random.nextInt(23);
                yield boxed | sign >>> 32 | random.nextLong(97, 160) << 23 | fraction;
            }
        };
    }

    private void prologue() {
        wide(Asm.u("lui", BASE, (int) DATA + INITIAL));
        wide(Asm.i("ld", 1, BASE, 0));
        wide(Asm.i("csrrw", 0, 1, 3));
        for (int i = 1; i < BASE; i++) wide(Asm.i("ld", i, BASE, 8 * i));
        for (int i = 0; i < 32; i++) wide(Asm.i("fld", i, BASE, 256 + 8 * i));
        wide(Asm.u("lui", BASE, (int) DATA + SCRATCH));
    }

    private void epilogue() {
        wide(Asm.u("lui", BASE, (int) DATA + DUMP));
        for (int i = 1; i < BASE; i++) wide(Asm.s("sd", i, BASE, 8 * i));
        for (int i = 0; i < 32; i++) wide(Asm.s("fsd", i, BASE, 256 + 8 * i));
        wide(Asm.i("csrrs", 1, 0, 3));
        wide(Asm.s("sd", 1, BASE, 0));
        wide(Asm.i("addi", 10, 0, 1));
        wide(Asm.u("lui", 11, (int) DATA));
        wide(Asm.u("lui", 12, DATA_SIZE));
        wide(Asm.i("addi", 17, 0, 64));
        wide(Asm.ECALL);
        wide(Asm.i("addi", 10, 0, 0));
        wide(Asm.i("addi", 17, 0, 93));
        wide(Asm.ECALL);
    }

    /** One instruction, with what it needs before it. */
    private void step() {
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> compressed();
            case 3 -> reloadFloat();
            case 4 -> loop();
            case 5 -> skip();
            case 6 -> roundingMode();
            case 7, 8, 9 -> float_();
            default -> wideRow();
        }
    }

    private void float_() {
        List<Row> rows = FloatSet.rows();
        emit(rows.get(random.nextInt(rows.size())));
    }

    private void wideRow() {
        List<Row> rows = BaseSet.rows();
        emit(rows.get(random.nextInt(rows.size())));
    }

    /** An access that begins up to 8 bytes before the page at BASE. */
    private int beforeThePage(int bits, boolean store) {
        int offset = -1 - random.nextInt(8);
        if (!store) return bits & ~(-1 << 20) | offset << 20;
        return bits & ~(-1 << 25 | 31 << 7) | offset >> 5 << 25 | (offset & 31) << 7;
    }

    private void emit(Row row) {
        int op = row.op();
        int bits = random.nextInt() & ~row.mask() | row.match();
        if (row.rounds()) bits = bits & ~(7 << 12) | MODES[random.nextInt(MODES.length)] << 12;
        if (op >= Op.JAL && op <= Op.BGEU || op == Op.ECALL || op == Op.EBREAK) return;
        // An sc of another width than its lr may succeed or not; so it only comes right after one.
        if (op == Op.SC_W || op == Op.SC_D) return;
        if (op >= Op.CSRRW && op <= Op.CSRRCI) bits = csr(row, bits);
        if (op >= Op.LB && op <= Op.SD) {
            bits = bits & ~(31 << 15) | BASE << 15;
            if (random.nextInt(EDGE) == 0) bits = beforeThePage(bits, op >= Op.SB);
        }
        if (op >= Op.LR_W && op <= Op.AMOMAXU_D) {
            wide(Asm.i("addi", ADDRESS, BASE, random.nextInt(-256, 256) & ~7));
            bits = bits & ~(31 << 15) | ADDRESS << 15;
        }
        names.add(row.name());
        wide(safe(row, bits));
        boolean reserves = op == Op.LR_W || op == Op.LR_D;
        if (reserves && random.nextInt(4) != 0) conditional(op, random.nextInt(4) == 0);
    }

    private void conditional(int lr, boolean otherAddress) {
        if (otherAddress) wide(Asm.i("addi", ADDRESS, ADDRESS, 8));
        wide(Asm.r(lr == Op.LR_W ? "sc.w" : "sc.d", random.nextInt(1, ADDRESS), ADDRESS, random.nextInt(31)));
    }

    /** Keeps x29 to x31 from being written. */
    private int safe(Row row, int bits) {
        boolean store = row.op() >= Op.SB && row.op() <= Op.SD;
        int rd = bits >>> 7 & 31;
        return store || rd < ADDRESS ? bits : bits & ~(31 << 7) | random.nextInt(ADDRESS) << 7;
    }

    /** frm stays valid. */
    private int csr(Row row, int bits) {
        int number = 1 + random.nextInt(3);
        boolean readOnly = number != 1;
        int source = readOnly ? 0 : bits >>> 15 & 31;
        int match = readOnly ? Asm.row("csrrs").match() : row.match();
        return match | bits & 31 << 7 | source << 15 | number << 20;
    }

    private void roundingMode() {
        names.add("fsrm");
        wide(Asm.i("csrrwi", 0, random.nextInt(5), 2));
    }

    private void reloadFloat() {
        names.add("fld of a special");
        wide(Asm.u("lui", ADDRESS, (int) DATA + SPECIALS));
        for (int i = 0; i < 3; i++) wide(Asm.i("fld", random.nextInt(32), ADDRESS, 8 * random.nextInt(256)));
    }

    /** A loop of a few turns. */
    private void loop() {
        names.add("loop");
        wide(Asm.i("addi", COUNTER, 0, random.nextInt(1, 5)));
        int start = code.size();
        for (int i = random.nextInt(1, 6); i > 0; i--) wideRow();
        wide(Asm.i("addi", COUNTER, COUNTER, -1));
        wide(Asm.b("bne", COUNTER, 0, 2 * (start - code.size())));
    }

    /** A jump forward, taken or not, by one of the ways there are. */
    private void skip() {
        names.add("skip");
        int a = random.nextInt(32);
        int b = random.nextInt(32);
        String[] branches = {"beq", "bne", "blt", "bge", "bltu", "bgeu"};
        switch (random.nextInt(4)) {
            case 0 -> wide(Asm.jal(random.nextInt(ADDRESS), 8));
            case 1 -> {
                wide(Asm.u("auipc", ADDRESS, 0));
                wide(Asm.i("jalr", random.nextInt(ADDRESS), ADDRESS, 12 + random.nextInt(2)));
            }
            case 2 -> code.add((short) (0xC001 | random.nextInt(8) << 7 | random.nextInt(2) << 13 | 3 << 3));
            default -> wide(Asm.b(branches[random.nextInt(6)], a, b, 8));
        }
        wide(Asm.i("addi", random.nextInt(ADDRESS), random.nextInt(32), random.nextInt(2048)));
    }

    private void compressed() {
        List<Row> rows = CompressedSet.rows();
        Row row = rows.get(random.nextInt(rows.size()));
        int bits = random.nextInt() & 0xFFFF & ~row.mask() | row.match();
        String name = row.name();
        if (row.op() == Op.ILLEGAL || row.op() == Op.EBREAK || row.op() == Op.JALR || row.op() == Op.JAL) return;
        if (row.op() == Op.BEQ || row.op() == Op.BNE) return;
        long in = Decoder.decodeCompressed(bits);
        if (Op.plain(Packed.op(in)) != row.op()) return; // an earlier row was cut out of this one
        boolean store = row.op() >= Op.SB && row.op() <= Op.SD;
        if (!store && Packed.rd(in) >= ADDRESS && Packed.rd(in) <= BASE) return;
        if (row.op() >= Op.LB && row.op() <= Op.SD) {
            wide(Asm.i("addi", Packed.rs1(in), BASE, random.nextInt(-1024, 1024)));
        }
        names.add(name);
        code.add((short) bits);
    }

    private void wide(int bits) {
        code.add((short) bits);
        code.add((short) (bits >>> 16));
    }
}
