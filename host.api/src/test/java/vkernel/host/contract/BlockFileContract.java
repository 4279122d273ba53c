package vkernel.host.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.host.HostException.Reason.ABSENT;
import static vkernel.host.HostException.Reason.BUSY;
import static vkernel.host.HostException.Reason.INVALID;
import static vkernel.host.HostException.Reason.IO;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.assertj.core.api.Assumptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.host.BlockFile;
import vkernel.host.BlockSource;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.host.MachineConfig;

/** {@link BlockFile}: transfers, ranges, errors and the lock. */
public abstract class BlockFileContract extends MachineContract {
    private static final int SIZE = 3 * 4096 + 512;

    private final ScriptedEngine engine = new ScriptedEngine();

    @TempDir
    Path folder;

    private Path path;
    private Host host;
    private byte[] contents = {};

    @BeforeEach
    void start() throws IOException {
        path = folder.resolve("disk.img");
        contents = new byte[SIZE];
        new Random(1).nextBytes(contents);
        Files.write(path, contents);
        host = machine(MachineConfig.Time.REAL);
    }

    private Host machine(MachineConfig.Time time) {
        Map<String, BlockSource> files =
                Map.of("disk", BlockSource.of(path), "none", BlockSource.of(folder.resolve("none")));
        return machine(new MachineConfig(RAM, 1, time, 0, false, Map.of(), Map.of(), files), engine);
    }

    /** Waits for a request and gives how it failed. */
    private static @Nullable HostException failure(Consumer<BlockFile.Completion> request) {
        CompletableFuture<@Nullable HostException> done = new CompletableFuture<>();
        request.accept(done::complete);
        return done.orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static void succeed(Consumer<BlockFile.Completion> request) {
        assertThat(failure(request)).isNull();
    }

    @Test
    void readsAndWritesAnyRange() throws IOException {
        try (BlockFile disk = host.open("disk")) {
            assertThat(disk.size()).isEqualTo(SIZE);
            assertThat(disk.readOnly()).isFalse();
            succeed(done -> disk.read(100, 5001, SIZE - 100, done));
            byte[] read = new byte[SIZE - 100];
            host.ram().read(5001, read, 0, read.length);
            assertThat(read).isEqualTo(Arrays.copyOfRange(contents, 100, SIZE));
            host.ram().write(70_001, new byte[] {1, 2, 3}, 0, 3);
            succeed(done -> disk.write(SIZE - 3, 70_001, 3, done));
            succeed(done -> disk.write(0, 70_002, 1, done));
            succeed(disk::flush);
            succeed(done -> disk.read(SIZE, 0, 0, done));
        }
        byte[] expected = contents.clone();
        expected[0] = 2;
        System.arraycopy(new byte[] {1, 2, 3}, 0, expected, SIZE - 3, 3);
        assertThat(Files.readAllBytes(path)).isEqualTo(expected);
    }

    @Test
    void refusesRangesOutsideAtOnce() {
        try (BlockFile disk = host.open("disk")) {
            long[][] ranges = {
                {-1, 0, 1},
                {SIZE, 0, 1},
                {1, 0, SIZE},
                {0, -1, 1},
                {0, RAM, 1},
                {0, RAM - 1, 2},
                {0, 0, -1},
                {Long.MAX_VALUE, 0, 1},
                {0, Long.MAX_VALUE, 1}
            };
            for (long[] range : ranges) {
                assertReason(INVALID, () -> disk.read(range[0], range[1], (int) range[2], failure -> {}));
                assertReason(INVALID, () -> disk.write(range[0], range[1], (int) range[2], failure -> {}));
            }
        }
    }

    @Test
    void refusesToWriteAReadOnlyFile() {
        assertThat(path.toFile().setWritable(false)).isTrue();
        Assumptions.assumeThat(Files.isWritable(path))
                .as("root writes everything")
                .isFalse();
        try (BlockFile disk = host.open("disk")) {
            assertThat(disk.readOnly()).isTrue();
            assertReason(INVALID, () -> disk.write(0, 0, 1, failure -> {}));
            succeed(done -> disk.read(0, 0, 1, done));
        }
    }

    @Test
    void isOpenOnlyOnce() {
        BlockFile disk = host.open("disk");
        assertReason(BUSY, () -> host.open("disk"));
        Host other = machine(MachineConfig.Time.REAL);
        assertReason(BUSY, () -> other.open("disk"));
        disk.close();
        other.open("disk").close();
    }

    @Test
    void isAbsentWithoutItsFile() {
        assertReason(ABSENT, () -> host.open("none"));
    }

    @Test
    void closesAfterTheRequestsUnderWay() {
        BlockFile disk = host.open("disk");
        AtomicReference<String> last = new AtomicReference<>("");
        for (int i = 0; i < 100; i++) {
            String name = "request " + i;
            disk.read(0, 0, SIZE, failure -> last.set(failure == null ? name : "failed"));
        }
        disk.close();
        assertThat(last).hasValue("request 99");
        assertReason(ABSENT, () -> disk.read(0, 0, 1, failure -> {}));
        assertReason(ABSENT, () -> disk.write(0, 0, 1, failure -> {}));
        assertReason(ABSENT, () -> disk.flush(failure -> {}));
        disk.close();
    }

    @Test
    void tellsOfAFileThatHasShrunk() throws IOException {
        try (BlockFile disk = host.open("disk");
                FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.truncate(4096);
            HostException failure = failure(done -> disk.read(0, 0, SIZE, done));
            assertThat(failure).isNotNull();
            assertThat(failure.reason()).isEqualTo(IO);
            succeed(done -> disk.read(0, 0, 4096, done)); // and goes on
        }
    }

    @Test
    void reportsChangedCode() {
        try (BlockFile disk = host.open("disk")) {
            host.ram().markCode(3);
            host.ram().markCode(4);
            host.ram().markCode(5);
            succeed(done -> disk.read(0, 4 * PAGE - 1, 2, done));
            assertThat(engine.changes(3)).isEqualTo(1);
            assertThat(engine.changes(4)).isEqualTo(1);
            assertThat(engine.changes(5)).isZero();
        }
    }

    @Test
    void isCompleteBeforeItReturnsInVirtualTime() {
        Host virtual = machine(MachineConfig.Time.VIRTUAL);
        try (BlockFile disk = virtual.open("disk")) {
            AtomicReference<Thread> by = new AtomicReference<>();
            Thread.currentThread().interrupt(); // must not disturb the file
            disk.read(0, 0, 8, failure -> by.set(Thread.currentThread()));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(by).hasValue(Thread.currentThread());
            assertThat(virtual.ram().getByte(7)).isEqualTo(contents[7]);
            succeed(disk::flush);
        }
    }
}
