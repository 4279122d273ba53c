package vkernel.kern;

import org.jspecify.annotations.Nullable;

/**
 * Where a loop can be ended from outside. The JVM cannot stop a thread, so guest.kern weaves a call of {@link #poll}
 * into the loops of every provider that comes to a running kernel. In peace it costs a load and a branch.
 *
 * <p>Static because woven code has nothing else at hand: all kernels of a JVM share it, one condemned thread at a time.
 */
public final class Poll {
    private static volatile @Nullable Thread condemned;

    private Poll() {}

    /** Called by woven code at every backward branch and at the start of every method. */
    public static void poll() {
        if (condemned != null) {
            look();
        }
    }

    private static void look() {
        if (condemned == Thread.currentThread()) {
            throw new Stalled("the handler does not end");
        }
    }

    /** From now on the thread is thrown out of every woven loop. @return false while another thread is condemned */
    public static synchronized boolean condemn(Thread thread) {
        if (condemned != null && condemned != thread) {
            return false;
        }
        condemned = thread;
        return true;
    }

    /** Ends that for a thread; no matter when it was not condemned. */
    public static synchronized void spare(Thread thread) {
        if (condemned == thread) {
            condemned = null;
        }
    }

    /** Whether a thread is condemned. */
    public static boolean condemned(Thread thread) {
        return condemned == thread;
    }
}
