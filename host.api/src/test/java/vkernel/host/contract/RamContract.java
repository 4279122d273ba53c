package vkernel.host.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Random;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.host.Host;
import vkernel.host.Ram;

/** {@link Ram}: what it holds, its ranges, and the reports of changed code. */
public abstract class RamContract extends MachineContract {
    private final ScriptedEngine engine = new ScriptedEngine();
    private Host host;
    private Ram ram;

    @BeforeEach
    void start() {
        host = machine(1, false, engine);
        ram = host.ram();
    }

    @Test
    void isZeroAndAsLargeAsConfigured() {
        assertThat(ram.size()).isEqualTo(RAM);
        assertThat(ram.frames()).isEqualTo((int) (RAM / PAGE));
        assertThat(ram.getLong(0)).isZero();
        assertThat(ram.getLong(RAM - 8)).isZero();
    }

    @Test
    void keepsLittleEndianNumbersAtAnyAddress() {
        for (long at = 4090; at < 4106; at++) {
            ram.putLong(at, 0x0807060504030201L);
            assertThat(ram.getLong(at)).isEqualTo(0x0807060504030201L);
            assertThat(ram.getInt(at)).isEqualTo(0x04030201);
            assertThat(ram.getShort(at)).isEqualTo((short) 0x0201);
            assertThat(ram.getByte(at + 7)).isEqualTo((byte) 8);
            ram.putInt(at + 1, -2);
            ram.putShort(at + 5, (short) -3);
            ram.putByte(at + 7, (byte) -4);
            assertThat(ram.getLong(at)).isEqualTo(0xFCFF_FDFF_FFFF_FE01L);
        }
    }

    @Test
    void exchangesOnlyWhatIsExpected() {
        ram.putLong(64, 5);
        assertThat(ram.compareAndExchangeLong(64, 4, 9)).isEqualTo(5);
        assertThat(ram.compareAndExchangeLong(64, 5, -1)).isEqualTo(5);
        assertThat(ram.getLong(64)).isEqualTo(-1);
        assertThat(ram.compareAndExchangeInt(68, -1, 7)).isEqualTo(-1);
        assertThat(ram.compareAndExchangeInt(68, -1, 8)).isEqualTo(7);
        assertThat(ram.getLong(64)).isEqualTo(0x7_FFFF_FFFFL);
    }

    @Test
    void copiesZeroesAndComparesRanges() {
        byte[] bytes = new byte[3 * 4096];
        new Random(1).nextBytes(bytes);
        ram.write(100, bytes, 0, bytes.length);
        ram.copy(100, 101, bytes.length); // overlapping
        byte[] back = new byte[bytes.length + 2];
        ram.read(101, back, 1, bytes.length);
        assertThat(back).startsWith(0).endsWith(0).containsSequence(bytes);
        ram.copy(101, 1 << 20, bytes.length);
        assertThat(ram.equal(101, 1 << 20, bytes.length)).isTrue();
        ram.putByte((1 << 20) + bytes.length - 1, (byte) ~bytes[bytes.length - 1]);
        assertThat(ram.equal(101, 1 << 20, bytes.length)).isFalse();
        assertThat(ram.equal(101, 1 << 20, bytes.length - 1)).isTrue();
        ram.zero(101, bytes.length);
        assertThat(ram.getLong(101)).isZero();
        assertThat(ram.getByte(101 + bytes.length - 1)).isZero();
        assertThat(ram.getByte(100)).isEqualTo(bytes[0]);
    }

    @Test
    void touchesNothingForAnEmptyRange() {
        ram.write(RAM, new byte[0], 0, 0);
        ram.read(RAM, new byte[0], 0, 0);
        ram.zero(RAM, 0);
        ram.copy(RAM, RAM, 0);
        assertThat(ram.equal(RAM, 0, 0)).isTrue();
    }

    private Stream<LongConsumer> accesses() {
        byte[] bytes = new byte[8];
        return Stream.of(
                ram::getLong,
                ram::getInt,
                ram::getShort,
                ram::getByte,
                at -> ram.putLong(at, 1),
                at -> ram.putInt(at, 1),
                at -> ram.putShort(at, (short) 1),
                at -> ram.putByte(at, (byte) 1),
                at -> ram.compareAndExchangeInt(at, 0, 1),
                at -> ram.compareAndExchangeLong(at, 0, 1),
                at -> ram.read(at, bytes, 0, 8),
                at -> ram.write(at, bytes, 0, 8),
                at -> ram.copy(at, 0, 8),
                at -> ram.copy(0, at, 8),
                at -> ram.zero(at, 8),
                at -> ram.equal(at, 0, 8),
                at -> ram.equal(0, at, 8));
    }

    @Test
    void refusesAddressesOutside() {
        for (long outside : new long[] {-8, RAM, Long.MIN_VALUE, Long.MAX_VALUE - 7, 1L << 60}) {
            accesses()
                    .forEach(access -> assertThatExceptionOfType(IndexOutOfBoundsException.class)
                            .isThrownBy(() -> access.accept(outside)));
        }
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> ram.putLong(RAM - 7, 1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> ram.zero(0, -1));
    }

    @Test
    void reportsAWriteToMarkedCodeOnce() {
        byte[] bytes = new byte[16];
        LongConsumer[] writes = {
            at -> ram.putLong(at, 1),
            at -> ram.putInt(at, 1),
            at -> ram.putShort(at, (short) 1),
            at -> ram.putByte(at, (byte) 1),
            at -> ram.compareAndExchangeInt(at, 1, 2),
            at -> ram.compareAndExchangeLong(at, 1, 2),
            at -> ram.write(at, bytes, 0, 16),
            at -> ram.copy(0, at, 16),
            at -> ram.zero(at, 16)
        };
        for (int i = 0; i < writes.length; i++) {
            int frame = 10 + i;
            ram.markCode(frame);
            assertThat(ram.isCode(frame)).isTrue();
            writes[i].accept(frame * PAGE + 8);
            assertThat(engine.changes(frame)).as("write " + i).isEqualTo(1);
            assertThat(ram.isCode(frame)).isFalse();
            writes[i].accept(frame * PAGE + 8);
            assertThat(engine.changes(frame)).as("write " + i).isEqualTo(1);
        }
    }

    @Test
    void reportsEveryMarkedFrameOfARangeAndNoOther() {
        for (int frame = 20; frame < 26; frame++) ram.markCode(frame);
        ram.putLong(21 * PAGE - 4, 1);
        assertThat(engine.changes(20)).isEqualTo(1);
        assertThat(engine.changes(21)).isEqualTo(1);
        ram.zero(23 * PAGE, 2 * PAGE);
        assertThat(engine.changes(22)).isZero();
        assertThat(engine.changes(23)).isEqualTo(1);
        assertThat(engine.changes(24)).isEqualTo(1);
        assertThat(engine.changes(25)).isZero();
    }

    @Test
    void readingMarkedCodeReportsNothing() {
        ram.markCode(30);
        ram.getLong(30 * PAGE);
        ram.read(30 * PAGE, new byte[8], 0, 8);
        ram.copy(30 * PAGE, 40 * PAGE, PAGE);
        assertThat(ram.isCode(30)).isTrue();
        assertThat(engine.changes(30)).isZero();
    }
}
