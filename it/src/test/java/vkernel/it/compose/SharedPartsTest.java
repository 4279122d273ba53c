package vkernel.it.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;
import vkernel.kern.End;

/** Many small kernels whose parts' classes are loaded once. */
class SharedPartsTest {
    private static final BootConfig TINY =
            BootConfig.standard().withKernel("tiny").withMemory(16 << 20).withSharedParts(true);

    private final List<VirtualKernel> kernels = new ArrayList<>();

    @AfterEach
    void close() {
        kernels.forEach(VirtualKernel::close);
    }

    private static String shell(VirtualKernel kernel, String command) {
        return kernel.run("/bin/sh", "-c", command).out();
    }

    @Test
    void whatHappensToOneDoesNotTouchTheOthers() {
        for (int i = 0; i < 12; i++) {
            kernels.add(VirtualKernel.boot(TINY));
        }
        VirtualKernel full = kernels.get(0);
        VirtualKernel dead = kernels.get(1);
        int status = full.run("/bin/sh", "-c", "x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done")
                .status();
        assertThat(status).as("more memory than its kernel has").isNotZero();
        dead.kernel().shutdown(new End(End.Kind.PANIC, 125, "for a test"));
        for (int i = 2; i < kernels.size(); i++) {
            assertThat(shell(kernels.get(i), "echo " + i + " >/tmp/mine; cat /tmp/*"))
                    .isEqualTo(i + "\n");
        }
        assertThat(shell(full, "echo again")).isEqualTo("again\n");
    }
}
