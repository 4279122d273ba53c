package vkernel.kern;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a loop can be ended from outside. The JVM cannot stop a thread, so guest.kern weaves a call of {@link #poll}
 * into the loops of every provider that comes to a running kernel. In peace it costs a load and a branch.
 *
 * <p>Static because woven code has nothing else at hand: all kernels of a JVM share it.
 */
public final class Poll {
    /** Replaced, never changed; null, not empty, while nobody is. */
    private static volatile @Nullable Map<Thread, Sentence> condemned;

    private record Sentence(BooleanSupplier still, boolean once, AtomicBoolean spent) {}

    private Poll() {}

    /** Called by woven code at every backward branch and at the start of every method. */
    public static void poll() {
        Map<Thread, Sentence> now = condemned;
        if (now != null) {
            judge(now.get(Thread.currentThread()));
        }
    }

    private static void judge(@Nullable Sentence sentence) {
        if (sentence != null && (!sentence.once || !sentence.spent.get()) && sentence.still.getAsBoolean()) {
            sentence.spent.set(true);
            throw new Stalled("the handler does not end");
        }
    }

    /**
     * The thread is thrown out of woven loops.
     *
     * @param once leaves it alone when it was thrown out of one: who catches that may be woven too. Otherwise it is
     *     thrown out of every one, until it is spared: who catches everything
     * @param still asked by the thread itself: whether it is still in what it is to be thrown out of. Who has come out
     *     by itself meanwhile is left alone
     */
    public static synchronized void condemn(Thread thread, boolean once, BooleanSupplier still) {
        Map<Thread, Sentence> next = living();
        next.put(thread, new Sentence(still, once, new AtomicBoolean()));
        condemned = Map.copyOf(next);
    }

    /** Ends that for a thread; no matter when it was not condemned. */
    public static synchronized void spare(Thread thread) {
        Map<Thread, Sentence> next = living();
        next.remove(thread);
        condemned = next.isEmpty() ? null : Map.copyOf(next);
    }

    private static Map<Thread, Sentence> living() {
        Map<Thread, Sentence> now = condemned;
        Map<Thread, Sentence> living = new HashMap<>();
        if (now != null) {
            living.putAll(now);
            living.keySet().removeIf(thread -> !thread.isAlive());
        }
        return living;
    }

    /** Whether a thread is condemned. */
    public static boolean condemned(Thread thread) {
        Map<Thread, Sentence> now = condemned;
        return now != null && now.containsKey(thread);
    }
}
