package vkernel.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vkernel.boot.image.DebianPackages;
import vkernel.boot.image.ImageStore;
import vkernel.boot.image.ImportedImage;

/** {@code vk image}: root file systems to boot from. */
@Command(
        name = "image",
        mixinStandardHelpOptions = true,
        description = {"Fetches and imports root file systems for --root. A run never changes an image.", ""})
final class ImageCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "debian",
            mixinStandardHelpOptions = true,
            description = {
                "Makes an image of Debian riscv64 packages with what they depend on. They are fetched by this"
                        + " machine's apt and checked by its signatures; no root is needed.",
                ""
            },
            footer = {"", "For instance:  vk image debian deb bash coreutils procps && vk boot --root deb"})
    void debian(
            @Parameters(paramLabel = "NAME", description = "Name of the new image.") String name,
            @Parameters(paramLabel = "PACKAGE", arity = "1..*", description = "Debian packages.") List<String> packages,
            @Option(
                            names = "--suite",
                            paramLabel = "SUITE",
                            defaultValue = "trixie",
                            description = "Debian suite (default ${DEFAULT-VALUE}).")
                    String suite,
            @Option(
                            names = "--only",
                            description = "Without Debian's essential packages: for static programs such as"
                                    + " busybox-static.")
                    boolean only)
            throws IOException {
        ImageStore store = ImageStore.ofUser();
        Progress progress = new Progress();
        DebianPackages debian = new DebianPackages(store.workFolder("apt"), suite, progress);
        ImageStore.Image made = store.make(
                name,
                "Debian " + suite + ": " + String.join(" ", packages),
                archive -> debian.write(archive, packages, !only));
        progress.done(name + ": " + size(made));
    }

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = {
                "Makes an image of a root file system in a tar archive, or of a saved container image (docker save,"
                        + " OCI archive) for riscv64.",
                ""
            })
    void importImage(
            @Parameters(paramLabel = "NAME", description = "Name of the new image.") String name,
            @Parameters(paramLabel = "FILE.tar", description = "The archive, plain or gzip.") Path file) {
        if (!Files.isRegularFile(file)) {
            throw new BootException("there is no file " + file);
        }
        Progress progress = new Progress();
        progress.accept("reading " + file);
        ImageStore.Image made =
                ImageStore.ofUser().make(name, file.toString(), archive -> ImportedImage.write(file, archive));
        progress.done(name + ": " + size(made));
    }

    @Command(
            name = "commit",
            mixinStandardHelpOptions = true,
            description = {"Writes what an overlay holds into its base, and empties the overlay.", ""})
    void commit(
            @Parameters(paramLabel = "BASE", description = "The disk.") Path base,
            @Parameters(paramLabel = "OVERLAY", description = "What --disk BASE,overlay=OVERLAY has made.")
                    Path overlay)
            throws IOException {
        long bytes = DiskOverlays.commit(base, overlay);
        spec.commandLine().getOut().println(base + ": " + (bytes >> 10) + " KiB written");
    }

    @Command(
            name = "discard",
            mixinStandardHelpOptions = true,
            description = {"Removes an overlay: what was written since is forgotten.", ""})
    void discard(@Parameters(paramLabel = "OVERLAY") Path overlay) throws IOException {
        DiskOverlays.discard(overlay);
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Shows the images that there are.")
    void list(@Option(names = "--json", description = "As JSON.") boolean json) {
        Consumer<String> out = spec.commandLine().getOut()::println;
        List<ImageStore.Image> images = ImageStore.ofUser().list();
        if (json) {
            out.accept(images.stream()
                    .map(image -> "  {\"name\": \"%s\", \"bytes\": %d, \"origin\": \"%s\"}"
                            .formatted(
                                    image.name(),
                                    image.bytes(),
                                    image.origin().replace("\\", "\\\\").replace("\"", "\\\"")))
                    .collect(java.util.stream.Collectors.joining(",\n", "[\n", "\n]")));
            return;
        }
        if (images.isEmpty()) {
            out.accept("no images; 'vk image debian NAME PACKAGE...' makes one");
            return;
        }
        out.accept("%-16s %9s  %s".formatted("NAME", "SIZE", "ORIGIN"));
        images.forEach(image -> out.accept("%-16s %9s  %s".formatted(image.name(), size(image), image.origin())));
    }

    private static String size(ImageStore.Image image) {
        long kib = image.bytes() >> 10;
        return kib < 10 << 10 ? kib + " KiB" : (kib >> 10) + " MiB";
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Removes images.")
    void remove(@Parameters(paramLabel = "NAME", arity = "1..*") List<String> names) {
        names.forEach(ImageStore.ofUser()::remove);
    }

    /** Shows what is being done: on one line of a terminal, or a line each where it is no terminal. */
    private static final class Progress implements Consumer<String> {
        private final boolean terminal =
                System.getProperty("vkernel.terminals", "").contains("2");
        private String last = "";

        @Override
        public void accept(String doing) {
            if (terminal) {
                System.err.print("\r\033[K" + doing);
            } else if (!doing.matches("\\d+ % .*") && !doing.equals(last)) {
                System.err.println(doing);
            }
            last = doing;
        }

        void done(String what) {
            System.err.println((terminal ? "\r\033[K" : "") + what);
        }
    }
}
