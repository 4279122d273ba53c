package vkernel.guest.kern;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.ThreadBody;
import vkernel.kern.Poll;
import vkernel.kern.StateRejected;

/**
 * What a successor does before the guest has to wait for it. On a thread of its own: if it does not end it is ended as a
 * handler would be, and whoever installs it goes on; if it throws, the guest may wait longer for it later.
 */
final class Beforehand {
    private static final Logger LOG = LoggerFactory.getLogger(Beforehand.class);
    private static final Duration LIMIT = Duration.ofSeconds(3);
    /** How long who was told to end is waited for. */
    private static final Duration END = Duration.ofSeconds(1);

    /** Something of a provider. */
    interface Action {
        void run() throws StateRejected;
    }

    private Beforehand() {}

    /** Returns when it has ended, or when it has been told to for long enough. Without the kernel lock. */
    static void run(String who, Action action) {
        Thread thread = ThreadBody.daemon("prepare", () -> tolerate(who, action));
        thread.start();
        try {
            if (!thread.join(LIMIT)) {
                LOG.warn("{} does not end its preparation", who, where(thread));
                Poll.condemn(thread, false, thread::isAlive);
                thread.interrupt();
                thread.join(END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Poll.spare(thread);
        }
    }

    private static void tolerate(String who, Action action) {
        try {
            action.run();
        } catch (StateRejected | RuntimeException | Error e) {
            LOG.warn("{} cannot prepare itself: the guest may wait longer for it", who, e);
        }
    }

    private static Throwable where(Thread thread) {
        Throwable where = new Throwable();
        where.setStackTrace(thread.getStackTrace());
        return where;
    }
}
