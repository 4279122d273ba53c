package vkernel.guest.linux.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import vkernel.guest.linux.FakeKernel;
import vkernel.guest.linux.FakeMemory;
import vkernel.guest.linux.proc.Usage;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.user.User;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Task;

class TimerCallsTest {
    private static final long NO_EVENT = 0;
    private static final long ID = FakeMemory.BASE;

    private final FakeKernel fake = new FakeKernel();
    private final Kernel kernel = fake.kernel();
    private final User user = new User(kernel);
    private final Clocks clocks = new Clocks(kernel, new Usage(kernel, user));
    private final TimerCalls calls = new TimerCalls(kernel, user, clocks, new Timers(kernel, clocks));

    private long create(Task task, int clock) {
        return calls.call(Nr.TIMER_CREATE, task, clock, NO_EVENT, ID, 0, 0, 0);
    }

    @Test
    void onlyWhoMayWakeTheMachineMakesTimersThatWould() {
        Task task = fake.task();
        assertThat(create(task, Clocks.BOOTTIME_ALARM)).isZero();
        task.credentials = new Credentials(5, 5, 5, 5, 5, 5, 5, 5, List.of());
        assertThat(create(task, Clocks.REALTIME_ALARM)).isEqualTo(-Errno.EPERM);
        task.credentials =
                task.credentials.with(task.credentials.capabilities().with(0, 1L << Credentials.CAP_WAKE_ALARM, 0));
        assertThat(create(task, Clocks.REALTIME_ALARM)).isZero();
    }
}
