package vkernel.guest.vm;

import java.util.ArrayList;
import java.util.List;
import vkernel.host.Ram;
import vkernel.host.Vpte;
import vkernel.vm.AddressSpace;
import vkernel.vm.FrameTable;
import vkernel.vm.PageCache;
import vkernel.vm.SwapArea;
import vkernel.vm.VmState;
import vkernel.vm.Vma;

/** Looks whether the frames, the tables, the ranges and the caches agree. Slow: for tests and for doubts. */
final class Consistency {
    private static final int MOST = 20;

    private final Ram ram;
    private final VmState state;
    private final int[] refs;
    private final int[] slots;
    private final int[] between;
    private final List<String> wrong = new ArrayList<>();

    // of the space being looked at
    private long anonymous;
    private long cached;
    private long tables;

    /** @param between frames of pages between memory and swap space */
    Consistency(Ram ram, VmState state, int[] between) {
        this.between = between;
        this.slots = new int
                [state.swap().stream()
                        .mapToInt(area -> area.base + area.size())
                        .max()
                        .orElse(0)];
        this.ram = ram;
        this.state = state;
        this.refs = new int[state.frames().size()];
    }

    List<String> check() {
        state.spaces().values().forEach(this::space);
        state.caches().forEach(this::cache);
        for (int frame : between) {
            refs[frame]++;
            kind(frame, FrameTable.SWAP);
        }
        swap();
        for (int frame = 0; frame < refs.length; frame++) {
            frame(frame);
        }
        freeList();
        return wrong;
    }

    private void say(String what, Object... values) {
        if (wrong.size() < MOST) {
            wrong.add(what.formatted(values));
        }
    }

    private void space(AddressSpace space) {
        anonymous = 0;
        cached = 0;
        tables = 0;
        ranges(space);
        swapped(space);
        refs[PageTables.frameOf(space.root)]++;
        table(space, space.root, Vpte.LEVELS - 1, 0);
        if (anonymous != space.anonymousPages || cached != space.filePages || tables != space.tablePages) {
            say(
                    "space %d counts %d anonymous, %d file, %d table pages and has %d, %d, %d",
                    space.id, space.anonymousPages, space.filePages, space.tablePages, anonymous, cached, tables);
        }
    }

    private void swapped(AddressSpace space) {
        for (long page : space.swapped.pages()) {
            int slot = space.swapped.get(page);
            Vma vma = space.find(page << PageTables.SHIFT);
            if (vma == null || vma.shared || slot >= slots.length) {
                say("space %d: page %x in slot %d is in no private range", space.id, page << PageTables.SHIFT, slot);
            } else {
                slots[slot]++;
            }
        }
    }

    private void swapped(PageCache cache) {
        for (long index : cache.swapped.pages()) {
            int slot = cache.swapped.get(index);
            if (cache.frame(index) >= 0 || slot >= slots.length) {
                say("page %d of a cache is in slot %d and in frame %d", index, slot, cache.frame(index));
            } else {
                slots[slot]++;
            }
        }
    }

    private void swap() {
        for (SwapArea area : state.swap()) {
            int used = 0;
            for (int at = 0; at < area.size(); at++) {
                int has = slots[area.base + at];
                used += area.users[at] != 0 ? 1 : 0;
                if (area.users[at] != has) {
                    say("slot %d of %s counts %d users and has %d", at, area.name, area.users[at], has);
                }
            }
            if (used != area.used) {
                say("%d slots are in use and %d are counted", used, area.used);
            }
        }
    }

    private void ranges(AddressSpace space) {
        long end = 0;
        for (int i = 0; i < space.count(); i++) {
            Vma vma = space.vma(i);
            if (vma.start < end || vma.start >= vma.end || vma.space != space) {
                say("space %d: range %x-%x is out of order", space.id, vma.start, vma.end);
            }
            end = vma.end;
            if (vma.pages != null
                    && vma.pages.mappings.stream().filter(m -> m == vma).count() != 1) {
                say("space %d: range %x-%x is not once among its mappings", space.id, vma.start, vma.end);
            }
            if (vma.pages != null && vma.pages.pages() > 0 && !state.caches().contains(vma.pages)) {
                say("space %d: cache of range %x-%x is not known", space.id, vma.start, vma.end);
            }
        }
    }

    private void table(AddressSpace space, long table, int level, long base) {
        tables++;
        kind(PageTables.frameOf(table), FrameTable.TABLE);
        for (int i = 0; i < 1 << Vpte.INDEX_BITS; i++) {
            long entry = ram.getLong(table + (long) i * Long.BYTES);
            if (entry == 0) {
                continue;
            }
            refs[PageTables.frameOf(table)]++;
            long va = base + ((long) i << PageTables.SHIFT + level * Vpte.INDEX_BITS);
            if (level > 0) {
                refs[Vpte.frame(entry)]++;
                table(space, entry & Vpte.FRAME, level - 1, va);
            } else {
                page(space, va, entry);
            }
        }
    }

    private void page(AddressSpace space, long va, long entry) {
        int frame = Vpte.frame(entry);
        Vma vma = space.find(va);
        boolean file = (entry & PageTables.CACHED) != 0;
        if (vma == null) {
            say("space %d: page %x is mapped outside all ranges", space.id, va);
            return;
        }
        if (frame == Frames.ZERO) {
            if ((entry & Vpte.W) != 0) {
                say("space %d: page %x can write the page of zeros", space.id, va);
            }
            return;
        }
        if (space.swapped.get(va >>> PageTables.SHIFT) >= 0) {
            say("space %d: page %x is in memory and in swap space", space.id, va);
        }
        refs[frame]++;
        anonymous += file ? 0 : 1;
        cached += file ? 1 : 0;
        kind(frame, file ? FrameTable.CACHE : FrameTable.ANONYMOUS);
        PageCache pages = vma.pages;
        if (file && (pages == null || pages.frame(vma.pageIndex(va)) != frame)) {
            say("space %d: page %x is not what its file has", space.id, va);
        }
        rights(space, va, entry, vma);
    }

    private void rights(AddressSpace space, long va, long entry, Vma vma) {
        int frame = Vpte.frame(entry);
        boolean writable = (entry & Vpte.W) != 0;
        if ((entry & (Vpte.R | Vpte.X)) != PageTables.rights(vma) || writable && (vma.protection & Vma.WRITE) == 0) {
            say("space %d: page %x allows other than its range (%x)", space.id, va, entry);
        }
        boolean alone = !vma.shared && (entry & PageTables.CACHED) == 0 && state.frames().refs[frame] == 1;
        boolean noted = vma.shared
                && vma.pages != null
                && (!vma.pages.renewable() || state.frames().dirty(frame));
        if (writable && !alone && !noted) {
            say("space %d: page %x must not be writable (%x)", space.id, va, entry);
        }
    }

    private void kind(int frame, int kind) {
        if (state.frames().kind(frame) != kind) {
            say(
                    "frame %d is used as %d and noted as %d",
                    frame, kind, state.frames().kind(frame));
        }
    }

    private void cache(PageCache cache) {
        if (cache.pages() == 0 || cache.ownedByMappings && cache.mappings.isEmpty()) {
            say("a cache of %d pages is known without need", cache.pages());
        }
        swapped(cache);
        for (long index : cache.indices()) {
            int frame = cache.frame(index);
            refs[frame]++;
            kind(frame, FrameTable.CACHE);
        }
    }

    private void frame(int frame) {
        FrameTable table = state.frames();
        boolean free = table.kind(frame) == FrameTable.FREE;
        if (frame != Frames.ZERO && (table.refs[frame] != refs[frame] || free != (refs[frame] == 0))) {
            say(
                    "frame %d of kind %d counts %d and has %d references",
                    frame, table.kind(frame), table.refs[frame], refs[frame]);
        }
    }

    private void freeList() {
        FrameTable table = state.frames();
        int free = table.size() - table.fresh;
        for (int frame = table.firstFree; frame != Frames.NONE && free <= table.size(); frame = table.next[frame]) {
            free++;
        }
        if (free != table.count[FrameTable.FREE]) {
            say("%d frames are free and %d are counted", free, table.count[FrameTable.FREE]);
        }
    }
}
