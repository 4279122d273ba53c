package vkernel.host.riscv.jit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import vkernel.host.riscv.DecodedPage;

/** The regions of a machine, by the pages of code that they are made of. Bounded: when full all are forgotten. */
final class Regions {
    private final int most;
    private final Map<DecodedPage, Set<Region>> byPage = new HashMap<>(); // guarded by this
    private final Set<Region> all = new HashSet<>(); // guarded by this

    /** @param most regions kept */
    Regions(int most) {
        this.most = most;
    }

    /** Puts a region in use. @return false when its code has changed since it was read */
    synchronized boolean add(Spot.Entry entry, Region region) {
        if (!Text.intact(region.pages())) return false;
        if (all.size() >= most) clear();
        all.add(region);
        for (Text.Page page : region.pages()) {
            byPage.computeIfAbsent(page.decoded(), p -> new HashSet<>()).add(region);
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

    synchronized void clear() {
        new ArrayList<>(all).forEach(this::remove);
    }

    private void remove(Region region) {
        all.remove(region);
        for (Text.Page page : region.pages()) {
            Set<Region> there = byPage.get(page.decoded());
            if (there == null) continue;
            there.remove(region);
            if (there.isEmpty()) byPage.remove(page.decoded());
        }
        region.drop();
    }

    synchronized int count() {
        return all.size();
    }

    synchronized long bytes() {
        return all.stream().mapToLong(Region::bytes).sum();
    }

    synchronized long instructions() {
        return all.stream().mapToLong(Region::instructions).sum();
    }
}
