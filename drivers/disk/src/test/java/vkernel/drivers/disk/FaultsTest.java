package vkernel.drivers.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.dev.BlockRequest;
import vkernel.dev.BlockRequest.Kind;
import vkernel.dev.Disk;
import vkernel.dev.Disk.Fault;
import vkernel.dev.Disk.Fault.Effect;
import vkernel.kern.Errno;
import vkernel.rump.RumpHost;
import vkernel.rump.RumpKernel;

/** What requests come to that meet the faults that were asked for, and what the driver counts. */
class FaultsTest {
    private static final int SIZE = 1 << 16;

    /** Its time goes on when it is told to. */
    private static final class Machine extends RumpKernel {
        long time = 1;

        Machine() {
            super(1 << 20);
        }

        @Override
        public long now() {
            return time;
        }

        void pass(long millis) {
            time += TimeUnit.MILLISECONDS.toNanos(millis);
            call(() -> true);
        }
    }

    @TempDir
    Path folder;

    private final Machine kernel = new Machine();
    private final byte[] contents = new byte[SIZE];
    private RumpHost host;
    private Disks driver;
    private Disk disk;

    @BeforeEach
    void plug() throws IOException {
        new Random(1).nextBytes(contents);
        Path image = Files.write(folder.resolve("image"), contents);
        host = new RumpHost(kernel).disk(image, false);
        driver = new Disks(kernel.kernel(), host.host());
        disk = kernel.call(() -> driver.disks().getFirst());
    }

    @AfterEach
    void unplug() {
        host.close();
    }

    private Fault fault(Kind kind, Effect effect, long every, long millis) {
        Fault fault = new Fault(kind, effect, every, millis, null);
        disk.faults.add(fault);
        return fault;
    }

    private BlockRequest ask(Kind kind, byte[] bytes) {
        BlockRequest request = BlockRequest.of(kind, disk.whole().rdev, 4096, bytes);
        kernel.call(() -> {
            driver.submit(request);
            return true;
        });
        return request;
    }

    private byte[] onDisk(int length) throws IOException {
        return Arrays.copyOfRange(Files.readAllBytes(folder.resolve("image")), 4096, 4096 + length);
    }

    @Test
    void eachThirdReadFailsAndOthersDoNot() {
        Fault fault = fault(Kind.READ, Effect.ERROR, 3, 0);
        for (int i = 1; i <= 9; i++) {
            assertThat(ask(Kind.READ, new byte[512]).result).isEqualTo(i % 3 == 0 ? -Errno.EIO : 0);
            assertThat(ask(Kind.WRITE, new byte[512]).result).isZero();
        }
        assertThat(fault.met).isEqualTo(3);
        assertThat(disk.errors).isEqualTo(3);
    }

    @Test
    void bySeedTheSameRequestsMeetItAgain() {
        long seed = new Random().nextLong();
        String first = failures(seed);
        assertThat(failures(seed))
                .as("seed " + seed)
                .isEqualTo(first)
                .contains("x")
                .contains(".");
        assertThat(failures(seed + 1)).as("seed " + seed).isNotEqualTo(first);
    }

    private String failures(long seed) {
        disk.faults.clear();
        disk.faults.add(new Fault(Kind.READ, Effect.ERROR, 4, 0, seed));
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            all.append(ask(Kind.READ, new byte[512]).result == 0 ? '.' : 'x');
        }
        return all.toString();
    }

    @Test
    void aDelayedRequestIsDoneThenAndNotBefore() {
        fault(Kind.READ, Effect.DELAY, 1, 50);
        BlockRequest request = ask(Kind.READ, new byte[1024]);
        kernel.pass(49);
        assertThat(request.pending()).isTrue();
        kernel.pass(1);
        assertThat(request.result).isZero();
        assertThat(request.bytes).isEqualTo(Arrays.copyOfRange(contents, 4096, 5120));
        assertThat(disk.inFlight).isZero();
    }

    @Test
    void whoWaitsWhileTheKernelStandsIsNotDelayed() {
        fault(Kind.READ, Effect.DELAY, 1, 50);
        BlockRequest request = ask(Kind.READ, new byte[1024]);
        kernel.call(() -> {
            request.await();
            return true;
        });
        assertThat(request.result).isZero();
        kernel.pass(50);
        assertThat(disk.reads).isEqualTo(1);
    }

    @Test
    void aHandOverWaitsForWhatIsDelayed() {
        fault(Kind.WRITE, Effect.DELAY, 1, 5000);
        BlockRequest request = ask(Kind.WRITE, new byte[512]);
        assertThat(kernel.call(driver::release).finished()).containsExactly(request);
        assertThat(request.result).isZero();
    }

    @Test
    void theDriverFindsRequestsWhoseInterruptWasLost() {
        Fault fault = fault(Kind.READ, Effect.LOST, 1, 0);
        BlockRequest request = ask(Kind.READ, new byte[512]);
        assertThat(disk.inFlight).as("nobody knows that it is done").isEqualTo(1);
        kernel.pass(999);
        assertThat(disk.inFlight).isEqualTo(1);
        kernel.pass(1);
        assertThat(disk.inFlight).isZero();
        assertThat(request.result).isZero();
        assertThat(disk.timeouts).isEqualTo(1);
        assertThat(fault.met).isEqualTo(1);
    }

    @Test
    void ofAShortTransferTheDriverAsksForTheRest() throws IOException {
        fault(Kind.READ, Effect.SHORT, 1, 0);
        fault(Kind.WRITE, Effect.SHORT, 1, 0);
        BlockRequest read = ask(Kind.READ, new byte[4096]);
        assertThat(read.result).isZero();
        assertThat(read.bytes).isEqualTo(Arrays.copyOfRange(contents, 4096, 8192));
        byte[] text = new byte[1536];
        Arrays.fill(text, (byte) 'w');
        assertThat(ask(Kind.WRITE, text).result).isZero();
        assertThat(onDisk(1536)).isEqualTo(text);
        assertThat(disk.retries).isEqualTo(2);
        assertThat(disk.errors).isZero();
    }

    @Test
    void ofATornWriteHalfIsThere() throws IOException {
        fault(Kind.WRITE, Effect.TORN, 1, 0);
        byte[] text = new byte[2048];
        Arrays.fill(text, (byte) 'w');
        assertThat(ask(Kind.WRITE, text).result).isEqualTo(-Errno.EIO);
        byte[] half = Arrays.copyOfRange(contents, 4096, 6144);
        Arrays.fill(half, 0, 1024, (byte) 'w');
        assertThat(onDisk(2048)).isEqualTo(half);
    }

    @Test
    void aFlushThatFailsSaysSo() {
        fault(Kind.FLUSH, Effect.ERROR, 2, 0);
        int[] results = new int[2];
        for (int i = 0; i < 2; i++) {
            BlockRequest flush = BlockRequest.flush(disk.whole().rdev);
            kernel.call(() -> {
                driver.submit(flush);
                return true;
            });
            results[i] = flush.result;
        }
        assertThat(results).containsExactly(0, -Errno.EIO);
    }
}
