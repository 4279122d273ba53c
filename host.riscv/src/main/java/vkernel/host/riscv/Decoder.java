package vkernel.host.riscv;

import java.util.ArrayList;
import java.util.List;
import vkernel.host.engine.Registers;

/** Finds the row of an instruction and packs it. The table is split by major opcode. */
public final class Decoder {
    private static final Row[][] BASE = table();
    private static final Row[] COMPRESSED = CompressedSet.rows().toArray(Row[]::new);

    private Decoder() {}

    /** Whether an instruction that begins with these 16 bits has 16 bits. */
    static boolean compressed(int half) {
        return (half & 3) != 3;
    }

    /** Packs a compressed instruction; one that does not exist becomes {@link Op#ILLEGAL}. */
    static long decodeCompressed(int half) {
        return pack(COMPRESSED, half & 0xFFFF, 1);
    }

    /** Packs an instruction of 32 bits; one that does not exist becomes {@link Op#ILLEGAL}. */
    static long decode(int word) {
        return pack(BASE[word >>> 2 & 31], word, 2);
    }

    private static long pack(Row[] rows, int bits, int halfWords) {
        for (Row row : rows) {
            if (!row.matches(bits)) continue;
            long operands = row.operands().applyAsLong(bits);
            int op = Op.forLoop(row.op(), Packed.rd(operands) != Registers.SCRATCH, halfWords == 1);
            return Packed.complete(operands, op, halfWords);
        }
        return Packed.complete(Packed.NONE, Op.ILLEGAL, halfWords);
    }

    private static Row[][] table() {
        List<Row> all = new ArrayList<>(BaseSet.rows());
        all.addAll(FloatSet.rows());
        Row[][] table = new Row[32][];
        for (int i = 0; i < table.length; i++) {
            int major = i;
            table[i] = all.stream().filter(r -> (r.match() >>> 2 & 31) == major).toArray(Row[]::new);
        }
        return table;
    }
}
