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

/** A program that uses twice the memory there is, and checks every word, while who decides about pages is replaced. */
class MoreThanMemoryTest {
    private static final int MEGABYTES = 16;

    @ParameterizedTest
    @CsvSource({"translator,2", "interpreter,2"})
    void isNotNoticed(String engine, int harts, @TempDir Path folder) throws Exception {
        GuestPrograms.build();
        Path swap = folder.resolve("swap");
        try (RandomAccessFile file = new RandomAccessFile(swap.toFile(), "rw")) {
            file.setLength(64L << 20);
        }
        BootConfig config = BootConfig.standard()
                .withMemory((long) MEGABYTES << 20)
                .withHarts(harts)
                .withEngine(engine)
                .withRoot(HostTar.file("root/hog", new FileRom(GuestPrograms.binary("hog"))))
                .withSwap(swap);
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            MemoryChannel out = new MemoryChannel(new byte[0]);
            MemoryChannel in = new MemoryChannel(new byte[0]);
            String size = Integer.toString(2 * MEGABYTES);
            var status = kernel.start(List.of("/root/hog", size), List.of(), "/", in, out, out);
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
                assertThat(kernel.kernel().vm().stats().swapFree())
                        .isEqualTo(kernel.kernel().vm().stats().swapTotal());
                return true;
            });
            assertThat(kernel.kernel().stats().oopses).isZero();
        }
    }
}
