package vkernel.host.riscv.jit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.host.riscv.Core;
import vkernel.host.riscv.DecodedPage;
import vkernel.host.riscv.Insn;

/**
 * The code around a place as a hart saw it when it asked for a translation: pages that it had executed, by virtual
 * page number. A page whose frame is written meanwhile is {@link DecodedPage#dropped}.
 *
 * @param pages decoded pages
 * @param frames their frames
 */
record Text(Map<Long, DecodedPage> pages, Map<Long, Integer> frames) {
    static final int PAGE_SHIFT = 12;

    /** A page of code that a region is made of. */
    record Page(long number, int frame, DecodedPage decoded) {}

    /** The instruction at an address, or null where there is none that was met before. */
    @Nullable
    Insn at(long va) {
        DecodedPage page = pages.get(va >>> PAGE_SHIFT);
        if (page == null) return null;
        int slot = Core.slot(va);
        if (page.straddles(slot)) {
            DecodedPage next = pages.get((va >>> PAGE_SHIFT) + 1);
            return next == null ? null : new Insn(va, page.straddling(next));
        }
        long in = page.plain(slot);
        return in == 0 ? null : new Insn(va, in);
    }

    /** The region that begins at an address, or null. */
    @Nullable
    Region region(long va) {
        DecodedPage page = pages.get(va >>> PAGE_SHIFT);
        return page != null && page.markAt(va) instanceof Spot spot ? spot.region(va) : null;
    }

    /** The pages that instructions lie in, in order. */
    List<Page> pagesOf(List<Block> blocks) {
        List<Long> numbers = blocks.stream()
                .flatMap(b -> b.body.stream())
                .flatMap(i -> List.of(i.va() >>> PAGE_SHIFT, i.next() - 1 >>> PAGE_SHIFT).stream())
                .distinct()
                .sorted()
                .toList();
        List<Page> used = new ArrayList<>();
        for (long n : numbers) used.add(new Page(n, frames.get(n), pages.get(n)));
        return used;
    }

    /** Whether no page was written since. */
    static boolean intact(List<Page> pages) {
        return pages.stream().noneMatch(p -> p.decoded().dropped());
    }
}
