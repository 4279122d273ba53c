package vkernel.host.riscv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
    private static final VarHandle PAGES = MethodHandles.arrayElementVarHandle(DecodedPage[].class);

    private final Ram ram;
    final @Nullable DecodedPage[] pages;

    CodeCache(Ram ram) {
        this.ram = ram;
        this.pages = new DecodedPage[ram.frames()];
    }

    /** The page of a frame, made if need be. The hart that calls holds no translated address. */
    DecodedPage page(int frame) {
        DecodedPage page = (DecodedPage) PAGES.getAcquire(pages, frame);
        if (page == null) {
            DecodedPage fresh = new DecodedPage(ram, frame);
            page = (DecodedPage) PAGES.compareAndExchange(pages, frame, null, fresh);
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
        DecodedPage page = (DecodedPage) PAGES.getAndSet(pages, frame, null);
        if (page != null) page.drop();
    }
}
