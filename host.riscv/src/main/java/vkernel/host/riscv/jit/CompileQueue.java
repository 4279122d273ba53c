package vkernel.host.riscv.jit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.ThreadBody;

/**
 * Translates on a thread of its own, what is met most often first: no hart ever waits for it. A region comes into use
 * when HotSpot has compiled it, see {@link Fledglings}. A place that finds the queue full asks again later.
 */
final class CompileQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CompileQueue.class);
    private static final int CAPACITY = 4096;

    /** @param since regions with higher numbers were made later */
    private record Request(Spot.Entry entry, Text text, boolean windows, int since) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final List<Request> waiting = new ArrayList<>(); // guarded by lock
    private final Fledglings fledglings;
    private final RegionMaker maker;
    private final Regions regions;
    private final Runnable evicted;
    private final Thread thread;
    private volatile long made;
    private volatile long failed;
    private volatile long nanos;

    /**
     * @param idle may retire nothing
     * @param evicted told when regions were dropped to make room
     */
    CompileQueue(RegionMaker maker, Regions regions, Dispatcher idle, Runnable evicted) {
        this.maker = maker;
        this.regions = regions;
        this.evicted = evicted;
        this.fledglings = new Fledglings(idle);
        this.thread = ThreadBody.daemon("translator", this::work);
        thread.setPriority(Thread.MIN_PRIORITY); // harts go before it
        thread.start();
    }

    /** Any thread. @param wait whether to come back with the translation in use */
    void add(Spot.Entry entry, Text text, boolean windows, boolean wait) {
        entry.requested = true;
        Request request = new Request(entry, text, windows, maker.last());
        if (wait) {
            Region region = translate(request);
            if (region != null) use(entry, region);
        } else if (!offer(request)) {
            entry.requested = false;
        }
    }

    private boolean offer(Request request) {
        lock.lock();
        try {
            if (waiting.size() >= CAPACITY) return false;
            waiting.add(request);
            added.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try {
            while (true) {
                Request next = fledglings.full() ? null : take();
                Region region = next == null ? null : translate(next);
                if (region != null) fledglings.add(next.entry(), region);
                fledglings.flown(this::use);
                if (next == null) Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The request of the place that was met most often; null when there is none, but regions that wait for HotSpot. */
    private @Nullable Request take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty()) {
                if (!fledglings.isEmpty()) return null;
                added.await();
            }
            int hottest = 0;
            for (int i = 1; i < waiting.size(); i++) {
                if (waiting.get(i).entry().met > waiting.get(hottest).entry().met) hottest = i;
            }
            return waiting.remove(hottest);
        } finally {
            lock.unlock();
        }
    }

    /** @return null when there is nothing to be put in use */
    private synchronized @Nullable Region translate(Request request) {
        Spot.Entry entry = request.entry();
        long start = System.nanoTime();
        try {
            if (entry.region == null && !entry.covered && regions.covers(entry.va, request.since())) {
                entry.covered = true;
            } else {
                Region region = maker.make(entry.va, request.text(), request.windows(), entry.region);
                if (region != null) return region;
                entry.hopeless = true;
            }
        } catch (IllegalStateException e) {
            LOG.debug("the machine is gone", e);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            entry.hopeless = true;
            failed++;
            LOG.error("no translation of the code at 0x{}", Long.toHexString(entry.va), e);
        } finally {
            nanos += System.nanoTime() - start;
        }
        entry.requested = false;
        return null;
    }

    private synchronized void use(Spot.Entry entry, Region region) {
        int age = regions.age();
        if (regions.add(entry, region)) made++;
        entry.requested = false;
        if (regions.age() != age) evicted.run();
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Regions made so far. */
    long made() {
        return made;
    }

    /** Places of which none could be made because the translator is wrong. */
    long failed() {
        return failed;
    }

    /** Time it took. */
    long nanos() {
        return nanos;
    }

    /** Returns when its thread has ended: no class of the engine is loaded after that. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
