package vkernel.it.robust;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A small riscv64 program, to be spoilt: one segment, and code that ends with status 42. */
final class ElfFile {
    static final int HEADER = 64;
    static final int PROGRAM_HEADER = 56;
    static final long BASE = 0x10000;
    static final int CODE = 0x100;
    static final int SIZE = 0x200;
    static final int PT_LOAD = 1;
    static final int PT_INTERP = 3;

    private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    private int headers;

    /** One that works: the segment is the whole file. */
    static ElfFile good() {
        return new ElfFile()
                .header(243)
                .segment(PT_LOAD, 0, BASE, SIZE, SIZE, 4096)
                .code();
    }

    /** Without segments yet. @param machine e_machine */
    static ElfFile of(int machine) {
        return new ElfFile().header(machine).code();
    }

    private ElfFile header(int machine) {
        bytes.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        bytes.putShort(16, (short) 2).putShort(18, (short) machine).putInt(20, 1);
        bytes.putLong(24, BASE + CODE).putLong(32, HEADER);
        bytes.putShort(52, (short) HEADER).putShort(54, (short) PROGRAM_HEADER);
        return this;
    }

    /** Adds a program header that may be read, written and executed. */
    ElfFile segment(int type, long offset, long address, long file, long memory, long align) {
        int at = HEADER + PROGRAM_HEADER * headers++;
        bytes.putInt(at, type).putInt(at + 4, 7).putLong(at + 8, offset).putLong(at + 16, address);
        bytes.putLong(at + 24, address)
                .putLong(at + 32, file)
                .putLong(at + 40, memory)
                .putLong(at + 48, align);
        bytes.putShort(56, (short) headers);
        return this;
    }

    /** li a0, 42; li a7, 93; ecall: exit(42). */
    private ElfFile code() {
        bytes.putInt(CODE, 0x02a00513).putInt(CODE + 4, 0x05d00893).putInt(CODE + 8, 0x00000073);
        return this;
    }

    ElfFile put16(int at, int value) {
        bytes.putShort(at, (short) value);
        return this;
    }

    ElfFile put64(int at, long value) {
        bytes.putLong(at, value);
        return this;
    }

    ElfFile text(int at, String text) {
        bytes.put(at, text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        return this;
    }

    byte[] bytes() {
        return bytes.array();
    }

    byte[] cut(int length) {
        return Arrays.copyOf(bytes.array(), length);
    }
}
