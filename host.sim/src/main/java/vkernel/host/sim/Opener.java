package vkernel.host.sim;

import static vkernel.host.Vmspaces.READ;
import static vkernel.host.Vmspaces.WRITE;

import vkernel.host.Ram;
import vkernel.host.Vpte;
import vkernel.host.Window;

/**
 * Opens pages in a hart's windows: those that user code has used before, so that no accessed or modified bit is set by
 * it. Pages in a row are opened together (Linux: fault around). Hart thread only.
 */
final class Opener {
    /** Pages looked at together, a power of 2. */
    private static final int AROUND = 16;
    /** A group of accesses that an engine checks together may reach that far out of a page. */
    private static final int REACH = 512;

    private static final long PAGE = -1L << Vpte.PAGE_SHIFT;

    private final Ram ram;
    private final Walker walker;

    Opener(Ram ram, Walker walker) {
        this.ram = ram;
        this.walker = walker;
    }

    /** Opens the page of an address and pages around it. @return false when there is no room */
    boolean open(Window window, Space space, long va) {
        long block = va & PAGE * AROUND;
        long from = Math.min(block, va - REACH & PAGE);
        long to = Math.max(block + (long) AROUND * Vpte.PAGE_SIZE, (va + REACH & PAGE) + Vpte.PAGE_SIZE);
        boolean room = true;
        for (long page = from; page < to && room; page += Vpte.PAGE_SIZE) {
            int rights = walker.used(space, page);
            if ((rights & READ) == 0) continue;
            int frame = (int) (walker.address >>> Vpte.PAGE_SHIFT);
            room = window.open(page, frame, (rights & WRITE) != 0 && !ram.isCode(frame));
        }
        return window.commit() && room;
    }
}
