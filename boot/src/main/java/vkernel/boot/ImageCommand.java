package vkernel.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
                        + " machine's apt and checked by its signatures, and set up by their own scripts in a guest; no"
                        + " root is needed.",
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
                    boolean only,
            @Option(
                            names = "--unpacked",
                            description = "Does not set the packages up: 'dpkg --configure -a' in a guest would.")
                    boolean unpacked)
            throws IOException {
        ImageStore store = ImageStore.ofUser();
        Progress progress = new Progress();
        DebianPackages debian = new DebianPackages(store.workFolder("apt"), suite, progress);
        List<String> errors = new ArrayList<>();
        ImageStore.Image made = store.make(name, "Debian " + suite + ": " + String.join(" ", packages), archive -> {
            debian.write(archive, packages, !only);
            if (!only && !unpacked) {
                errors.addAll(DebianSetup.run(archive, progress));
            }
        });
        progress.done(name + ": " + size(made));
        if (!errors.isEmpty()) {
            throw new BootException(
                    name + " is there, but not all of it could be set up, which 'dpkg --configure -a' in"
                            + " a guest would try again:\n  " + String.join("\n  ", errors));
        }
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
        int longest =
                images.stream().mapToInt(image -> image.name().length()).max().orElse(0);
        String row = "%-" + Math.max(longest, "NAME".length()) + "s  %9s  %s";
        out.accept(row.formatted("NAME", "SIZE", "ORIGIN"));
        images.forEach(image -> out.accept(row.formatted(image.name(), size(image), image.origin())));
    }

    private static String size(ImageStore.Image image) {
        long kib = image.bytes() >> 10;
        return kib < 10 << 10 ? kib + " KiB" : (kib >> 10) + " MiB";
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Removes images.")
    void remove(@Parameters(paramLabel = "NAME", arity = "1..*") List<String> names) {
        names.forEach(ImageStore.ofUser()::remove);
    }
}
