package vkernel.kern;

import java.util.Arrays;

/**
 * Watches new code of the kernel from outside, from the moment it comes and through its probation: its own watchdog is
 * as new as the rest of it. A loop in it ends as any other does ({@link Poll}); code that runs no task although it could
 * is said to have failed; a lock that is never given back is the end of the kernel, with a word about where.
 */
final class Sentry implements Runnable {
    private static final long LOOK = 100;
    /** How long code may keep the lock, or run nothing: longer than its own watchdog takes, milliseconds. */
    private static final long LIMIT = 3_000;
    /** When the lock, or an exchange, is given up for lost. */
    private static final long LOST = 10_000;

    private final Succession succession;
    private final KernelCode code;
    private final LockWatch watch;
    private volatile boolean settled;

    // of its thread
    private long coming;
    private long progress = -1;
    private long still;

    private Sentry(Succession succession, KernelLock lock, KernelCode code) {
        this.succession = succession;
        this.code = code;
        watch = new LockWatch(lock);
    }

    static Sentry over(Succession succession, KernelLock lock, KernelCode code) {
        Sentry sentry = new Sentry(succession, lock, code);
        Thread.ofPlatform().name("kernel sentry").daemon().start(sentry);
        return sentry;
    }

    /** The code has come, or was refused. */
    void settled() {
        settled = true;
    }

    @Override
    public void run() {
        try {
            do {
                Thread.sleep(LOOK);
                lookAtLock();
                if (settled) {
                    lookAtProgress();
                } else if ((coming += LOOK) >= LOST) {
                    succession.lost("the kernel's code could not be exchanged: that before does not stop");
                }
            } while (!settled || succession.watched(this, code));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Thread last = watch.owner();
            if (last != null) {
                Poll.spare(last);
            }
        }
    }

    private void lookAtLock() {
        Thread before = watch.owner();
        if (watch.look(LOOK)) {
            if (before != null) {
                Poll.spare(before);
            }
            return;
        }
        Thread owner = watch.owner();
        if (owner == null || watch.millis() < LIMIT || !at(owner)) {
            return;
        }
        if (watch.millis() >= LOST) {
            succession.lost(
                    "the kernel's new code does not end and cannot be ended, since it is neither woven nor waits: "
                            + where(owner));
        } else if (watch.lasts()) {
            Poll.condemn(owner, true, watch.still()); // and again at the next look
            if (watch.waits()) {
                owner.interrupt();
            }
        }
    }

    /** Whether the code that is watched is where a thread is: its frame is the nearest that is neither the JDK's nor an API's. */
    private boolean at(Thread thread) {
        String own = code.getClass().getPackageName() + ".";
        return Arrays.stream(thread.getStackTrace())
                .filter(frame -> frame.getModuleName() == null
                        && !frame.getClassName().startsWith(Poll.class.getPackageName() + "."))
                .findFirst()
                .filter(frame -> frame.getClassName().startsWith(own))
                .isPresent();
    }

    private static String where(Thread thread) {
        StackTraceElement[] trace = thread.getStackTrace();
        return trace.length == 0 ? thread.getName() : thread.getName() + " at " + trace[0];
    }

    private void lookAtProgress() {
        long now = succession.progress(code);
        still = now >= 0 && now == progress ? still + LOOK : 0;
        progress = now;
        if (still >= LIMIT) {
            succession.failedFromOutside(code, "it runs no task, and one could be run for " + still + " ms");
            still = 0;
        }
    }
}
