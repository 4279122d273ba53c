package vkernel.guest.linux.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import vkernel.guest.linux.user.Le;
import vkernel.kern.Errno;

class ElfTest {
    private static final int SIZE = 0x3000;

    /** A program of two segments, code at 0x10000 and data at 0x12000. */
    private final byte[] file = new byte[SIZE];

    ElfTest() {
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 0, file, 0, 7);
        Le.put16(file, 16, 2);
        Le.put16(file, 18, 243);
        Le.put64(file, 24, 0x10100);
        Le.put64(file, 32, 64);
        Le.put16(file, 54, 56);
        Le.put16(file, 56, 2);
        segment(0, 1, 5, 0, 0x10000, 0x1800, 0x1800);
        segment(1, 1, 6, 0x2000, 0x12000, 0x800, 0x5000);
    }

    private void segment(int i, int type, int flags, long offset, long address, long inFile, long inMemory) {
        int at = 64 + 56 * i;
        Le.put32(file, at, type);
        Le.put32(file, at + 4, flags);
        Le.put64(file, at + 8, offset);
        Le.put64(file, at + 16, address);
        Le.put64(file, at + 32, inFile);
        Le.put64(file, at + 40, inMemory);
        Le.put64(file, at + 48, 0x1000);
    }

    private Elf parse() throws BadProgram {
        return parse(file.length);
    }

    private Elf parse(int size) throws BadProgram {
        byte[] head = Arrays.copyOf(file, Math.min(size, 256));
        Elf.Part part = Elf.programHeaders(head, head.length, size);
        byte[] headers = Arrays.copyOfRange(file, (int) part.offset(), (int) (part.offset() + part.length()));
        return Elf.parse(head, headers, size);
    }

    private void refused(int errno, String why) {
        assertThatExceptionOfType(BadProgram.class)
                .isThrownBy(this::parse)
                .withMessageContaining(why)
                .satisfies(e -> assertThat(e.errno).isEqualTo(-errno));
    }

    @Test
    void aGoodProgramIsRead() throws BadProgram {
        Elf elf = parse();
        assertThat(elf.entry()).isEqualTo(0x10100);
        assertThat(elf.position()).isFalse();
        assertThat(elf.headersAt()).isEqualTo(0x10040);
        assertThat(elf.segments()).hasSize(2);
        assertThat(elf.start()).isEqualTo(0x10000);
        assertThat(elf.end()).isEqualTo(0x17000);
        assertThat(elf.interpreter()).isNull();
    }

    @Test
    void whatIsNoElfFileIsSaid() {
        file[1] = 'X';
        refused(Errno.ENOEXEC, "not an ELF file");
    }

    @Test
    void anEmptyFileIsNoElfFile() {
        assertThatExceptionOfType(BadProgram.class).isThrownBy(() -> parse(0)).withMessageContaining("not an ELF file");
    }

    @Test
    void anotherMachineIsNamed() {
        Le.put16(file, 18, 62);
        refused(Errno.ENOEXEC, "x86-64");
        Le.put16(file, 18, 183);
        refused(Errno.ENOEXEC, "aarch64");
        Le.put16(file, 18, 0x1234);
        refused(Errno.ENOEXEC, "machine 4660");
        Le.put16(file, 18, 243);
        file[4] = 1;
        refused(Errno.ENOEXEC, "riscv (32 bit)");
    }

    @Test
    void anObjectFileIsNoProgram() {
        Le.put16(file, 16, 1);
        refused(Errno.ENOEXEC, "no program");
    }

    @Test
    void aTruncatedFileIsSaidToBe() {
        for (int size : new int[] {5, 40, 63}) {
            assertThatExceptionOfType(BadProgram.class)
                    .isThrownBy(() -> parse(size))
                    .withMessageContaining("truncated");
        }
        Le.put64(file, 32, SIZE - 10);
        refused(Errno.ENOEXEC, "truncated");
        Le.put64(file, 32, -8);
        refused(Errno.ENOEXEC, "truncated");
        Le.put64(file, 32, Long.MAX_VALUE);
        refused(Errno.ENOEXEC, "truncated");
    }

    @Test
    void segmentsThatMakeNoSenseAreAbsurd() {
        segment(1, 1, 6, 0x2000, 0x12000, 0x800, 0x700);
        refused(Errno.EINVAL, "absurd");
        segment(1, 1, 6, 0x2000, 0x12000, -1, -1);
        refused(Errno.EINVAL, "absurd");
        segment(1, 1, 6, 0x2000, 1L << 47, 0x800, 0x800);
        refused(Errno.EINVAL, "absurd");
        segment(1, 1, 6, 0x2000, 0x12000, 0x800, 1L << 60);
        refused(Errno.EINVAL, "absurd");
        segment(1, 1, 6, 0x2000, -0x1000, 0x800, 0x800);
        refused(Errno.EINVAL, "absurd");
        segment(1, 1, 6, 0x2000, 0x12010, 0x800, 0x800);
        refused(Errno.EINVAL, "pages");
    }

    @Test
    void segmentsOverlapOrDescendInNoProgram() {
        segment(1, 1, 6, 0x1000, 0x11000, 0x800, 0x800);
        refused(Errno.EINVAL, "overlapping");
        segment(1, 1, 6, 0x2000, 0x8000, 0x800, 0x800);
        refused(Errno.EINVAL, "overlapping");
    }

    @Test
    void nothingToLoadIsNoProgram() {
        segment(0, 0, 0, 0, 0, 0, 0);
        segment(1, 0, 0, 0, 0, 0, 0);
        refused(Errno.ENOEXEC, "nothing to load");
        Le.put16(file, 56, 0);
        refused(Errno.ENOEXEC, "program headers");
        Le.put16(file, 56, 2);
        Le.put16(file, 54, 32);
        refused(Errno.ENOEXEC, "program headers");
    }

    @Test
    void badInterpreterNamesAreRefused() {
        segment(1, 3, 4, 0x2000, 0, 1, 1);
        refused(Errno.ENOEXEC, "interpreter");
        segment(1, 3, 4, SIZE, 0, 20, 20);
        refused(Errno.ENOEXEC, "interpreter");
        segment(1, 3, 4, 0, 0, 5000, 5000);
        refused(Errno.ENOEXEC, "interpreter");
    }

    @Test
    void rubbishIsRefusedAndNeverMore() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] good = file.clone();
        for (int round = 0; round < 20_000; round++) {
            System.arraycopy(good, 0, file, 0, file.length);
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                file[random.nextInt(64 + 2 * 56)] = (byte) random.nextInt();
            }
            try {
                Elf elf = parse(random.nextInt(file.length + 1));
                assertThat(elf.segments()).as("seed " + seed).isNotEmpty();
            } catch (BadProgram e) {
                assertThat(e.errno).as("seed " + seed).isNegative();
            }
        }
    }
}
