package vkernel.kern;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KernelLockTest {
    private static final int TURNS = 20_000;

    private final KernelLock lock = new KernelLock();
    /** Changed by owners alone, and left as it was: whoever shares the lock never sees it odd. */
    private int[] state = new int[1];

    private final AtomicInteger torn = new AtomicInteger();
    private final AtomicInteger sharing = new AtomicInteger();

    @Test
    void whoHasTheLockIsAloneAndThoseWhoShareItAreNot() throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(3);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(Thread.ofPlatform().start(() -> hart(ready)));
        }
        for (Thread hart : all) {
            hart.join();
        }
        assertThat(torn).hasValue(0);
        assertThat(state[0]).isEven().isPositive();
    }

    private void hart(CountDownLatch ready) {
        lock.enter();
        KernelLock.Sharer sharer = lock.sharer();
        lock.leave();
        ready.countDown();
        for (int i = 0; i < TURNS; i++) {
            if (i % 8 == 0) {
                lock.enter();
                torn.addAndGet(sharing.get());
                state[0]++;
                Thread.onSpinWait();
                state[0]++;
                lock.leave();
            } else if (lock.share(sharer)) {
                sharing.incrementAndGet();
                torn.addAndGet(state[0] & 1);
                sharing.decrementAndGet();
                lock.unshare(sharer);
            }
        }
        lock.enter();
        lock.forget(sharer);
        lock.leave();
    }

    /** Both are inside at once, or each would wait for the other for ever. */
    @Test
    void twoShareAtTheSameTime() throws InterruptedException {
        CountDownLatch known = new CountDownLatch(2);
        CountDownLatch inside = new CountDownLatch(2);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            all.add(Thread.ofPlatform().start(() -> {
                lock.enter();
                KernelLock.Sharer sharer = lock.sharer();
                lock.leave();
                known.countDown();
                while (known.getCount() > 0) {
                    Thread.onSpinWait(); // who becomes known has the lock
                }
                while (!lock.share(sharer)) {
                    Thread.onSpinWait();
                }
                inside.countDown();
                while (inside.getCount() > 0) {
                    Thread.onSpinWait();
                }
                lock.unshare(sharer);
            }));
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(lock.owner()).isNull();
    }

    /** The watchdog then knows whose handler does not end. */
    @Test
    void whoeverKeepsTheOwnerWaitingIsNamed() throws InterruptedException {
        lock.enter();
        KernelLock.Sharer mine = lock.sharer();
        lock.leave();
        assertThat(lock.share(mine)).isTrue();
        Thread visitor = Thread.ofPlatform().start(() -> {
            lock.visit();
            lock.leave();
        });
        while (lock.owner() != Thread.currentThread()) {
            Thread.onSpinWait();
        }
        lock.unshare(mine);
        visitor.join();
        assertThat(lock.owner()).isNull();
    }
}
