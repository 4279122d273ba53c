package vkernel.guest.linux.futex;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FutexOpTest {
    @Test
    void argumentsAreSigned() {
        FutexOp op = FutexOp.decode(1 << 28 | 2 << 24 | 0xfff << 12 | 0xffe);
        assertThat(op).isEqualTo(new FutexOp(1, 2, -1, -2));
        assertThat(op.apply(5)).isEqualTo(4);
        assertThat(op.compares(-3)).isTrue();
        assertThat(op.compares(-2)).isFalse();
    }

    @Test
    void aShiftedArgumentIsABit() {
        assertThat(FutexOp.decode((8 | 2) << 28 | 4 << 12).apply(1)).isEqualTo(17);
    }

    @Test
    void unknownOperationsAreSeen() {
        assertThat(FutexOp.decode(5 << 28).known()).isFalse();
        assertThat(FutexOp.decode(6 << 24).known()).isFalse();
    }
}
