package vkernel.host.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.host.Mapping;

/** The mappings of a vmspace, apart from each other and ascending. Immutable: harts read it without a lock. */
final class Regions {
    static final Regions NONE = new Regions(List.of());

    private final Mapping[] sorted;

    private Regions(List<Mapping> regions) {
        sorted = regions.toArray(Mapping[]::new);
    }

    /** @param mappings ascending and apart from each other */
    static Regions of(List<Mapping> mappings) {
        return new Regions(mappings);
    }

    List<Mapping> list() {
        return List.of(sorted);
    }

    /** The mapping that holds an address, or null. */
    @Nullable
    Mapping at(long va) {
        int low = 0;
        int high = sorted.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Mapping region = sorted[middle];
            if (va < region.start()) high = middle - 1;
            else if (va >= region.end()) low = middle + 1;
            else return region;
        }
        return null;
    }

    boolean overlap(long from, long to) {
        for (Mapping region : sorted) {
            if (region.overlaps(from, to)) return true;
        }
        return false;
    }

    Regions with(Mapping added) {
        List<Mapping> regions = new ArrayList<>(List.of(sorted));
        regions.add(added);
        regions.sort(Comparator.comparingLong(Mapping::start));
        return new Regions(regions);
    }

    Regions without(long from, long to) {
        List<Mapping> regions = new ArrayList<>();
        for (Mapping region : sorted) {
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
