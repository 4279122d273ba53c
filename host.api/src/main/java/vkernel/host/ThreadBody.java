package vkernel.host;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What a thread of a replaceable bundle runs. A {@link Thread} keeps its {@link Runnable} even when it has ended, and
 * others keep threads that have ended (a class loader of the framework those that loaded a class at the same time as
 * another): so that this does not keep the bundle's classes, the body lets go of what it runs when it begins.
 */
public final class ThreadBody implements Runnable {
    private final AtomicReference<@Nullable Runnable> work;

    private ThreadBody(Runnable work) {
        this.work = new AtomicReference<>(work);
    }

    /** A daemon thread that is still to be started, once. */
    public static Thread daemon(String name, Runnable work) {
        return Thread.ofPlatform().name(name).daemon().unstarted(new ThreadBody(work));
    }

    /** The same, with a stack of so many bytes. */
    public static Thread daemon(String name, long stack, Runnable work) {
        return Thread.ofPlatform().name(name).stackSize(stack).daemon().unstarted(new ThreadBody(work));
    }

    @Override
    public void run() {
        Runnable now = work.getAndSet(null);
        if (now != null) {
            now.run();
        }
    }
}
