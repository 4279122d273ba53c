package vkernel.host.riscv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import vkernel.host.Ram;

/**
 * The decoded pages of a machine by guest frame. Any thread.
 *
 * <p>A page enters the table before its frame is marked and is used only after: a change of the frame in between
 * takes it out again, and one that comes later is reported because of the mark. No lock is held over the call of
 * {@link Ram#markCode}, which waits for other harts.
 *
 * <p>When there are too many pages all are forgotten (as QEMU does): the code that is used comes back soon.
 */
public final class CodeCache {
    private static final VarHandle PAGES = MethodHandles.arrayElementVarHandle(DecodedPage[].class);

    /** The part of the JVM's heap that decoded pages may fill. */
    private static final int HEAP_SHARE = 8;

    private static final int LEAST_LIMIT = 256;

    private final Ram ram;
    private final int limit;
    private final @Nullable Marker marker;
    private final AtomicInteger count = new AtomicInteger();

    /** Written by {@link #PAGES}; the loop reads it plainly: a page that it sees late it asks for. */
    public final @Nullable DecodedPage[] pages;

    CodeCache(Ram ram) {
        this(ram, limit(Runtime.getRuntime().maxMemory()), null);
    }

    /** @param marker asked for the marks of places that are worth counting */
    public CodeCache(Ram ram, Marker marker) {
        this(ram, limit(Runtime.getRuntime().maxMemory()), marker);
    }

    /** @param limit most pages kept */
    CodeCache(Ram ram, int limit, @Nullable Marker marker) {
        this.ram = ram;
        this.limit = limit;
        this.marker = marker;
        this.pages = new DecodedPage[ram.frames()];
    }

    /** Whether it is of this memory. */
    public boolean of(Ram other) {
        return ram == other;
    }

    private static int limit(long heap) {
        return Math.clamp(heap / HEAP_SHARE / DecodedPage.BYTES, LEAST_LIMIT, Integer.MAX_VALUE);
    }

    /** The page of a frame, made if need be. The hart that calls holds no translated address. */
    DecodedPage page(int frame) {
        DecodedPage page = (DecodedPage) PAGES.getAcquire(pages, frame);
        if (page == null) page = make(frame);
        if (!page.marked) {
            ram.markCode(frame);
            page.marked = true;
        }
        return page;
    }

    private DecodedPage make(int frame) {
        if (count.get() >= limit) forgetAll();
        DecodedPage fresh = new DecodedPage(ram, frame, marker);
        DecodedPage before = (DecodedPage) PAGES.compareAndExchange(pages, frame, null, fresh);
        if (before != null) return before;
        count.incrementAndGet();
        return fresh;
    }

    private void forgetAll() {
        for (int frame = 0; frame < pages.length; frame++) forget(frame);
    }

    /** The frame's contents change: see {@link vkernel.host.engine.Engine#codeChanged}. */
    public void forget(int frame) {
        DecodedPage page = (DecodedPage) PAGES.getAndSet(pages, frame, null);
        if (page == null) return;
        count.decrementAndGet();
        page.drop();
        if (marker != null) marker.dropped(page);
    }
}
