package vkernel.host.sim;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.host.Vpte;

/**
 * What a TLB that forgets nothing by itself would hold: each page's last translation until somebody asks to forget it.
 * Used only by a machine that checks translations. Hart thread only.
 */
final class ShadowTlb {
    /**
     * A translation.
     *
     * @param rights READ, WRITE, EXECUTE
     * @param frame RAM address of the page
     */
    record Entry(int rights, long frame) {}

    private final Map<Long, Entry> pages = new HashMap<>();

    @Nullable
    Entry at(long va) {
        return pages.get(va >>> Vpte.PAGE_SHIFT);
    }

    void put(long va, Entry entry) {
        pages.put(va >>> Vpte.PAGE_SHIFT, entry);
    }

    void remove(long va) {
        pages.remove(va >>> Vpte.PAGE_SHIFT);
    }

    void flush() {
        pages.clear();
    }

    void flush(long va, long length) {
        if (pages.isEmpty()) return; // as in every machine that does not check translations
        long first = va >>> Vpte.PAGE_SHIFT;
        long pageCount = length >>> Vpte.PAGE_SHIFT;
        if (pageCount > pages.size()) {
            pages.keySet().removeIf(page -> page >= first && page - first < pageCount);
            return;
        }
        for (long page = first; page < first + pageCount; page++) pages.remove(page);
    }
}
