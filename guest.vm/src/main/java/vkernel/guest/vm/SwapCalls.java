package vkernel.guest.vm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.BlockFile;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.kern.Errno;
import vkernel.vm.AddressSpace;
import vkernel.vm.FrameTable;
import vkernel.vm.PageCache;
import vkernel.vm.SwapArea;
import vkernel.vm.SwapPlace;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** swapon(2), swapoff(2) without the ABI (Linux: mm/swapfile.c). */
final class SwapCalls {
    private static final Logger LOG = LoggerFactory.getLogger(SwapCalls.class);
    private static final int LEAST = 16;
    /** Slots of all areas. */
    private static final int MOST = Integer.MAX_VALUE / 2;

    private static final String MAGIC = "SWAPSPACE2";
    /** Frames that swapoff leaves for others. */
    private static final int SPARE = 128;

    private final Host host;
    private final Paging paging;
    private final List<SwapArea> areas;

    SwapCalls(Host host, Paging paging) {
        this.host = host;
        this.paging = paging;
        this.areas = paging.state.swap();
    }

    /** A block file of the machine as it is, without a header. */
    long on(String name) {
        if (find(name) != null) {
            return -Errno.EBUSY;
        }
        try {
            BlockFile file = host.open(name);
            long slots = file.size() >>> PageTables.SHIFT;
            SwapPlace place = new SwapPlace(name, file, new long[1], new long[1], slots, -1, 0, null);
            long error = slots < LEAST || file.readOnly() ? -Errno.EINVAL : add(place, 0, slots);
            if (error != 0) {
                file.close();
            }
            return error;
        } catch (HostException e) {
            LOG.warn("swap: {}", e.getMessage());
            return switch (e.reason()) {
                case ABSENT -> -Errno.ENOENT;
                case BUSY -> -Errno.EBUSY;
                default -> -Errno.EIO;
            };
        }
    }

    /** A place with the header that mkswap(8) makes (Linux: union swap_header). */
    long on(SwapPlace place) {
        if (place.pages() <= LEAST) {
            return -Errno.EINVAL;
        }
        byte[] bytes = new byte[PageTables.PAGE];
        CompletableFuture<Boolean> read = new CompletableFuture<>();
        try {
            ((BlockFile) place.file())
                    .read(place.places()[0], bytes, 0, bytes.length, failure -> read.complete(failure == null));
        } catch (HostException e) {
            LOG.warn("swap: {}: {}", place.name(), e.getMessage());
            return -Errno.EIO;
        }
        if (!read.join()) {
            return -Errno.EIO;
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        String magic = new String(bytes, bytes.length - MAGIC.length(), MAGIC.length(), StandardCharsets.US_ASCII);
        long last = header.getInt(1028) & 0xffff_ffffL;
        last = Math.min(last, place.pages() - 1);
        boolean sane = magic.equals(MAGIC) && header.getInt(1024) == 1 && last >= LEAST;
        if (!sane || header.getInt(1032) != 0) { // bad pages are of times long gone
            LOG.warn("swap: {} was not prepared by mkswap", place.name());
            return -Errno.EINVAL;
        }
        return add(place, 1, last);
    }

    private long add(SwapPlace place, int header, long slots) {
        long base =
                areas.stream().mapToLong(area -> area.base + area.size()).max().orElse(0);
        int size = (int) Math.min(slots, MOST);
        if (base + size > MOST) {
            return -Errno.ENOMEM;
        }
        int lowest = areas.stream().mapToInt(area -> area.priority).min().orElse(0);
        int priority = place.priority() >= 0 ? place.priority() : Math.min(lowest, -1) - 1;
        areas.add(new SwapArea(place, (int) base, priority, header, size));
        areas.sort(Comparator.comparingInt((SwapArea area) -> area.priority).reversed());
        LOG.info(
                "Adding {}k swap on {}. Priority:{} extents:{}",
                slots << 2,
                place.name(),
                priority,
                place.starts().length);
        return 0;
    }

    private @Nullable SwapArea find(String name) {
        for (SwapArea area : areas) {
            if (area.name.equals(name)) {
                return area;
            }
        }
        return null;
    }

    long off(String name, int pages) {
        SwapArea area = find(name);
        if (area == null) {
            return -Errno.EINVAL;
        }
        area.closing = true;
        long error = bringBack(area, pages);
        if (error < 0) {
            area.closing = false;
            return error;
        }
        if (area.used > 0) {
            return area.used;
        }
        paging.swap.settle();
        areas.remove(area);
        if (area.place.rdev() == 0) { // else it is the disk's driver's
            ((BlockFile) area.file).close();
        }
        return 0;
    }

    private long bringBack(SwapArea area, int pages) {
        long left = bringPrivate(area, pages);
        return left > 0 ? bringCached(area, (int) left) : left;
    }

    /** @return what is left of the number of pages to be brought, or -errno */
    private long bringCached(SwapArea area, int pages) {
        int left = pages;
        for (PageCache cache : List.copyOf(paging.state.caches())) {
            for (long index : cache.swapped.count() == 0 ? new long[0] : cache.swapped.pages()) {
                if (!area.has(cache.swapped.get(index))) {
                    continue;
                }
                if (left-- <= 0) {
                    return 0;
                }
                if (!room()) {
                    return -Errno.ENOMEM;
                }
                int frame = paging.files.frame(cache, index, false, null);
                if (frame < 0) {
                    return frame == FilePages.NO_MEMORY ? -Errno.ENOMEM : -Errno.EIO;
                }
                paging.frames.release(frame);
            }
        }
        return left;
    }

    private boolean room() {
        return paging.frames.count(FrameTable.FREE) >= SPARE || paging.reclaim() > 0;
    }

    /** @return what is left of the number of pages to be brought, or -errno */
    private long bringPrivate(SwapArea area, int pages) {
        int left = pages;
        for (AddressSpace space : paging.state.spaces().values()) {
            for (long page : space.swapped.count() == 0 ? new long[0] : space.swapped.pages()) {
                if (!area.has(space.swapped.get(page))) {
                    continue;
                }
                if (left-- <= 0) {
                    return 0;
                }
                if (!room()) {
                    return -Errno.ENOMEM;
                }
                long va = page << PageTables.SHIFT;
                Vma vma = space.find(va);
                int done = vma == null ? Vm.FAULT_BUS : paging.faults.bring(vma, va, Vma.READ);
                if (done != Vm.FAULT_DONE) {
                    return done == Vm.FAULT_BUS ? -Errno.EIO : -Errno.ENOMEM;
                }
            }
        }
        return left;
    }
}
