package vkernel.kern;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimerHeapTest {
    private static final long NEVER = Long.MAX_VALUE;

    private final TimerHeap heap = new TimerHeap();
    private final List<Throwable> bugs = new ArrayList<>();

    @AfterEach
    void noActionHasFailed() {
        assertThat(bugs).isEmpty();
    }

    private final List<String> ran = new ArrayList<>();

    private Timer timer(String name) {
        return heap.timer(() -> ran.add(name));
    }

    @Test
    void runsWhatIsDueInOrderOfDeadline() {
        timer("c").arm(30);
        timer("a").arm(10);
        timer("b").arm(20);
        assertThat(heap.next()).isEqualTo(10);
        heap.expire(20, bugs::add);
        assertThat(ran).containsExactly("a", "b");
        assertThat(heap.next()).isEqualTo(30);
    }

    @Test
    void anExpiredTimerIsDisarmedBeforeItsActionRuns() {
        Timer[] again = new Timer[1];
        again[0] = heap.timer(() -> {
            ran.add("tick");
            assertThat(again[0].deadline()).isEqualTo(NEVER);
            again[0].arm(15 * (ran.size() + 1));
        });
        again[0].arm(15);
        heap.expire(40, bugs::add);
        assertThat(ran).hasSize(2);
        assertThat(again[0].deadline()).isEqualTo(45);
    }

    @Test
    void aDisarmedTimerDoesNotRun() {
        Timer timer = timer("never");
        timer.arm(10);
        timer.arm(NEVER);
        assertThat(heap.next()).isEqualTo(NEVER);
        heap.expire(1_000, bugs::add);
        assertThat(ran).isEmpty();
    }

    @Test
    void doesAsAPriorityQueueDoes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Timer> timers = new ArrayList<>();
        Map<Timer, Long> armed = new HashMap<>();
        List<Timer> expired = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Timer[] self = new Timer[1];
            self[0] = heap.timer(() -> expired.add(self[0]));
            timers.add(self[0]);
        }
        long now = 0;
        for (int step = 0; step < 20_000; step++) {
            Timer any = timers.get(random.nextInt(timers.size()));
            switch (random.nextInt(8)) {
                case 0 -> {
                    any.arm(NEVER);
                    armed.remove(any);
                }
                case 1 -> {
                    now += random.nextInt(100);
                    heap.expire(now, bugs::add);
                    assertThat(expired).as("seed %d, step %d", seed, step).hasSameElementsAs(due(armed, now));
                    assertThat(expired).isSortedAccordingTo(Comparator.comparing(armed::get));
                    expired.forEach(armed::remove);
                    expired.clear();
                }
                default -> {
                    long deadline = now + random.nextInt(1_000);
                    any.arm(deadline);
                    armed.put(any, deadline);
                }
            }
            PriorityQueue<Long> model = new PriorityQueue<>(armed.values());
            assertThat(heap.next())
                    .as("seed %d, step %d", seed, step)
                    .isEqualTo(model.isEmpty() ? NEVER : model.peek());
        }
    }

    private static List<Timer> due(Map<Timer, Long> armed, long now) {
        return armed.entrySet().stream()
                .filter(entry -> entry.getValue() <= now)
                .map(Map.Entry::getKey)
                .toList();
    }
}
