package vkernel.fs;

import vkernel.task.WaitQueue;

/** What an eventfd(2) holds. Plain data. */
public final class EventCounter {
    /** Unsigned; at most 2^64 - 2. */
    public long count;

    /** EFD_SEMAPHORE: a read takes 1. */
    public final boolean semaphore;

    public final WaitQueue forCount = new WaitQueue();
    public final WaitQueue forRoom = new WaitQueue();

    public EventCounter(long count, boolean semaphore) {
        this.count = count;
        this.semaphore = semaphore;
    }
}
