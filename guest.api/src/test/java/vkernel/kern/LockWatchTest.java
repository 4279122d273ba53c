package vkernel.kern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LockWatchTest {
    private final KernelLock lock = new KernelLock();
    private final LockWatch watch = new LockWatch(lock);

    @AfterEach
    void spare() {
        Poll.spare(Thread.currentThread());
    }

    private BooleanSupplier seenTwice() {
        watch.look(100);
        watch.look(100);
        return watch.still();
    }

    @Test
    void whoIsStillInTheHandlerIsThrownOut() {
        lock.visit();
        BooleanSupplier still = seenTwice();
        assertThat(watch.owner()).isSameAs(Thread.currentThread());
        assertThat(watch.lasts()).isTrue();
        Poll.condemn(Thread.currentThread(), false, still);
        assertThatThrownBy(Poll::poll).isInstanceOf(Stalled.class);
        assertThatThrownBy(Poll::poll).isInstanceOf(Stalled.class);
        lock.leave();
    }

    @Test
    void whoHasComeOutByItselfIsLeftAlone() {
        lock.visit();
        BooleanSupplier still = seenTwice();
        lock.leave();
        assertThat(watch.lasts()).isFalse();
        Poll.condemn(Thread.currentThread(), false, still);
        Poll.poll();
        lock.visit(); // the next handler, which has done nothing
        Poll.poll();
        lock.leave();
        assertThat(Poll.condemned(Thread.currentThread())).isTrue();
    }

    @Test
    void whoWasThrownOutAndDoesSomethingElseUnderTheSameLockIsLeftAlone() {
        lock.visit();
        Poll.condemn(Thread.currentThread(), false, seenTwice());
        assertThatThrownBy(Poll::poll).isInstanceOf(Stalled.class);
        watch.relieve();
        Poll.poll();
        assertThat(watch.look(100)).as("another turn").isTrue();
        assertThat(watch.millis()).isZero();
        lock.leave();
    }

    @Test
    void oneThrowIsEnoughForWhoeverIsCondemnedOnce() {
        lock.visit();
        Poll.condemn(Thread.currentThread(), true, seenTwice());
        assertThatThrownBy(Poll::poll).isInstanceOf(Stalled.class);
        Poll.poll();
        lock.leave();
    }

    @Test
    void aHartThatSharesTheLockIsStillInAsLongAsItShares() {
        lock.visit();
        KernelLock.Sharer hart = lock.sharer();
        lock.leave();
        long taken = lock.taken();
        assertThat(lock.share(hart)).isTrue();
        assertThat(lock.still(taken)).isTrue();
        lock.unshare(hart);
        assertThat(lock.still(taken)).isFalse();
    }

    @Test
    void whoWaitsForALockThatIsLostIsTold() throws Exception {
        lock.visit();
        lock.abandon();
        Thread waiter = Thread.ofPlatform()
                .start(() -> assertThatThrownBy(lock::visit)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("never given back"));
        waiter.join();
        lock.leave();
    }
}
