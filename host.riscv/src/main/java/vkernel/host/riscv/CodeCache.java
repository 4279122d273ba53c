package vkernel.host.riscv;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import vkernel.host.Ram;

/**
 * The decoded pages of a machine by guest frame. Any thread.
 *
 * <p>A page enters the table before its frame is marked and is used only after: a change of the frame in between
 * takes it out again, and one that comes later is reported because of the mark. No lock is held over the call of
 * {@link Ram#markCode}, which waits for other harts.
 */
final class CodeCache {
    private final Ram ram;
    private final AtomicReferenceArray<@Nullable DecodedPage> pages;

    CodeCache(Ram ram) {
        this.ram = ram;
        this.pages = new AtomicReferenceArray<>(ram.frames());
    }

    /** The page of a frame if it is ready for use. */
    @Nullable DecodedPage known(int frame) {
        DecodedPage page = pages.getAcquire(frame);
        return page != null && page.marked() ? page : null;
    }

    /** The page of a frame, made if need be. The hart that calls holds no translated address. */
    DecodedPage page(int frame) {
        DecodedPage page = pages.getAcquire(frame);
        if (page == null) {
            DecodedPage fresh = new DecodedPage(ram, frame);
            page = pages.compareAndExchange(frame, null, fresh);
            if (page == null) page = fresh;
        }
        if (!page.marked()) {
            ram.markCode(frame);
            page.setMarked();
        }
        return page;
    }

    /** The frame's contents change: see {@link vkernel.host.engine.Engine#codeChanged}. */
    void forget(int frame) {
        DecodedPage page = pages.getAndSet(frame, null);
        if (page != null) page.drop();
    }
}
