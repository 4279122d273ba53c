package vkernel.dev;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import vkernel.kern.Slot;
import vkernel.task.WaitQueue;

/**
 * A request to a disk (Linux: struct bio). Plain data: whoever made it, and whichever driver serves it, may be replaced
 * while it is under way.
 */
public final class BlockRequest {
    /** What is to be done. */
    public enum Kind {
        READ,
        WRITE,
        /** What was written and completed before is durable when it completes. */
        FLUSH,
        /** The range's contents are not wanted any more. */
        DISCARD
    }

    /** Most bytes of one request. */
    public static final int MOST = 1 << 20;

    /** {@link #result} of a request under way. */
    public static final int PENDING = 1;

    public final Kind kind;
    /** The device number of the disk or partition. */
    public final long rdev;
    /** Byte in the device. */
    public final long position;
    /** Bytes; with {@link #pages}, 4096 for each but the last. */
    public final int length;
    /** Kernel memory to read into or write from; null with {@link #pages}. */
    public final byte @Nullable [] bytes;
    /** Physical addresses of pages to read into or write from; null with {@link #bytes}. */
    public final long @Nullable [] pages;
    /** Woken when it is done. */
    public final WaitQueue done = new WaitQueue();
    /** Told when it is done; null for nobody. */
    public @Nullable Slot<? extends Client> client;
    /** What it was made for: of the client's, a type of guest.api or plain JDK values. */
    public @Nullable Object purpose;
    /** Parts of it that the host has not done yet. Guarded by this. */
    private int parts;

    private int worst;
    /** 0, a negative error number, or {@link #PENDING}. */
    public volatile int result = PENDING;

    private volatile @Nullable Thread waiter;
    /** Begins it, while the driver keeps it back. Kernel lock. */
    private @Nullable Runnable held;

    /** Who makes requests. */
    @FunctionalInterface
    public interface Client {
        /** It is done. Kernel lock held. May be told of a request that it has waited for already. */
        void completed(BlockRequest request);
    }

    public BlockRequest(
            Kind kind, long rdev, long position, int length, byte @Nullable [] bytes, long @Nullable [] pages) {
        this.kind = kind;
        this.rdev = rdev;
        this.position = position;
        this.length = length;
        this.bytes = bytes;
        this.pages = pages;
    }

    /** Of kernel memory. */
    public static BlockRequest of(Kind kind, long rdev, long position, byte[] bytes) {
        return new BlockRequest(kind, rdev, position, bytes.length, bytes, null);
    }

    /** A barrier. */
    public static BlockRequest flush(long rdev) {
        return new BlockRequest(Kind.FLUSH, rdev, 0, 0, null, null);
    }

    public boolean pending() {
        return result == PENDING;
    }

    /** Says that the host does it in so many parts. */
    public synchronized void parts(int number) {
        parts = number;
    }

    /** A part is done. Any thread. @return whether it was the last: the request has its result now */
    public synchronized boolean partDone(int error) {
        worst = worst == 0 ? error : worst;
        if (--parts != 0) {
            return false;
        }
        complete(worst);
        return true;
    }

    /** It is done. Any thread. */
    public void complete(int error) {
        result = error;
        Thread thread = waiter;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /** The driver keeps it back: it begins with {@link #hurry}. Kernel lock held. */
    public void hold(Runnable begin) {
        held = begin;
    }

    /** Begins it if it is kept back. Kernel lock held. */
    public void hurry() {
        Runnable begin = held;
        held = null;
        if (begin != null) {
            begin.run();
        }
    }

    /** Waits on the host for its end; the kernel stands meanwhile. For where nobody can be told to come again. */
    public void await() {
        hurry(); // nobody else can enter the kernel to do so
        waiter = Thread.currentThread();
        while (pending()) {
            LockSupport.park(this);
        }
        waiter = null;
    }
}
