package vkernel.vm;

import java.util.SequencedSet;
import java.util.SortedMap;

/**
 * All that guest.vm must not forget: what a swap hands over.
 *
 * @param frames what every frame is used for
 * @param spaces address spaces by id
 * @param caches page caches with pages in memory, in the order they came
 * @param counters events since boot
 */
public record VmState(
        FrameTable frames,
        SortedMap<Integer, AddressSpace> spaces,
        SequencedSet<PageCache> caches,
        VmCounters counters) {}
