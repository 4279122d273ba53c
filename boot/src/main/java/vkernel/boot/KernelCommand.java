package vkernel.boot;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import vkernel.boot.compose.Described;
import vkernel.boot.compose.Json;
import vkernel.boot.compose.KernelFile;
import vkernel.boot.compose.Part;
import vkernel.boot.compose.Resolution;
import vkernel.boot.compose.Selection;
import vkernel.boot.compose.Subsystem;
import vkernel.boot.compose.Workbench;

/** {@code vk kernel}: kernels of one's own. */
@Command(
        name = "kernel",
        mixinStandardHelpOptions = true,
        description = {"Composes kernels: lists of capabilities, from which the bundles are resolved.", ""},
        footer = {
            "",
            "A capability is a name of 'vk kernel parts': sched:fair, fs:proc, net; or bundle:NAME. For instance:",
            "  vk kernel new mine --from tiny && vk kernel add mine fs:proc shell && vk boot --kernel mine"
        })
final class KernelCommand implements Runnable {
    /** Its commands in the order in which one needs them; Java does not say in which order a class's methods are. */
    static final List<String> ORDER = List.of(
            "list",
            "parts",
            "new",
            "add",
            "remove",
            "menu",
            "delete",
            "resolve",
            "diff",
            "explain",
            "build",
            "start-times");

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "As JSON.")
    private boolean json;

    /** Shows the commands of a {@code vk kernel} in their order. */
    static void order(CommandLine line) {
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> {
            Map<String, Help> ordered = new TreeMap<>(Comparator.comparing(ORDER::indexOf));
            ordered.putAll(help.subcommands());
            return help.commandList(ordered);
        });
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "list", description = "The kernels there are.")
    int list() throws IOException {
        Workbench bench = VirtualKernel.workbench();
        List<Map<String, Object>> all = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (String name : bench.kernels().names()) {
            KernelFile kernel = bench.kernels().read(name);
            boolean shipped = bench.kernels().isShipped(name);
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", name);
            entry.put("shipped", shipped);
            entry.put("about", kernel.about());
            entry.put("wanted", kernel.wanted());
            entry.put("parts", kernel.bundles().size());
            all.add(entry);
            lines.add(String.format(
                    "%-12s %-8s %3d parts  %s",
                    name, shipped ? "shipped" : "yours", kernel.bundles().size(), kernel.about()));
        }
        return print(() -> all, lines);
    }

    @Command(name = "parts", description = "Everything that a kernel can be made of.")
    int parts(@Option(names = "--markdown", description = "As docs/subsystems.md has it.") boolean markdown) {
        Workbench bench = VirtualKernel.workbench();
        if (markdown) {
            out().print(Described.page(bench.parts()));
            out().flush();
            return 0;
        }
        List<String> lines = new ArrayList<>();
        for (Part part : bench.parts().all()) {
            String is = part.subsystems().isEmpty()
                    ? "bundle:" + part.name()
                    : String.join(
                            " ",
                            part.subsystems().stream().map(Subsystem::toString).toList());
            lines.add(String.format("%-34s %7d KiB %7.1f ms  %s", is, part.bytes() >> 10, part.millis(), part.about()));
        }
        return print(() -> bench.parts().all().stream().map(Described::part).toList(), lines);
    }

    @Command(name = "new", description = "Makes a kernel of yours, in your configuration folder.")
    int create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--from",
                            paramLabel = "KERNEL",
                            defaultValue = "tiny",
                            description = "What to begin with (default ${DEFAULT-VALUE}).")
                    String from)
            throws IOException {
        Workbench bench = VirtualKernel.workbench();
        return told(bench, bench.create(name, from), null);
    }

    @Command(name = "add", description = "Adds capabilities to a kernel of yours; what they need comes by itself.")
    int add(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "CAPABILITY", arity = "1..*") List<String> capabilities)
            throws IOException {
        return changed(name, bench -> bench.add(name, capabilities));
    }

    @Command(name = "remove", description = "Takes capabilities out of a kernel of yours, and what only they needed.")
    int remove(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "CAPABILITY", arity = "1..*") List<String> capabilities)
            throws IOException {
        return changed(name, bench -> bench.remove(name, capabilities));
    }

    @Command(
            name = "menu",
            description = {
                "Chooses the parts of a kernel of yours on the terminal.",
                "What each brings and costs, and what is missing, is seen at once."
            })
    int menu(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--from",
                            paramLabel = "KERNEL",
                            defaultValue = "tiny",
                            description = "What a new one begins with (default ${DEFAULT-VALUE}).")
                    String from)
            throws IOException {
        KernelMenu.check();
        Workbench bench = VirtualKernel.workbench();
        KernelMenu.show(name, new Selection(bench, bench.draft(name, from)));
        return 0;
    }

    @Command(name = "delete", description = "Deletes a kernel of yours.")
    int delete(@Parameters(paramLabel = "NAME") String name) throws IOException {
        Distribution.here().kernels().delete(name);
        return 0;
    }

    @Command(name = "resolve", description = "What a kernel comes to: each part, and who wants it.")
    int resolve(@Parameters(paramLabel = "NAME") String name) throws IOException {
        Workbench bench = VirtualKernel.workbench();
        boolean shipped = bench.kernels().isShipped(name);
        KernelFile kernel = shipped ? bench.kernels().read(name) : bench.refresh(name);
        Resolution resolved = bench.resolve(kernel);
        return print(() -> Described.kernel(kernel, resolved, shipped), Described.lines(resolved));
    }

    @Command(name = "diff", description = "How two kernels differ.")
    int diff(@Parameters(paramLabel = "A") String one, @Parameters(paramLabel = "B") String other) throws IOException {
        KernelDiff diff = KernelDiff.of(VirtualKernel.workbench(), one, other);
        return print(diff::map, diff.lines());
    }

    @Command(name = "explain", description = "Why a capability is in a kernel, or what it would bring.")
    int explain(@Parameters(paramLabel = "NAME") String name, @Parameters(paramLabel = "CAPABILITY") String capability)
            throws IOException {
        Explanation explained = Explanation.of(VirtualKernel.workbench(), name, capability);
        return print(explained::map, explained.lines());
    }

    @Command(
            name = "build",
            description = {
                "Packs a program with the kernel it needs into one executable jar.",
                "The jar's arguments, streams, signals and status are the program's."
            })
    int build(@Mixin UnikernelOptions options) throws IOException {
        List<String> lines = new ArrayList<>();
        Map<String, Object> built = new UnikernelBuild(options, lines::add).build(options.name);
        return print(() -> built, lines);
    }

    @Command(
            name = "start-times",
            description = "Boots a kernel and says how long each part took to start, in processor time.")
    int startTimes(@Parameters(paramLabel = "NAME") String name) throws IOException {
        Map<String, Double> millis = VirtualKernel.startTimes(name);
        List<String> lines = new ArrayList<>();
        millis.forEach((part, time) -> lines.add(part + "=" + time));
        return print(() -> millis, lines);
    }

    private interface Change {
        KernelFile of(Workbench bench) throws IOException;
    }

    private int changed(String name, Change change) throws IOException {
        Workbench bench = VirtualKernel.workbench();
        KernelFile before = bench.kernels().read(name);
        return told(bench, change.of(bench), before);
    }

    /** After a change. */
    private int told(Workbench bench, KernelFile now, @Nullable KernelFile before) {
        Resolution resolved = bench.resolve(now);
        List<String> lines = new ArrayList<>();
        if (before != null) {
            now.bundles().stream()
                    .filter(part -> !before.bundles().contains(part))
                    .forEach(part -> lines.add("+ " + line(bench, resolved, part)));
            before.bundles().stream()
                    .filter(part -> !now.bundles().contains(part))
                    .forEach(part -> lines.add("- " + part));
        }
        lines.addAll(bench.said());
        lines.add(now.name() + ": " + now.bundles().size() + " parts, " + (resolved.bytes() >> 10) + " KiB");
        return print(() -> Described.kernel(now, resolved, false), lines);
    }

    private static String line(Workbench bench, Resolution resolved, String name) {
        Part part = bench.parts().named(name).orElseThrow();
        List<String> why = Workbench.why(resolved, part);
        return name + (why.isEmpty() ? "" : ": " + why.getLast());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private int print(Supplier<Object> value, List<String> lines) {
        if (json) {
            out().println(Json.of(value.get()));
        } else {
            lines.forEach(out()::println);
        }
        out().flush();
        return 0;
    }
}
