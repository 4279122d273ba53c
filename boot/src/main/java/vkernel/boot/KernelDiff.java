package vkernel.boot;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vkernel.boot.compose.KernelFile;
import vkernel.boot.compose.Part;
import vkernel.boot.compose.Resolution;
import vkernel.boot.compose.Workbench;

/** How two kernels differ. */
record KernelDiff(
        KernelFile one, KernelFile other, Resolution first, Resolution second, Map<String, List<String>> options) {
    static KernelDiff of(Workbench bench, String one, String other) throws IOException {
        KernelFile first = bench.kernels().read(one);
        KernelFile second = bench.kernels().read(other);
        return new KernelDiff(
                first, second, bench.resolve(first), bench.resolve(second), Workbench.optionsThatDiffer(first, second));
    }

    private static List<Part> only(Resolution here, Resolution there) {
        return here.parts().stream().filter(part -> !there.contains(part)).toList();
    }

    Map<String, Object> map() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("only_" + one.name(), only(first, second));
        map.put("only_" + other.name(), only(second, first));
        map.put("options", options);
        map.put("bytes", List.of(first.bytes(), second.bytes()));
        map.put("start_ms", List.of(first.millis(), second.millis()));
        return map;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        only(first, second).forEach(part -> lines.add("- " + part + ": " + part.about()));
        only(second, first).forEach(part -> lines.add("+ " + part + ": " + part.about()));
        options.forEach((name, both) -> lines.add(name + ": '" + both.get(0) + "' -> '" + both.get(1) + "'"));
        lines.add(String.format(
                "%s: %d parts, %d KiB; %s: %d parts, %d KiB",
                one.name(),
                first.parts().size(),
                first.bytes() >> 10,
                other.name(),
                second.parts().size(),
                second.bytes() >> 10));
        return lines;
    }
}
