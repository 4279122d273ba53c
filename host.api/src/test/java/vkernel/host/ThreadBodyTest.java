package vkernel.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadBodyTest {
    private static final AtomicInteger RUNS = new AtomicInteger();

    /** Stands for a class of a bundle. */
    private static final class Work implements Runnable {
        @Override
        public void run() {
            RUNS.incrementAndGet();
        }
    }

    @Test
    void aThreadThatHasEndedDoesNotKeepWhatItRan() throws InterruptedException {
        Work work = new Work();
        WeakReference<Work> kept = new WeakReference<>(work);
        Thread thread = ThreadBody.daemon("of a bundle", work);
        work = null;
        thread.start();
        thread.join();
        while (kept.get() != null) {
            System.gc();
        }
        assertThat(RUNS).hasValue(1);
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).isEqualTo("of a bundle");
    }
}
