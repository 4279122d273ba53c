package vkernel.guest.linux.user;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.linux.FakeMemory.BASE;

import org.junit.jupiter.api.Test;
import vkernel.guest.linux.FakeKernel;
import vkernel.kern.Errno;
import vkernel.task.Task;

class TimesTest {
    private final FakeKernel kernel = new FakeKernel();
    private final User user = new User(kernel.kernel());
    private final Times times = new Times(user);
    private final Task task = kernel.task();

    private long timespec(long seconds, long nanos) {
        kernel.memory.putLong(BASE, seconds);
        kernel.memory.putLong(BASE + 8, nanos);
        return times.timespec(task, BASE);
    }

    @Test
    void badTimesAreRefused() {
        assertThat(timespec(1, 5)).isEqualTo(1_000_000_005L);
        assertThat(timespec(-1, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(timespec(0, -1)).isEqualTo(-Errno.EINVAL);
        assertThat(timespec(0, 1_000_000_000)).isEqualTo(-Errno.EINVAL);
        assertThat(times.timespec(task, 1)).isEqualTo(-Errno.EFAULT);
    }

    @Test
    void endlessTimesDoNotOverflow() {
        assertThat(timespec(Long.MAX_VALUE, 0)).isEqualTo(Times.MAX);
        assertThat(Times.deadline(Long.MAX_VALUE / 2 + 5, Times.MAX)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void timesBeforeTheEpochAreRoundedDown() {
        times.putTimespec(0, -1);
        assertThat(user.i64(0)).isEqualTo(-1);
        assertThat(user.i64(8)).isEqualTo(999_999_999);
    }

    @Test
    void iovecsAreLimitedInNumberAndLength() {
        Vectors vectors = new Vectors(kernel.kernel(), user);
        assertThat(vectors.iovecs(task, BASE, 1025)).isEqualTo(-Errno.EINVAL);
        assertThat(vectors.iovecs(task, BASE, -1)).isEqualTo(-Errno.EINVAL);
        kernel.memory.putLong(BASE, 0x1000);
        kernel.memory.putLong(BASE + 8, 0x7000_0000L);
        kernel.memory.putLong(BASE + 16, 0x1000);
        kernel.memory.putLong(BASE + 24, 0x7000_0000L);
        assertThat(vectors.iovecs(task, BASE, 2)).isEqualTo(Vectors.MAX_BYTES);
        kernel.memory.putLong(BASE + 24, -1);
        assertThat(vectors.iovecs(task, BASE, 2)).isEqualTo(-Errno.EINVAL);
        assertThat(vectors.range(-8, 4)).isEqualTo(-Errno.EFAULT);
        assertThat(vectors.range(8, -4)).isEqualTo(-Errno.EFAULT);
    }
}
