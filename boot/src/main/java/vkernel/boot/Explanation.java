package vkernel.boot;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vkernel.boot.compose.Because;
import vkernel.boot.compose.KernelFile;
import vkernel.boot.compose.Part;
import vkernel.boot.compose.Resolution;
import vkernel.boot.compose.Subsystem;
import vkernel.boot.compose.Workbench;

/**
 * Why a capability is in a kernel, or what it would bring with it.
 *
 * @param givers who gives it, in the kernel or outside
 * @param there those of them that are in the kernel
 * @param chain from the user's list to the first of those
 * @param wanters all who want it
 * @param brings parts that would come with it; empty when it is there
 */
record Explanation(
        String kernel,
        Subsystem what,
        List<Part> givers,
        List<Part> there,
        List<String> chain,
        List<String> wanters,
        List<Part> brings) {
    static Explanation of(Workbench bench, String name, String capability) throws IOException {
        KernelFile kernel = bench.kernels().read(name);
        Subsystem what = bench.parts().meant(capability);
        List<Part> givers = bench.parts().giving(what);
        Resolution resolved = bench.resolve(kernel);
        List<Part> there = givers.stream().filter(resolved::contains).toList();
        if (there.isEmpty()) {
            return new Explanation(name, what, givers, there, List.of(), List.of(), bench.wouldAdd(kernel, what));
        }
        List<String> wanters = resolved.because().get(there.getFirst()).stream()
                .map(Because::toString)
                .distinct()
                .toList();
        return new Explanation(
                name, what, givers, there, Workbench.why(resolved, there.getFirst()), wanters, List.of());
    }

    Map<String, Object> map() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kernel", kernel);
        map.put("capability", what);
        map.put("in_kernel", !there.isEmpty());
        map.put("given_by", givers);
        map.put("chain", chain);
        map.put("wanted_by", wanters);
        map.put("would_bring", brings);
        map.put("would_bring_bytes", bytes());
        return map;
    }

    private long bytes() {
        return brings.stream().mapToLong(Part::bytes).sum();
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (there.isEmpty()) {
            lines.add(what + " is not in " + kernel + ". It is given by "
                    + String.join(" or ", givers.stream().map(Part::name).toList()) + ".");
            lines.add("With it would come:");
            brings.forEach(part -> lines.add(String.format(
                    "  %s (%d KiB, %.1f ms): %s", part, part.bytes() >> 10, part.millis(), part.about())));
            lines.add(String.format("%d KiB in all.", bytes() >> 10));
            return lines;
        }
        lines.add(what + " is in " + kernel + ": " + there.getFirst() + ", "
                + there.getFirst().about() + ".");
        chain.forEach(step -> lines.add("  " + step));
        if (wanters.size() > 1) {
            lines.add("All who want it:");
            wanters.forEach(wanter -> lines.add("  " + wanter));
        }
        return lines;
    }
}
