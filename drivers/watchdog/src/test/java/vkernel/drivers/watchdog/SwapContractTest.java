package vkernel.drivers.watchdog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.OpenState;
import vkernel.kern.Slot;
import vkernel.kern.Swappable;
import vkernel.kern.contract.SwapContract;
import vkernel.rump.RumpKernel;
import vkernel.task.Task;

/** One that was opened a minute ago bites, whoever serves. */
class SwapContractTest extends SwapContract<OpenState> {
    /** Its time goes on when it is told to. */
    private static final class Machine extends RumpKernel {
        private long time = 1;

        Machine() {
            super(1 << 20);
        }

        @Override
        public long now() {
            return time;
        }

        void pass(long seconds) {
            time += TimeUnit.SECONDS.toNanos(seconds);
            call(() -> true);
        }
    }

    private final Machine kernel = new Machine();
    private final Task task = kernel.task(0, 0);
    private final OpenFile file = new OpenFile(task.fs.root, new Slot<>("dev.watchdog"), Mode.O_RDWR);
    private Watchdog watchdog = (Watchdog) another();

    @Override
    protected Swappable<OpenState> inService() {
        assertThat(watchdog.open(task, file)).isZero();
        kernel.pass(30);
        return watchdog;
    }

    @Override
    protected Swappable<OpenState> another() {
        return new Watchdog(kernel.kernel());
    }

    @Override
    protected void fill(Swappable<OpenState> provider) {
        watchdog = (Watchdog) provider;
    }

    @Override
    protected void goOn() {
        assertThat(watchdog.open(task, file)).isEqualTo(-Errno.EBUSY);
        kernel.pass(29);
        assertThatThrownBy(() -> kernel.pass(1)).hasRootCauseMessage("watchdog: no sign of life for 60 s");
    }
}
