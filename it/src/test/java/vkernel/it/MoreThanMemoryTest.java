package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.MemoryChannel;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;
import vkernel.kern.Swaps;
import vkernel.vm.MemoryStats;

/**
 * Programs that use twice the memory there is, of their own or of tmpfs and shared with others, and check every word, while
 * who decides about pages is replaced.
 */
class MoreThanMemoryTest {
    private static final int MEGABYTES = 16;
    /** Bytes that the files of the root take at most. */
    private static final long ROOT = 2 << 20;

    @ParameterizedTest
    @CsvSource({"'',hog", "translator,hog", "interpreter,hog", "'',shmem"})
    void isNotNoticed(String engine, String program, @TempDir Path folder) throws Exception {
        GuestPrograms.build();
        Path swap = folder.resolve("swap");
        try (RandomAccessFile file = new RandomAccessFile(swap.toFile(), "rw")) {
            file.setLength(64L << 20);
        }
        BootConfig config = BootConfig.standard()
                .withMemory((long) MEGABYTES << 20)
                .withHarts(2)
                .withEngine(engine)
                .withRoot(HostTar.file("root/" + program, new FileRom(GuestPrograms.binary(program))))
                .withSwap(swap);
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            MemoryChannel out = new MemoryChannel(new byte[0]);
            MemoryChannel in = new MemoryChannel(new byte[0]);
            String size = Integer.toString(2 * MEGABYTES);
            var status = kernel.start(List.of("/root/" + program, size), List.of(), "/", in, out, out);
            Swaps swaps = kernel.service(Swaps.class);
            for (int i = 0; !status.isDone() && i < 4; i++) {
                swaps.swap("replacement", i % 2 == 0 ? "guest.replace.clock" : "guest.replace.lru", false);
                swaps.swap("vm", "guest.vm", false);
            }
            assertThat(status.get())
                    .as(new String(out.written(), java.nio.charset.StandardCharsets.UTF_8))
                    .isZero();
            assertThat(swaps.history()).allMatch(report -> report.failed() == 0);
            kernel.kernel().call(() -> {
                assertThat(kernel.kernel().vm().check()).isEmpty();
                assertThat(kernel.kernel().vm().counters().swapIns).isPositive();
                assertThat(kernel.kernel().vm().counters().outOfMemory).isZero();
                MemoryStats memory = kernel.kernel().vm().stats();
                assertThat(memory.swapTotal() - memory.swapFree())
                        .as("files of the root may be there, which is in memory")
                        .isLessThan(ROOT);
                return true;
            });
            assertThat(kernel.kernel().stats().oopses).isZero();
        }
    }
}
