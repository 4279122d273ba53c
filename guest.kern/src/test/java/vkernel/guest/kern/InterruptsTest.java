package vkernel.guest.kern;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vkernel.kern.Irq;

@Timeout(30)
class InterruptsTest {
    private final AtomicInteger kicks = new AtomicInteger();
    private final Interrupts interrupts = new Interrupts(kicks::incrementAndGet);
    private final List<String> handled = new ArrayList<>();

    @Test
    void aRaisedLineIsHandledOnceAndAHartIsTold() {
        Irq line = interrupts.line("disk", () -> handled.add("disk"));
        assertThat(interrupts.pending()).isFalse();
        line.raise();
        line.raise();
        assertThat(interrupts.pending()).isTrue();
        assertThat(kicks).hasValue(1);
        assertThat(interrupts.take()).isEqualTo(1);
        assertThat(handled).containsExactly("disk");
        assertThat(interrupts.pending()).isFalse();
        assertThat(interrupts.take()).isZero();
    }

    @Test
    void aLineRaisedInItsOwnHandlerIsPendingAgain() {
        Irq[] line = new Irq[1];
        line[0] = interrupts.line("again", () -> {
            handled.add("again");
            if (handled.size() == 1) {
                line[0].raise();
            }
        });
        line[0].raise();
        interrupts.take();
        interrupts.take();
        assertThat(handled).hasSize(2);
        assertThat(interrupts.pending()).isFalse();
    }

    @Test
    void aHandlerThatFailsDoesNotHarmTheOthers() {
        Irq bad = interrupts.line("bad", () -> {
            throw new IllegalStateException("as the test wants it");
        });
        Irq good = interrupts.line("good", () -> handled.add("good"));
        bad.raise();
        good.raise();
        assertThat(interrupts.take()).isEqualTo(2);
        assertThat(handled).containsExactly("good");
    }

    @Test
    void noNewsIsLostThatComesFromManyThreads() throws InterruptedException {
        int lines = 1_000;
        AtomicInteger[] asked = new AtomicInteger[lines];
        int[] seen = new int[lines];
        List<Irq> all = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            int n = i;
            asked[i] = new AtomicInteger();
            all.add(interrupts.line("line " + i, () -> seen[n] = asked[n].get()));
        }
        List<Thread> raisers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            raisers.add(Thread.ofPlatform().start(() -> {
                for (int round = 0; round < 20; round++) {
                    for (int i = 0; i < lines; i++) {
                        asked[i].incrementAndGet();
                        all.get(i).raise();
                    }
                }
            }));
        }
        while (raisers.stream().anyMatch(Thread::isAlive)) {
            interrupts.take();
        }
        for (Thread raiser : raisers) {
            raiser.join();
        }
        interrupts.take();
        assertThat(interrupts.pending()).isFalse();
        assertThat(seen).containsOnly(80);
    }
}
