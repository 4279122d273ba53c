package vkernel.host.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The mappings of a vmspace, apart from each other and ascending. Immutable: harts read it without a lock. */
final class Regions {
    static final Regions NONE = new Regions(List.of());

    private final Region[] sorted;

    private Regions(List<Region> regions) {
        sorted = regions.toArray(Region[]::new);
    }

    /** The mapping that holds an address, or null. */
    @Nullable
    Region at(long va) {
        int low = 0;
        int high = sorted.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Region region = sorted[middle];
            if (va < region.start()) high = middle - 1;
            else if (va >= region.end()) low = middle + 1;
            else return region;
        }
        return null;
    }

    boolean overlap(long from, long to) {
        for (Region region : sorted) {
            if (region.overlaps(from, to)) return true;
        }
        return false;
    }

    Regions with(Region added) {
        List<Region> regions = new ArrayList<>(List.of(sorted));
        regions.add(added);
        regions.sort(Comparator.comparingLong(Region::start));
        return new Regions(regions);
    }

    Regions without(long from, long to) {
        List<Region> regions = new ArrayList<>();
        for (Region region : sorted) {
            if (!region.overlaps(from, to)) {
                regions.add(region);
                continue;
            }
            if (region.start() < from) regions.add(region.part(region.start(), from));
            if (region.end() > to) regions.add(region.part(to, region.end()));
        }
        return new Regions(regions);
    }
}
