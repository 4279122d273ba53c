package vkernel.boot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import vkernel.boot.compose.KernelFile;
import vkernel.boot.compose.Part;
import vkernel.boot.compose.Resolution;
import vkernel.boot.compose.Subsystem;
import vkernel.boot.compose.Workbench;
import vkernel.boot.unikernel.Needs;
import vkernel.boot.unikernel.RootTar;
import vkernel.boot.unikernel.UnikernelJar;
import vkernel.host.Rom;

/** Builds a jar that is one program with the kernel it needs. */
final class UnikernelBuild {
    /** What the main class needs of JLine. */
    private static final List<String> SIGNALS = List.of("org/jline/utils/Signals");

    private final UnikernelOptions options;
    private final Workbench bench = VirtualKernel.workbench();
    private final Distribution here = Distribution.here();
    private final RootTar root = new RootTar();
    private final List<String> argv = new ArrayList<>();
    private final Consumer<String> news;

    UnikernelBuild(UnikernelOptions options, Consumer<String> news) {
        this.options = options;
        this.news = news;
    }

    /** @return what it is made of, for programs */
    Map<String, Object> build(String name) throws IOException {
        KernelFile kernel = bench.kernels().read(name);
        fillRoot();
        TreeSet<Subsystem> wanted = new TreeSet<>(kernel.wanted());
        Map<String, String> found = Map.of();
        if (options.trace) {
            Needs needs = new UnikernelTrace(options, argv, root.bytes()).run();
            found = needs.subsystems();
            found.keySet().forEach(each -> wanted.add(bench.parts().meant(each)));
            int before = root.files();
            root.keep(with(needs.names(), argv.getFirst()));
            news.accept(needs.calls() + " system calls traced; " + root.files() + " of " + before + " files asked for");
            found.forEach((part, call) -> news.accept("needs " + part + ": " + call));
        }
        if (options.net.equals("user") || !options.publish.isEmpty()) {
            List.of("net", "device:net", "host.net")
                    .forEach(each -> wanted.add(bench.parts().meant(each)));
        }
        KernelFile resolved = bench.settled(kernel, wanted);
        Resolution parts = bench.resolve(resolved);
        parts.parts().forEach(part -> news.accept(String.format("part %s, %d KiB", part.name(), part.bytes() >> 10)));
        UnikernelJar jar = new UnikernelJar(Unikernel.class.getName(), Relaunch.script());
        addParts(jar, parts);
        byte[] tar = root.bytes();
        jar.add(Unikernel.ROOT, tar);
        jar.add(Unikernel.SETTINGS, settings(resolved, parts));
        jar.write(options.output);
        UnikernelJar.makeExecutable(options.output);
        news.accept(options.output + ": " + (Files.size(options.output) >> 10) + " KiB, root " + (tar.length >> 10)
                + " KiB");
        if (!options.noCache) {
            new UnikernelCache(options.output, options.seconds, options.training(), news).make();
        }
        return described(parts, found, tar.length);
    }

    private static List<String> with(List<String> names, String program) {
        List<String> all = new ArrayList<>(names);
        all.add(program);
        return all;
    }

    /** The program, what it is given with, and the archive it comes from. */
    private void fillRoot() throws IOException {
        Path program = Path.of(options.init);
        boolean ofHost = Files.isRegularFile(program) && RunCommand.isProgramOfHost(program);
        if (options.root != null) {
            addArchive(Roots.named(options.root));
        } else if (!ofHost) {
            addArchive(Roots.builtIn());
        }
        argv.add(ofHost ? "/bin/" + program.getFileName() : options.init);
        if (ofHost) {
            root.addHost(program, argv.getFirst());
        }
        argv.addAll(options.arguments);
        for (String with : options.with) {
            int colon = with.indexOf(':');
            Path source = Path.of(colon < 0 ? with : with.substring(0, colon));
            if (!Files.exists(source)) {
                throw new BootException("--with: there is no " + source);
            }
            root.addHost(source, colon < 0 ? "/" + source.getFileName() : with.substring(colon + 1));
        }
    }

    private void addArchive(Rom rom) throws IOException {
        root.addArchive(new RomStream(rom));
    }

    private void addParts(UnikernelJar jar, Resolution parts) throws IOException {
        Path lib = here.home().resolve("lib");
        jar.addNeeded(lib.resolve("boot.jar"), List.of(Unikernel.class.getName().replace('.', '/')));
        jar.addNeeded(lib.resolve("jline.jar"), SIGNALS);
        for (String whole : List.of("host.api.jar", "guest.api.jar", "org.apache.felix.framework.jar")) {
            jar.addJar(lib.resolve(whole));
        }
        for (Part part : parts.parts()) {
            byte[] manifest = jar.addJar(part.jar());
            if (!SharedParts.NOT_BUNDLES.contains(part.name())) {
                jar.add(FlatParts.MANIFESTS + part.name() + ".MF", manifest);
            }
        }
    }

    private byte[] settings(KernelFile kernel, Resolution parts) throws IOException {
        Map<String, String> all = new TreeMap<>();
        kernel.options().forEach((name, value) -> all.put("option." + name, value));
        if (!options.publish.isEmpty()) {
            all.put("option.publish", String.join(" ", options.publish));
        }
        all.put("sched", kernel.options().getOrDefault("sched", "fair"));
        all.put("memory", Long.toString(options.memory.bytes()));
        all.put("harts", Integer.toString(options.harts));
        all.put("cwd", options.cwd);
        all.put("net", options.net);
        list(all, "env", options.env);
        list(all, "argv", argv);
        list(
                all,
                "parts",
                parts.parts().stream()
                        .map(Part::name)
                        .filter(name -> !SharedParts.NOT_BUNDLES.contains(name))
                        .toList());
        StringBuilder text = new StringBuilder();
        all.forEach((name, value) -> text.append(name)
                .append('=')
                .append(value.replace("\\", "\\\\").replace("\n", "\\n"))
                .append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void list(Map<String, String> all, String name, List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            all.put(name + "." + i, words.get(i));
        }
    }

    private Map<String, Object> described(Resolution parts, Map<String, String> found, int tar) throws IOException {
        Map<String, Object> map = new TreeMap<>();
        map.put("jar", options.output);
        map.put("bytes", Files.size(options.output));
        map.put("root_bytes", tar);
        map.put("root_files", root.files());
        map.put("needs", found);
        map.put("parts", parts.parts());
        return map;
    }

    /** A ROM from its beginning. */
    private static final class RomStream extends InputStream {
        private final Rom rom;
        private long position;

        RomStream(Rom rom) {
            this.rom = rom;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            int n = rom.read(position, to, offset, length);
            position += Math.max(0, n);
            return n <= 0 && length > 0 ? -1 : n;
        }
    }
}
