package vkernel.boot.compose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Kernels and parts as programs read them (JSON), and as people do. */
public final class Described {
    public static Map<String, Object> part(Part part) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", part.name());
        map.put("about", part.about());
        map.put("subsystems", part.subsystems());
        map.put("needs", part.needs());
        map.put("bytes", part.bytes());
        map.put("start_ms", part.millis());
        return map;
    }

    public static Map<String, Object> kernel(KernelFile kernel, Resolution resolved, boolean shipped) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", kernel.name());
        map.put("about", kernel.about());
        map.put("shipped", shipped);
        map.put("wanted", kernel.wanted());
        map.put("options", kernel.options());
        map.put("bytes", resolved.bytes());
        map.put("start_ms", resolved.millis());
        List<Object> parts = new ArrayList<>();
        for (Part part : resolved.parts()) {
            Map<String, Object> its = part(part);
            its.put(
                    "because",
                    resolved.because().getOrDefault(part, List.of()).stream()
                            .distinct()
                            .toList());
            parts.add(its);
        }
        map.put("parts", parts);
        return map;
    }

    /** Each part on a line with the first reason for it. */
    public static List<String> lines(Resolution resolved) {
        List<String> lines = new ArrayList<>();
        for (Part part : resolved.parts()) {
            List<Because> chain = resolved.chain(part);
            String because =
                    chain.isEmpty() ? "attached to another" : chain.getLast().toString();
            lines.add(row(part.name(), Words.kib(part.bytes()), Words.millis(part.millis()), because));
        }
        lines.add(row(
                resolved.parts().size() + " parts", Words.kib(resolved.bytes()), Words.millis(resolved.millis()), ""));
        return lines;
    }

    static String row(String name, String size, String time, String more) {
        return String.format(Locale.ROOT, "%-32s %10s %10s  %s", name, size, time, more)
                .stripTrailing();
    }

    /** The page of the documentation that lists every subsystem. */
    public static String page(Parts parts) {
        StringBuilder page = new StringBuilder();
        page.append("""
                # Subsystems

                What a kernel can be composed of ([composing.md](composing.md)). Made from the bundles' manifests by
                `./vk kernel parts --markdown`; a test says whether it is fresh. Sizes are those of the jars, compressed;
                start times are processor time, medians of five cold starts (`bench/run parts`): what the framework does before
                an event is counted for the bundle of that event, so that what one part makes another do may stand there.

                | capability | bundle | what | needs | size | start |
                |---|---|---|---|---|---|
                """);
        for (Part part : parts.all()) {
            if (!part.subsystems().isEmpty()) {
                page.append("| `")
                        .append(String.join(
                                "`, `",
                                part.subsystems().stream()
                                        .map(Subsystem::toString)
                                        .toList()))
                        .append("` | ")
                        .append(part.name())
                        .append(" | ")
                        .append(part.about())
                        .append(" | ")
                        .append(String.join(", ", shortNeeds(part)))
                        .append(" | ")
                        .append(Words.kib(part.bytes()))
                        .append(" | ")
                        .append(part.millis() == 0 ? "" : Words.millis(part.millis()))
                        .append(" |\n");
            }
        }
        return page.toString();
    }

    /** Services by the last word of their type. */
    private static List<String> shortNeeds(Part part) {
        return part.needs().stream()
                .map(need -> need.startsWith("service ") ? "`" + need.substring(need.lastIndexOf('.') + 1) + "`" : need)
                .distinct()
                .toList();
    }

    private Described() {}
}
