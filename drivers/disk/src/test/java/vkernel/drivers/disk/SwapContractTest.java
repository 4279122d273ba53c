package vkernel.drivers.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.dev.BlockRequest;
import vkernel.dev.BlockRequest.Kind;
import vkernel.dev.Disk;
import vkernel.dev.Disk.Fault;
import vkernel.dev.Disk.Fault.Effect;
import vkernel.dev.DiskState;
import vkernel.kern.Errno;
import vkernel.kern.Swappable;
import vkernel.kern.contract.StateGraph;
import vkernel.kern.contract.SwapContract;
import vkernel.rump.RumpHost;
import vkernel.rump.RumpKernel;

/** Who has a disk, what was written to it and the faults that were asked for stay. */
class SwapContractTest extends SwapContract<DiskState> {
    private final RumpKernel kernel = new RumpKernel(1 << 20);
    private final byte[] text = new byte[512];
    private RumpHost host;
    private Disks driver;
    private long rdev;

    @BeforeEach
    void plug(@TempDir Path folder) throws IOException {
        host = new RumpHost(kernel).disk(Files.write(folder.resolve("image"), new byte[1 << 16]), false);
        driver = (Disks) another();
        Arrays.fill(text, (byte) 'w');
    }

    @AfterEach
    void unplug() {
        host.close();
    }

    private BlockRequest ask(Kind kind, byte[] bytes) {
        BlockRequest request = BlockRequest.of(kind, rdev, 4096, bytes);
        kernel.call(() -> {
            driver.submit(request);
            return true;
        });
        return request;
    }

    @Override
    protected Swappable<DiskState> inService() {
        Disk disk = kernel.call(() -> driver.disks().getFirst());
        rdev = disk.whole().rdev;
        assertThat(driver.claim(rdev, true, "a file system")).isZero();
        disk.faults.add(new Fault(Kind.FLUSH, Effect.ERROR, 1, 0, null));
        assertThat(ask(Kind.WRITE, text).result).isZero();
        return driver;
    }

    @Test
    @Override
    protected void theStateIsWholeAndHoldsNoClassOfAProvider() {
        DiskState state = inService().release();
        assertThat(state.allFaults()).isEmpty();
        assertThat(StateGraph.foreign(state))
                .as("but the open image, which is the host's")
                .hasSize(1);
    }

    @Override
    protected Swappable<DiskState> another() {
        return new Disks(kernel.kernel(), host.host());
    }

    @Override
    protected void fill(Swappable<DiskState> provider) {
        driver = (Disks) provider;
    }

    @Override
    protected void goOn() {
        assertThat(driver.claim(rdev, true, "another")).isEqualTo(-Errno.EBUSY);
        assertThat(ask(Kind.READ, new byte[512]).bytes).isEqualTo(text);
        assertThat(ask(Kind.FLUSH, new byte[0]).result).isEqualTo(-Errno.EIO);
        assertThat(driver.disks().getFirst().writes).isEqualTo(1);
    }
}
