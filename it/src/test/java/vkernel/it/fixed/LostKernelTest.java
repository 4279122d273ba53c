package vkernel.it.fixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vkernel.it.fixed.BrokenBundle.How;
import vkernel.kern.End;

/** New code of the kernel that nothing can end, nor take back, is the kernel's end, which says where it was. */
@Timeout(120)
class LostKernelTest {
    @Test
    void codeThatNothingCanEndIsAPanic(@TempDir Path folder) throws Exception {
        ReentrantLock gate = new ReentrantLock();
        gate.lock();
        System.getProperties().put(BrokenBundle.GATE, gate);
        Running running = new Running();
        try {
            running.start();
            running.update(
                    "guest.kern",
                    BrokenBundle.of("guest.kern", "Traps.handle")
                            .that(How.STICKS)
                            .write(folder, ""));
            End end = running.kernel.await(60);
            assertThat(end.kind()).isEqualTo(End.Kind.PANIC);
            assertThat(end.status()).isEqualTo(255);
            assertThat(end.message())
                    .contains("cannot be ended")
                    .contains("hart")
                    .contains(" at ");
        } finally {
            gate.unlock();
            System.getProperties().remove(BrokenBundle.GATE);
            running.close();
        }
    }
}
