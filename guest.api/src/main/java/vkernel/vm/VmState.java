package vkernel.vm;

import java.util.List;
import java.util.SequencedSet;
import java.util.SortedMap;
import vkernel.kern.Faults;
import vkernel.kern.HardState;

/**
 * All that guest.vm must not forget: what a swap hands over.
 *
 * @param frames what every frame is used for
 * @param spaces address spaces by id
 * @param caches page caches with pages in memory or in swap space, in the order they came
 * @param swap swap areas, those with the highest priority first
 * @param counters events since boot
 */
public record VmState(
        FrameTable frames,
        SortedMap<Integer, AddressSpace> spaces,
        SequencedSet<PageCache> caches,
        List<SwapArea> swap,
        VmCounters counters)
        implements HardState {
    @Override
    public List<String> faults() {
        Faults faults = new Faults();
        faults.expect(frames != null && counters != null, "no frames, or no counters")
                .all("spaces", spaces)
                .all("caches", caches)
                .all("swap", swap);
        if (!faults.none()) {
            return faults.list();
        }
        frames.check(faults);
        swap.forEach(area -> area.check(faults));
        spaces.forEach((id, space) -> {
            faults.expect(id == space.id, "space %d is called %d", space.id, id);
            space.check(faults, frames);
        });
        for (PageCache cache : caches) {
            faults.expect(
                    cache.count() >= 0 && cache.size >= 0 && cache.number >= 0,
                    "cache %d of %d pages",
                    cache.number,
                    cache.count());
        }
        return faults.list();
    }

    @Override
    public List<String> allFaults() {
        List<String> some = faults();
        if (!some.isEmpty()) {
            return some;
        }
        Faults faults = new Faults();
        frames.checkAll(faults);
        for (PageCache cache : caches) {
            check(cache, faults);
        }
        return faults.list();
    }

    private void check(PageCache cache, Faults faults) {
        for (long index : cache.indices()) {
            int frame = cache.frame(index);
            boolean inside = frame >= 0 && frame < frames.size();
            faults.expect(
                    inside && frames.kind(frame) == FrameTable.CACHE && frames.refs[frame] > 0,
                    "page %d of a cache is in frame %d, which is no such",
                    index,
                    frame);
        }
        for (long index : cache.swapped.pages()) {
            int slot = cache.swapped.get(index);
            faults.expect(
                    cache.frame(index) < 0 && swap.stream().anyMatch(area -> area.has(slot)),
                    "page %d of a cache is in slot %d, which is no such, or in memory too",
                    index,
                    slot);
        }
    }
}
