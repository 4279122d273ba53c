package vkernel.drivers.rtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.OpenState;
import vkernel.kern.Slot;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;
import vkernel.kern.contract.SwapContract;
import vkernel.rump.RumpHost;
import vkernel.rump.RumpKernel;
import vkernel.task.Task;

class SwapContractTest extends SwapContract<OpenState> {
    private static final long APART = 3600;

    private final RumpKernel kernel = new RumpKernel(1 << 20);
    private final RumpHost host = new RumpHost(kernel);
    private final Task task = kernel.task(0, 0);
    private final OpenFile file = new OpenFile(task.fs.root, new Slot<>("dev.rtc"), Mode.O_RDWR);
    private Rtc rtc = (Rtc) another();

    @Override
    protected Swappable<OpenState> inService() {
        try {
            rtc.adopt(new OpenState(1, Map.of("offset", APART, "open", false)));
        } catch (StateRejected e) {
            throw new AssertionError(e);
        }
        assertThat(rtc.open(task, file)).isZero();
        return rtc;
    }

    @Override
    protected Swappable<OpenState> another() {
        return new Rtc(kernel.kernel(), host.host());
    }

    @Override
    protected void fill(Swappable<OpenState> provider) {
        rtc = (Rtc) provider;
    }

    @Override
    protected void goOn() {
        assertThat(rtc.open(task, file)).isEqualTo(-Errno.EBUSY);
        rtc.release(file);
        assertThat(rtc.open(task, file)).isZero();
        assertThat(rtc.release().values()).containsEntry("offset", APART);
    }
}
