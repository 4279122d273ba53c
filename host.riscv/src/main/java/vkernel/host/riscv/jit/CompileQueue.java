package vkernel.host.riscv.jit;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.ThreadBody;

/** Translates on a thread of its own: no hart ever waits for it. A place that finds the queue full asks again later. */
final class CompileQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CompileQueue.class);
    private static final int CAPACITY = 4096;

    /** @param since regions with higher numbers were made later */
    private record Request(Spot.Entry entry, Text text, boolean windows, int since) {}

    private final BlockingQueue<Request> waiting = new ArrayBlockingQueue<>(CAPACITY);
    private final RegionMaker maker;
    private final Regions regions;
    private final Runnable evicted;
    private final Thread thread;
    private volatile long made;
    private volatile long failed;
    private volatile long nanos;

    /** @param evicted told when regions were dropped to make room */
    CompileQueue(RegionMaker maker, Regions regions, Runnable evicted) {
        this.maker = maker;
        this.regions = regions;
        this.evicted = evicted;
        this.thread = ThreadBody.daemon("translator", this::work);
        thread.start();
    }

    /** Any thread. @param wait whether to come back with the translation */
    void add(Spot.Entry entry, Text text, boolean windows, boolean wait) {
        entry.requested = true;
        Request request = new Request(entry, text, windows, maker.last());
        if (wait) translate(request);
        else if (!waiting.offer(request)) entry.requested = false;
    }

    private void work() {
        try {
            while (true) translate(waiting.take());
        } catch (InterruptedException e) {
            waiting.clear();
        }
    }

    private synchronized void translate(Request request) {
        Spot.Entry entry = request.entry();
        int age = regions.age();
        long start = System.nanoTime();
        try {
            if (entry.region == null && !entry.covered && regions.covers(entry.va, request.since())) {
                entry.covered = true;
                return;
            }
            Region region = maker.make(entry.va, request.text(), request.windows(), entry.region);
            if (region == null) entry.hopeless = true;
            else if (regions.add(entry, region)) made++;
            if (regions.age() != age) evicted.run();
        } catch (IllegalStateException e) {
            LOG.debug("the machine is gone", e);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            entry.hopeless = true;
            failed++;
            LOG.error("no translation of the code at 0x{}", Long.toHexString(entry.va), e);
        } finally {
            entry.requested = false;
            nanos += System.nanoTime() - start;
        }
    }

    int size() {
        return waiting.size();
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
