package vkernel.guest.vm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.vm.Machine.PAGE;
import static vkernel.guest.vm.Machine.PRIVATE;
import static vkernel.guest.vm.Machine.RW;
import static vkernel.guest.vm.Machine.SHARED;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.kern.Errno;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.PageCache;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** What the kernel does with addresses that user programs give. */
class UserMemoryTest {
    private final Machine machine = new Machine(4 << 20, new byte[8 * PAGE]);
    private final Task task = machine.process();
    private final AddressSpace space = task.memory();
    private final long a = machine.vm.map(space, 0x10_0000, 4 * PAGE, RW, PRIVATE, null, 0);

    @AfterEach
    void everythingIsAccountedFor() {
        machine.check();
        machine.close();
    }

    private static byte[] ascending(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 7 + i / 256);
        }
        return bytes;
    }

    @Test
    void copiesCrossPagesAndStopWhereMemoryEnds() {
        byte[] data = ascending(3 * PAGE);
        assertThat(machine.write(task, a + 100, data)).isTrue();
        assertThat(machine.read(task, a + 100, data.length)).isEqualTo(data);
        assertThat(machine.write(task, a + 2 * PAGE, data)).isFalse();
        assertThat(machine.read(task, a + 2 * PAGE, PAGE)).isEqualTo(java.util.Arrays.copyOf(data, PAGE));
    }

    @Test
    void badAddressesFaultAndNothingElse() {
        byte[] data = new byte[16];
        for (long va : new long[] {0, -1, -8, -PAGE, Long.MIN_VALUE, AddressSpace.END - 8, AddressSpace.END, a - 8}) {
            assertThat(machine.vm.read(space, va, data, 0, 16)).isFalse();
            assertThat(machine.vm.write(space, va, data, 0, 16)).isFalse();
            assertThat(machine.vm.peek(space, va, data, 0, 16)).isBetween(0, 8);
            assertThat(machine.vm.poke(space, va, data, 0, 16)).isBetween(0, 8);
            assertThat(machine.vm.loadInt(space, va)).isEqualTo(-Errno.EFAULT);
            assertThat(machine.vm.compareAndExchangeInt(space, va, 0, 1)).isEqualTo(-Errno.EFAULT);
            assertThat(machine.vm.futexKey(space, va, false)).isNull();
            assertThat(machine.vm.readString(space, va, 10)).isNull();
            assertThat(machine.vm.stringLength(space, va, 10)).isEqualTo(-Errno.EFAULT);
            IoBuffer buffer = machine.vm.buffer(task, va, Long.MAX_VALUE);
            assertThat(buffer.put(data, 0, 16)).isBetween(0, 8);
            assertThat(buffer.faulted()).isTrue();
            assertThat(machine.vm.buffer(task, va, 0).put(data, 0, 16)).isZero();
        }
    }

    @Test
    void wordsAreExchangedAtomically() {
        assertThat(machine.vm.compareAndExchangeInt(space, a, 0, -2)).isZero();
        assertThat(machine.vm.loadInt(space, a)).isEqualTo(0xffff_fffeL);
        assertThat(machine.vm.compareAndExchangeInt(space, a, 5, 6)).isEqualTo(0xffff_fffeL);
        assertThat(machine.vm.loadInt(space, a + 1)).isEqualTo(-Errno.EFAULT);
        machine.vm.protect(space, a, PAGE, Vma.READ);
        assertThat(machine.vm.compareAndExchangeInt(space, a, 0, 1)).isEqualTo(-Errno.EFAULT);
    }

    @Test
    void futexKeysAreEqualWhereThePageIsShared() {
        long s = machine.map(task, PAGE, RW, SHARED);
        Task child = machine.process(machine.vm.fork(space));
        AddressSpace other = child.memory();
        assertThat(machine.vm.futexKey(space, s + 4, false)).isEqualTo(machine.vm.futexKey(other, s + 4, false));
        assertThat(machine.vm.futexKey(space, s + 4, false)).isNotEqualTo(machine.vm.futexKey(space, s + 8, false));
        assertThat(machine.vm.futexKey(space, s, true)).isNotEqualTo(machine.vm.futexKey(other, s, true));
        assertThat(machine.vm.futexKey(space, a, false)).isNotEqualTo(machine.vm.futexKey(other, a, false));
        assertThat(machine.vm.futexKey(space, a, true)).isEqualTo(machine.vm.futexKey(space, a, true));
    }

    @Test
    void stringsKeepEveryByteAndKnowTheirLimit() {
        String text = "x\u00e9\u00ff".repeat(2000);
        machine.write(task, a + 1, (text + "\0").getBytes(ISO_8859_1));
        assertThat(machine.vm.readString(space, a + 1, 6000)).isEqualTo(text);
        assertThat(machine.vm.stringLength(space, a + 1, 6000)).isEqualTo(6000);
        assertThat(machine.vm.stringLength(space, a + 1, 5999)).isEqualTo(-Errno.ENAMETOOLONG);
        assertThat(machine.vm.readString(space, a + 1, 5999)).isNull();
        machine.write(task, a + 4 * PAGE - 3, new byte[] {65, 66, 67});
        assertThat(machine.vm.stringLength(space, a + 4 * PAGE - 3, 100)).isEqualTo(-Errno.EFAULT);
        machine.write(task, a + 4 * PAGE - 3, new byte[] {65, 66, 0});
        assertThat(machine.vm.readString(space, a + 4 * PAGE - 3, 2)).isEqualTo("AB");
    }

    @Test
    void debuggersReadAndWriteWhatTheProgramCannot() {
        PageCache pages = Machine.romPages(0, 2 * PAGE);
        long text = machine.vm.map(
                space, 0, 2 * PAGE, Vma.READ | Vma.EXECUTE, Vm.MAP_PRIVATE, Machine.open(pages, Mode.O_RDONLY), 0);
        machine.write(task, a, new byte[] {9});
        machine.vm.protect(space, a, PAGE, 0);
        byte[] one = new byte[1];
        assertThat(machine.vm.peek(space, a, one, 0, 1)).isEqualTo(1);
        assertThat(one[0]).isEqualTo((byte) 9);
        assertThat(machine.vm.poke(space, text + PAGE - 1, new byte[] {1, 2}, 0, 2))
                .isEqualTo(2);
        assertThat(machine.read(task, text + PAGE - 1, 2)).containsExactly(1, 2);
        assertThat(machine.store(task, text, 1)).isEqualTo(Vm.FAULT_DENIED);
        assertThat(machine.host.ram().getByte(machine.vm.page(pages, 1, false))).isZero();
        machine.vm.fork(space);
        assertThat(machine.vm.poke(space, text, new byte[] {5}, 0, 1)).isEqualTo(1);
    }

    @Test
    void aBufferOfManyRangesMovesOnAndBack() {
        byte[] data = ascending(100);
        long[] ranges = {a + PAGE - 10, 20, 0, 0, a + 100, 30, a + 200, 1000};
        IoBuffer buffer = machine.vm.buffer(task, ranges, 4);
        assertThat(buffer.remaining()).isEqualTo(1050);
        assertThat(buffer.put(data, 0, 60)).isEqualTo(60);
        buffer.back(35);
        assertThat(buffer.remaining()).isEqualTo(1025);
        assertThat(buffer.put(data, 50, 50)).isEqualTo(50);
        assertThat(buffer.putZeros(5000)).isEqualTo(975);
        assertThat(buffer.put(data, 0, 1)).isZero();
        assertThat(buffer.faulted()).isFalse();
        assertThat(machine.read(task, a + PAGE - 10, 20)).isEqualTo(java.util.Arrays.copyOf(data, 20));
        assertThat(machine.read(task, a + 100, 5)).isEqualTo(java.util.Arrays.copyOfRange(data, 20, 25));
        assertThat(machine.read(task, a + 105, 25)).isEqualTo(java.util.Arrays.copyOfRange(data, 50, 75));
        assertThat(machine.read(task, a + 200, 25)).isEqualTo(java.util.Arrays.copyOfRange(data, 75, 100));
    }

    @Test
    void lengthsThatOverflowAreCut() {
        IoBuffer buffer = machine.vm.buffer(task, new long[] {a, -1, a, Long.MAX_VALUE, a, 5}, 3);
        assertThat(buffer.remaining()).isEqualTo(0x7fff_f000L);
        assertThat(buffer.putZeros(Integer.MAX_VALUE)).isEqualTo(4 * PAGE);
        assertThat(buffer.faulted()).isTrue();
    }

    @Test
    void filesAreReadAndWrittenInUserMemory() {
        PageCache pages = new PageCache();
        byte[] data = ascending(3 * PAGE);
        machine.write(task, a, data);
        assertThat(machine.vm.writePages(pages, 50, machine.vm.buffer(task, a, data.length)))
                .isEqualTo(data.length);
        assertThat(pages.size).isEqualTo(3 * PAGE + 50);
        machine.write(task, a, new byte[4 * PAGE]);
        assertThat(machine.vm.readPages(pages, 50, machine.vm.buffer(task, a, 4 * PAGE)))
                .isEqualTo(data.length);
        assertThat(machine.read(task, a, data.length)).isEqualTo(data);
        assertThat(machine.vm.readPages(pages, pages.size, machine.vm.buffer(task, a, 10)))
                .isZero();
        assertThat(machine.vm.readPages(pages, 0, machine.vm.buffer(task, 0, 10)))
                .isEqualTo(-Errno.EFAULT);
        assertThat(machine.vm.writePages(pages, 8L << 40, machine.vm.buffer(task, 0, 10)))
                .isEqualTo(-Errno.EFAULT);
        assertThat(machine.vm.readPages(pages, -1, machine.vm.buffer(task, a, 10)))
                .isEqualTo(-Errno.EINVAL);
        assertThat(pages.count()).isEqualTo(4);
        long end = a + 4 * PAGE;
        assertThat(machine.vm.writePages(pages, 4 * PAGE, machine.vm.buffer(task, end - 5, PAGE)))
                .isEqualTo(5);
        assertThat(machine.vm.writePages(pages, Long.MAX_VALUE - 5, machine.vm.buffer(task, a, PAGE)))
                .isZero();
        assertThat(pages.size).isEqualTo(4 * PAGE + 5);
        assertThat(machine.vm.page(pages, 1000, false)).isEqualTo(-Errno.ENOENT);
        machine.vm.truncatePages(pages, 0);
        assertThat(machine.vm.stats().cached()).isZero();
    }

    @Test
    void aFileCanBeWrittenFromAMappingOfItself() {
        PageCache pages = Machine.romPages(0, 4 * PAGE);
        long m = machine.vm.map(space, 0, 4 * PAGE, RW, Vm.MAP_SHARED, Machine.open(pages, Mode.O_RDWR), 0);
        machine.write(task, m, ascending(PAGE));
        assertThat(machine.vm.writePages(pages, 2 * PAGE, machine.vm.buffer(task, m, PAGE)))
                .isEqualTo(PAGE);
        assertThat(machine.vm.writePages(pages, 3 * PAGE, machine.vm.buffer(task, m + 3 * PAGE, PAGE)))
                .isEqualTo(PAGE);
        assertThat(machine.read(task, m + 2 * PAGE, PAGE)).isEqualTo(ascending(PAGE));
        assertThat(machine.read(task, m + 3 * PAGE, PAGE)).containsOnly(0);
    }
}
