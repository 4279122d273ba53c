package vkernel.guest.kern;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vkernel.kern.Irq;
import vkernel.kern.IrqLines;

@Timeout(30)
class InterruptsTest {
    private final AtomicInteger kicks = new AtomicInteger();
    private final IrqLines lines = new IrqLines();
    private final Interrupts interrupts = new Interrupts(lines, bug -> {});
    private final List<String> handled = new ArrayList<>();

    @BeforeEach
    void listen() {
        lines.kick(kicks::incrementAndGet);
    }

    @Test
    void aRaisedLineIsHandledOnceAndAHartIsTold() {
        Irq line = lines.line("disk", () -> handled.add("disk"));
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
        line[0] = lines.line("again", () -> {
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
        Irq bad = lines.line("bad", () -> {
            throw new IllegalStateException("as the test wants it");
        });
        Irq good = lines.line("good", () -> handled.add("good"));
        bad.raise();
        good.raise();
        assertThat(interrupts.take()).isEqualTo(2);
        assertThat(handled).containsExactly("good");
    }

    @Test
    void noNewsIsLostThatComesFromManyThreads() throws InterruptedException {
        int count = 1_000;
        AtomicInteger[] asked = new AtomicInteger[count];
        int[] seen = new int[count];
        List<Irq> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int n = i;
            asked[i] = new AtomicInteger();
            all.add(lines.line("line " + i, () -> seen[n] = asked[n].get()));
        }
        List<Thread> raisers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            raisers.add(Thread.ofPlatform().start(() -> {
                for (int round = 0; round < 20; round++) {
                    for (int i = 0; i < count; i++) {
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
