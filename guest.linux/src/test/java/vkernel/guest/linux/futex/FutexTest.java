package vkernel.guest.linux.futex;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.linux.FakeMemory.BASE;

import org.junit.jupiter.api.Test;
import vkernel.guest.linux.FakeKernel;
import vkernel.guest.linux.Linux;
import vkernel.guest.linux.table.Names;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Registers;
import vkernel.task.Restart;
import vkernel.task.Task;

class FutexTest {
    private static final long WORD = BASE + 0x100;
    private static final long OTHER = BASE + 0x200;
    private static final long TIME = BASE + 0x300;
    private static final int WAIT = 0,
            WAKE = 1,
            REQUEUE = 3,
            CMP_REQUEUE = 4,
            WAKE_OP = 5,
            BITSET = 9,
            WAKE_BITSET = 10;
    private static final int PRIVATE = 128;

    private final FakeKernel kernel = new FakeKernel();
    private final Linux linux = new Linux(kernel.kernel());
    private final Task one = kernel.task();
    private final Task two = threadOf(one);
    private final Task three = threadOf(one);

    private Task threadOf(Task first) {
        Task task = kernel.task();
        task.memory = first.memory;
        return task;
    }

    private long futex(Task task, long... args) {
        task.regs[Registers.A7] = Names.number("futex");
        for (int i = 0; i < 6; i++) {
            task.regs[Registers.A0 + i] = i < args.length ? args[i] : 0;
        }
        return linux.syscall(task);
    }

    private long again(Task task) {
        return linux.syscall(task);
    }

    @Test
    void waitsWhileTheWordHoldsTheValueAndReturnsWhenWoken() {
        kernel.memory.putInt(WORD, 7);
        assertThat(futex(one, WORD, WAIT, 8)).isEqualTo(-Errno.EAGAIN);
        assertThat(futex(one, WORD, WAIT, 7)).isEqualTo(Kernel.BLOCKED);
        assertThat(futex(two, WORD, WAKE, 1)).isEqualTo(1);
        assertThat(kernel.woken).containsExactly(one);
        kernel.memory.putInt(WORD, 9);
        assertThat(again(one)).as("whatever the word holds by then").isZero();
    }

    @Test
    void wokenForAnotherReasonItLooksAtTheWordAgain() {
        assertThat(futex(one, WORD, WAIT, 0)).isEqualTo(Kernel.BLOCKED);
        one.stopWaiting();
        assertThat(again(one)).isEqualTo(Kernel.BLOCKED);
        one.stopWaiting();
        kernel.memory.putInt(WORD, 1);
        assertThat(again(one)).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void aTimeoutEndsTheWait() {
        kernel.memory.putLong(TIME, 0);
        kernel.memory.putLong(TIME + 8, 500);
        assertThat(futex(one, WORD, WAIT, 0, TIME)).isEqualTo(Kernel.BLOCKED);
        assertThat(one.restart.deadline).isEqualTo(kernel.now + 500);
        assertThat(one.restart.onSignal).isEqualTo(Restart.OnSignal.EINTR);
        kernel.now += 500;
        one.stopWaiting();
        assertThat(again(one)).isEqualTo(-Errno.ETIMEDOUT);
        assertThat(one.restart.deadline).as("the record is clear again").isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void privateAndSharedDoNotMeet() {
        assertThat(futex(one, WORD, WAIT | PRIVATE, 0)).isEqualTo(Kernel.BLOCKED);
        assertThat(futex(two, WORD, WAKE, 9)).isZero();
        assertThat(futex(two, WORD, WAKE | PRIVATE, 9)).isEqualTo(1);
    }

    @Test
    void bitsChooseWhoIsWoken() {
        futex(one, WORD, BITSET, 0, 0, 0, 1);
        futex(two, WORD, BITSET, 0, 0, 0, 2);
        assertThat(futex(three, WORD, WAKE_BITSET, 9, 0, 0, 2)).isEqualTo(1);
        assertThat(kernel.woken).containsExactly(two);
        assertThat(futex(three, WORD, WAKE_BITSET, 9, 0, 0, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(futex(three, WORD, BITSET, 0, 0, 0, 0)).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void requeueWakesSomeAndMovesTheRest() {
        futex(one, WORD, WAIT, 0);
        futex(two, WORD, WAIT, 0);
        assertThat(futex(three, WORD, CMP_REQUEUE, 1, 9, OTHER, 5)).isEqualTo(-Errno.EAGAIN);
        assertThat(futex(three, WORD, REQUEUE, 1, 9, OTHER)).isEqualTo(2);
        assertThat(kernel.woken).containsExactly(one);
        assertThat(futex(three, WORD, WAKE, 9)).isZero();
        assertThat(futex(three, OTHER, WAKE, 9)).isEqualTo(1);
        assertThat(again(two)).isZero();
    }

    @Test
    void wakeOpChangesTheSecondWordAndCompares() {
        futex(one, WORD, WAIT, 0);
        futex(two, OTHER, WAIT, 0);
        int addOneIfItWasZero = 1 << 28 | 1 << 12;
        assertThat(futex(three, WORD, WAKE_OP, 1, 1, OTHER, addOneIfItWasZero)).isEqualTo(2);
        assertThat(kernel.memory.getInt(OTHER)).isEqualTo(1);
    }

    @Test
    void badAddressesAreErrors() {
        assertThat(futex(one, WORD + 1, WAIT, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(futex(one, 0, WAIT, 0)).isEqualTo(-Errno.EFAULT);
        assertThat(futex(one, 8, WAKE, 1)).isEqualTo(-Errno.EFAULT);
        assertThat(futex(one, WORD, 77, 0)).isEqualTo(-Errno.ENOSYS);
    }

    @Test
    void aThreadThatEndsLeavesItsRobustMutexesToTheNext() {
        long head = BASE + 0x1000;
        long entry = BASE + 0x2000;
        kernel.memory.putLong(head, entry);
        kernel.memory.putLong(head + 8, 16);
        kernel.memory.putLong(head + 16, 0);
        kernel.memory.putLong(entry, head);
        kernel.memory.putInt(entry + 16, 0x8000_0000 | one.tid);
        kernel.memory.putInt(WORD, one.tid);
        futex(two, entry + 16, WAIT, 0x8000_0000L | one.tid);
        one.robustList = head;
        one.clearChildTid = WORD;
        one.memory().users = 2;
        linux.exiting(one);
        assertThat(kernel.memory.getInt(entry + 16)).isEqualTo(0xc000_0000);
        assertThat(kernel.memory.getInt(WORD)).isZero();
        assertThat(kernel.woken).containsExactly(two);
    }

    @Test
    void aRobustListThatIsARingOrNonsenseEnds() {
        long head = BASE + 0x1000;
        long entry = BASE + 0x2000;
        kernel.memory.putLong(head, entry);
        kernel.memory.putLong(entry, entry);
        one.robustList = head;
        linux.exiting(one);
        one.robustList = 8;
        linux.exiting(one);
        assertThat(one.robustList).isZero();
    }
}
