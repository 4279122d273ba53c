package vkernel.guest.vm;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.BlockFile;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.kern.Errno;
import vkernel.vm.AddressSpace;
import vkernel.vm.FrameTable;
import vkernel.vm.SwapArea;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** swapon(2), swapoff(2) without the ABI (Linux: mm/swapfile.c). */
final class SwapCalls {
    private static final Logger LOG = LoggerFactory.getLogger(SwapCalls.class);
    private static final int LEAST = 16;
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

    long on(String name) {
        if (!areas.isEmpty()) {
            return areas.getFirst().name.equals(name) ? -Errno.EBUSY : -Errno.EPERM;
        }
        try {
            BlockFile file = host.open(name);
            long slots = Math.min(file.size() >>> PageTables.SHIFT, Integer.MAX_VALUE / 2);
            if (slots < LEAST || file.readOnly()) {
                file.close();
                return -Errno.EINVAL;
            }
            areas.add(new SwapArea(name, file, (int) slots));
            LOG.info("Adding {}k swap on {}", slots << 2, name);
            return 0;
        } catch (HostException e) {
            LOG.warn("swap: {}", e.getMessage());
            return switch (e.reason()) {
                case ABSENT -> -Errno.ENOENT;
                case BUSY -> -Errno.EBUSY;
                default -> -Errno.EIO;
            };
        }
    }

    long off(String name, int pages) {
        if (areas.isEmpty() || !areas.getFirst().name.equals(name)) {
            return -Errno.EINVAL;
        }
        SwapArea area = areas.getFirst();
        area.closing = true;
        long error = bringBack(pages);
        if (error < 0) {
            area.closing = false;
            return error;
        }
        if (area.used > 0) {
            return area.used;
        }
        paging.swap.settle();
        areas.clear();
        ((BlockFile) area.file).close();
        return 0;
    }

    private long bringBack(int pages) {
        int left = pages;
        for (AddressSpace space : paging.state.spaces().values()) {
            for (long page : space.swapped.count() == 0 ? new long[0] : space.swapped.pages()) {
                if (left-- <= 0) {
                    return 0;
                }
                if (paging.frames.count(FrameTable.FREE) < SPARE && paging.reclaim() == 0) {
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
        return 0;
    }
}
