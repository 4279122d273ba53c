package vkernel.kern;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a loop can be ended from outside. The JVM cannot stop a thread, so guest.kern weaves a call of {@link #poll}
 * into the loops of every provider that comes to a running kernel. In peace it costs a load and a branch.
 *
 * <p>Static because woven code has nothing else at hand: all kernels of a JVM share it.
 */
public final class Poll {
    /** Replaced, never changed; null, not empty, while nobody is. */
    private static volatile @Nullable Set<Thread> condemned;

    private Poll() {}

    /** Called by woven code at every backward branch and at the start of every method. */
    public static void poll() {
        Set<Thread> now = condemned;
        if (now != null && now.contains(Thread.currentThread())) {
            throw new Stalled("the handler does not end");
        }
    }

    /** From now on the thread is thrown out of every woven loop. */
    public static synchronized void condemn(Thread thread) {
        Set<Thread> next = living();
        next.add(thread);
        condemned = Set.copyOf(next);
    }

    /** Ends that for a thread; no matter when it was not condemned. */
    public static synchronized void spare(Thread thread) {
        Set<Thread> next = living();
        next.remove(thread);
        condemned = next.isEmpty() ? null : Set.copyOf(next);
    }

    private static Set<Thread> living() {
        Set<Thread> now = condemned;
        Set<Thread> living = new HashSet<>();
        if (now != null) {
            now.stream().filter(Thread::isAlive).forEach(living::add);
        }
        return living;
    }

    /** Whether a thread is condemned. */
    public static boolean condemned(Thread thread) {
        Set<Thread> now = condemned;
        return now != null && now.contains(thread);
    }
}
