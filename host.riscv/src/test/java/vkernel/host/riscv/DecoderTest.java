package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The decode table is unambiguous, and what it says of operands is what the assembler puts there. */
class DecoderTest {
    @Test
    void noTwoWideRowsMatchTheSameEncoding() {
        for (Row a : RowSource.WIDE) {
            for (Row b : RowSource.WIDE) {
                boolean overlap = ((a.match() ^ b.match()) & a.mask() & b.mask()) == 0;
                assertThat(a == b || !overlap)
                        .as("%s and %s", a.name(), b.name())
                        .isTrue();
            }
        }
    }

    @Test
    void everyWideRowIsFoundByItsOwnEncodings() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (Row row : RowSource.WIDE) {
            int bits = random.nextInt() & ~row.mask() & ~(row.rounds() ? 7 << 12 : 0) | row.match();
            assertThat(Packed.op(Decoder.decode(bits)))
                    .as("%s, seed %d", row.name(), seed)
                    .isEqualTo(row.op());
            assertThat(bits & 3).isEqualTo(3);
        }
    }

    @Test
    void branchAndJumpDistancesAreInHalfWords() {
        for (int bytes = -4096; bytes < 4096; bytes += 2) {
            assertThat(Packed.imm(Decoder.decode(Asm.b("beq", 1, 2, bytes)))).isEqualTo(bytes / 2);
        }
        for (int bytes = -(1 << 20); bytes < 1 << 20; bytes += 4098) {
            assertThat(Packed.imm(Decoder.decode(Asm.jal(1, bytes)))).isEqualTo(bytes / 2);
        }
    }

    @Test
    void writesToX0GoToTheScratchSlot() {
        long in = Decoder.decode(Asm.i("addi", 0, 0, 1));
        assertThat(Packed.rd(in)).isEqualTo(vkernel.host.engine.Registers.SCRATCH);
        assertThat(Packed.rs1(in)).isZero();
    }
}
