package vkernel.boot.image;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Debian riscv64 packages, fetched by this machine's apt from the mirror that it is set up with, checked by apt against
 * Debian's signatures. apt keeps its state in a folder of ours; nothing is installed and no root is needed.
 */
public final class DebianPackages {
    private static final String ARCHITECTURE = "riscv64";
    private static final String KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg";
    /** Debian's name for its current release, whichever that is. */
    private static final String ALIAS = "stable";

    private static final String CODENAME = "Codename: ";
    private static final Duration FRESH = Duration.ofDays(1);

    private final Path state;
    private final String suite;
    private final Consumer<String> progress;

    /**
     * @param state folder for apt's lists and downloads
     * @param suite for instance {@code trixie}
     * @param progress told what is being done
     */
    public DebianPackages(Path state, String suite, Consumer<String> progress) {
        this.state = state;
        this.suite = suite;
        this.progress = progress;
    }

    /**
     * Writes a root file system of packages and what they depend on.
     *
     * @param essential whether Debian's essential packages, on which all others count, come with them
     */
    public void write(Path archive, List<String> packages, boolean essential) throws IOException {
        prepare();
        List<Path> debs = download(packages, essential);
        List<LayeredTar.Layer> layers = new ArrayList<>();
        debs.stream()
                .sorted(java.util.Comparator.comparing(deb -> !name(deb).startsWith("base-files_")))
                .forEach(deb -> layers.add(() -> contents(deb, "--fsys-tarfile")));
        progress.accept("unpacking " + debs.size() + " packages");
        if (essential) {
            layers.add(database(debs).layer(ARCHITECTURE, source(suite, "")));
        }
        new LayeredTar(layers).write(archive);
    }

    /** Not of single packages: without Debian's essential ones nothing could use it. */
    private static DpkgDatabase database(List<Path> debs) throws IOException {
        DpkgDatabase database = new DpkgDatabase();
        for (Path deb : debs) {
            database.add(contents(deb, "--ctrl-tarfile"), contents(deb, "--fsys-tarfile"));
        }
        return database;
    }

    private static String name(Path deb) {
        return deb.getFileName().toString();
    }

    private void prepare() throws IOException {
        for (String folder : List.of("lists/partial", "cache/archives/partial")) {
            Files.createDirectories(state.resolve(folder));
        }
        Path status = state.resolve("status");
        if (!Files.exists(status)) {
            Files.createFile(status);
        }
        Path stamp = state.resolve("updated-" + suite);
        if (!Files.exists(stamp)
                || Files.getLastModifiedTime(stamp)
                                .compareTo(FileTime.from(Instant.now().minus(FRESH)))
                        < 0) {
            Files.writeString(stamp, update());
        } else {
            useSource(Files.readString(stamp));
        }
    }

    /** @return the name under which the mirror has the suite's lists whole */
    private String update() throws IOException {
        progress.accept("reading the list of packages");
        useSource(suite);
        try {
            apt(List.of("update"));
            return suite;
        } catch (ImageException broken) {
            return updateByAlias(broken);
        }
    }

    /**
     * While mirrors take over a new release, or caches before them do, an index and its lists may not fit for a while: those
     * of the suite's other name often do.
     */
    private String updateByAlias(ImageException broken) throws IOException {
        useSource(ALIAS);
        try {
            apt(List.of("update"));
        } catch (ImageException alsoBroken) {
            broken.addSuppressed(alsoBroken);
            throw broken;
        }
        if (!codenames().contains(suite)) {
            throw broken;
        }
        progress.accept(broken.getMessage() + "; taken instead: " + ALIAS);
        return ALIAS;
    }

    private void useSource(String name) throws IOException {
        Files.writeString(state.resolve("sources.list"), source(name, "arch=" + ARCHITECTURE + " "));
    }

    private static String source(String name, String options) throws IOException {
        return "deb [" + options + "signed-by=" + KEYS + "] " + mirror() + " " + name + " main\n";
    }

    /** What apt's current index says that it is of. */
    private Set<String> codenames() throws IOException {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> indexes =
                Files.newDirectoryStream(state.resolve("lists"), "*_" + ALIAS + "_{InRelease,Release}")) {
            for (Path index : indexes) {
                Files.readAllLines(index).stream()
                        .filter(line -> line.startsWith(CODENAME))
                        .forEach(line -> names.add(line.substring(CODENAME.length())));
            }
        }
        return names;
    }

    private List<Path> download(List<String> packages, boolean essential) throws IOException {
        List<String> wanted = new ArrayList<>(packages);
        if (essential) {
            wanted.addFirst("~E");
        }
        // apt names only what it would fetch: with an empty cache that is all
        Path empty = Files.createDirectories(state.resolve("empty/partial")).getParent();
        List<String> files = new ArrayList<>();
        for (String line : apt(install(wanted, "--print-uris", "-oDir::Cache::archives=" + empty))) {
            Matcher uri = Pattern.compile("^'[^']+' (\\S+\\.deb) ").matcher(line);
            if (uri.find()) {
                files.add(uri.group(1));
            }
        }
        if (files.isEmpty()) {
            throw new ImageException("apt finds nothing to fetch for " + String.join(" ", packages));
        }
        progress.accept("fetching " + files.size() + " packages");
        apt(install(wanted, "--download-only"));
        return files.stream()
                .map(file -> state.resolve("cache/archives").resolve(file))
                .toList();
    }

    private static List<String> install(List<String> packages, String... options) {
        List<String> arguments = new ArrayList<>(List.of("install", "-y", "--no-install-recommends"));
        arguments.addAll(List.of(options));
        arguments.addAll(packages);
        return arguments;
    }

    /** Runs apt-get. @return what it printed */
    private List<String> apt(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "apt-get",
                "-q",
                "-oAPT::Architecture=" + ARCHITECTURE,
                "-oAPT::Architectures=" + ARCHITECTURE,
                "-oAPT::Sandbox::User=" + System.getProperty("user.name"),
                "-oAPT::Status-Fd=1",
                "-oDir::State=" + state,
                "-oDir::State::Lists=" + state.resolve("lists"),
                "-oDir::State::status=" + state.resolve("status"),
                "-oDir::Etc::SourceList=" + state.resolve("sources.list"),
                "-oDir::Etc::SourceParts=/dev/null",
                "-oDir::Cache=" + state.resolve("cache"),
                "-oDebug::NoLocking=1"));
        command.addAll(arguments);
        Process process = start(command);
        List<String> lines = new ArrayList<>();
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                Matcher status =
                        Pattern.compile("^dlstatus:\\d+:([0-9.]+):(.*)").matcher(line);
                if (status.find()) {
                    progress.accept((int) Double.parseDouble(status.group(1)) + " % " + status.group(2));
                } else {
                    lines.add(line);
                }
            }
        }
        finish(process, "apt-get", lines);
        return lines;
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new ImageException(
                    command.getFirst() + " cannot be run: 'vk image debian' needs the apt of a Debian-like system", e);
        }
    }

    private static void finish(Process process, String what, List<String> lines) {
        try {
            if (process.waitFor() != 0) {
                String reason = lines.stream()
                        .filter(line -> line.startsWith("E:"))
                        .findFirst()
                        .orElse(lines.isEmpty() ? "no reason given" : lines.getLast());
                throw new ImageException(what + " failed: " + reason);
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new ImageException("interrupted", e);
        }
    }

    /** The files of a package, or its control files, as a tar stream. */
    private static InputStream contents(Path deb, String which) throws IOException {
        Process process = new ProcessBuilder("dpkg-deb", which, deb.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new java.io.FilterInputStream(process.getInputStream()) {
            @Override
            public void close() throws IOException {
                in.transferTo(java.io.OutputStream.nullOutputStream());
                super.close();
                finish(process, "dpkg-deb of " + deb.getFileName(), List.of());
            }
        };
    }

    /** The mirror of this machine's apt. */
    private static String mirror() throws IOException {
        Path parts = Path.of("/etc/apt/sources.list.d");
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(parts)) {
            try (Stream<Path> list = Files.list(parts)) {
                list.sorted().forEach(files::add);
            }
        }
        files.add(Path.of("/etc/apt/sources.list"));
        Pattern uri = Pattern.compile("^(?:URIs:\\s*|deb\\s+(?:\\[[^\\]]*\\]\\s+)?)(\\w+:\\S+)", Pattern.MULTILINE);
        for (Path file : files) {
            if (Files.isRegularFile(file)) {
                Matcher found = uri.matcher(Files.readString(file));
                if (found.find()) {
                    return found.group(1);
                }
            }
        }
        throw new ImageException("this machine's apt has no mirror: /etc/apt/sources.list names none");
    }
}
