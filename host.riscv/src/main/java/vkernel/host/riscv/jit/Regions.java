package vkernel.host.riscv.jit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import vkernel.host.riscv.DecodedPage;

/**
 * The regions of a machine, by the pages of code that they are made of. Bounded: when there are too many, those go that
 * no hart has looked up for longest. Which are in use is known because whoever evicts makes every hart look anew.
 */
final class Regions {
    /** The part of the regions that goes at once. */
    private static final int PART = 8;

    private final int limit;
    private final long mostBytes;
    private final Map<Region, Spot.Entry> all = new HashMap<>(); // guarded by this
    private final Map<DecodedPage, Set<Region>> byPage = new HashMap<>(); // guarded by this
    private final Map<Long, Set<Region>> byNumber = new HashMap<>(); // by virtual page; guarded by this

    private long bytes; // guarded by this
    private long instructions; // guarded by this
    private long evicted; // guarded by this
    /** Evictions so far; what a region notes when it is looked up. */
    private volatile int age;

    /**
     * @param limit regions kept
     * @param mostBytes bytecodes kept
     */
    Regions(int limit, long mostBytes) {
        this.limit = limit;
        this.mostBytes = mostBytes;
    }

    /** Evictions so far. */
    int age() {
        return age;
    }

    /** Puts a region in use. @return false when its code has changed since it was read */
    synchronized boolean add(Spot.Entry entry, Region region) {
        if (!Text.intact(region.pages())) return false;
        if (all.size() >= limit || bytes + region.bytes() > mostBytes) evict();
        region.used(age);
        all.put(region, entry);
        bytes += region.bytes();
        instructions += region.instructions();
        for (Text.Page page : region.pages()) {
            byPage.computeIfAbsent(page.decoded(), p -> new HashSet<>()).add(region);
            byNumber.computeIfAbsent(page.number(), n -> new HashSet<>()).add(region);
        }
        Region before = entry.region;
        entry.region = region;
        if (before != null) remove(before);
        return true;
    }

    /** Takes the regions of a page out of use. @return how many there were */
    synchronized int drop(DecodedPage page) {
        List<Region> gone = List.copyOf(byPage.getOrDefault(page, Set.of()));
        gone.forEach(this::remove);
        return gone.size();
    }

    /** Drops those that were not looked up for longest. */
    private synchronized void evict() {
        List<Region> oldest = all.keySet().stream()
                .sorted(Comparator.comparingInt(Region::lastUsed).thenComparingInt(Region::number))
                .limit(Math.max(1, all.size() / PART))
                .toList();
        oldest.forEach(this::remove);
        evicted += oldest.size();
        age++;
    }

    synchronized void clear() {
        new ArrayList<>(all.keySet()).forEach(this::remove);
    }

    private void remove(Region region) {
        Spot.Entry entry = all.remove(region);
        if (entry == null) return;
        if (entry.region == region) entry.region = null;
        bytes -= region.bytes();
        instructions -= region.instructions();
        for (Text.Page page : region.pages()) {
            remove(region, byPage, page.decoded());
            remove(region, byNumber, page.number());
        }
        region.drop();
    }

    private static <K> void remove(Region region, Map<K, Set<Region>> from, K key) {
        Set<Region> there = from.get(key);
        if (there != null && there.remove(region) && there.isEmpty()) from.remove(key);
    }

    /** Where the regions begin in which so many accesses are checked at a place; 0 for a jump. */
    synchronized List<Spot.Entry> with(long va, int least, int most) {
        List<Spot.Entry> found = new ArrayList<>();
        for (Region region : byNumber.getOrDefault(va >>> Text.PAGE_SHIFT, Set.of())) {
            int accesses = region.places().getOrDefault(va, -1);
            if (accesses >= least && accesses <= most) found.add(all.get(region));
        }
        return found;
    }

    /** Whether the instruction at an address is part of a region that was made after another. */
    synchronized boolean covers(long va, int since) {
        return byNumber.getOrDefault(va >>> Text.PAGE_SHIFT, Set.of()).stream()
                .anyMatch(r -> r.number() > since && r.covers(va));
    }

    synchronized int count() {
        return all.size();
    }

    /** Bytecodes. */
    synchronized long bytes() {
        return bytes;
    }

    /** Guest instructions. */
    synchronized long instructions() {
        return instructions;
    }

    /** Regions dropped to make room. */
    synchronized long evicted() {
        return evicted;
    }
}
