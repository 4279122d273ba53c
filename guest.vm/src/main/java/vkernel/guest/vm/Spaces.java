package vkernel.guest.vm;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.host.Vmspaces;
import vkernel.vm.AddressSpace;
import vkernel.vm.VmCounters;
import vkernel.vm.Vma;

/** Beginning and end of address spaces (Linux: mm_alloc, exit_mmap). */
final class Spaces {
    private final Vmspaces vmspaces;
    private final Frames frames;
    private final PageTables tables;
    private final Zap zap;
    private final Ranges ranges;
    private final Fork fork;
    private final SortedMap<Integer, AddressSpace> spaces;
    private final VmCounters counters;

    Spaces(
            Host host,
            Frames frames,
            PageTables tables,
            Zap zap,
            Ranges ranges,
            Swap swap,
            SortedMap<Integer, AddressSpace> spaces,
            VmCounters counters) {
        this.vmspaces = host.vmspaces();
        this.frames = frames;
        this.tables = tables;
        this.zap = zap;
        this.ranges = ranges;
        this.fork = new Fork(host.ram(), vmspaces, frames, tables, swap);
        this.spaces = spaces;
        this.counters = counters;
    }

    @Nullable
    AddressSpace create() {
        long root = tables.newRoot();
        if (root < 0) {
            return null;
        }
        int id = ++counters.spaces;
        try {
            vmspaces.create(id);
        } catch (HostException e) {
            frames.release(PageTables.frameOf(root));
            if (e.reason() == HostException.Reason.NO_MEMORY) {
                return null;
            }
            throw e;
        }
        vmspaces.mmapVirtual(id, 0, AddressSpace.END, Vmspaces.READ | Vmspaces.WRITE | Vmspaces.EXECUTE);
        vmspaces.setMap(id, 0, root);
        AddressSpace space = new AddressSpace(id, root);
        space.mmapTop = AddressSpace.END - PageTables.PAGE;
        space.tablePages = 1;
        spaces.put(id, space);
        return space;
    }

    @Nullable
    AddressSpace fork(AddressSpace parent) {
        AddressSpace child = parent.doomed ? null : create();
        if (child == null) {
            return null;
        }
        counters.forks++;
        if (!fork.copy(parent, child)) {
            drop(child);
            return null;
        }
        return child;
    }

    /** A hart that forgets a translation, as this waits for, orders its accesses. */
    void barrier(AddressSpace space) {
        vmspaces.inval(space.id, 0, PageTables.PAGE);
    }

    void drop(AddressSpace space) {
        if (space.users > 0) { // else it was begun already, and closing a file has met a bug
            if (--space.users > 0) {
                return;
            }
            vmspaces.destroy(space.id);
            for (int i = 0; i < space.count(); i++) {
                Vma vma = space.vma(i);
                zap.forget(space, vma.start, vma.end);
            }
        }
        while (space.count() > 0) {
            Vma vma = space.vma(space.count() - 1);
            space.remove(space.count() - 1);
            ranges.letGo(vma);
        }
        frames.release(PageTables.frameOf(space.root));
        space.tablePages--;
        spaces.remove(space.id);
    }

    /** Out of memory: takes everything from a space whose processes are being killed. */
    void reap(AddressSpace space) {
        ranges.unmap(space, 0, AddressSpace.END);
    }
}
