package vkernel.boot;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vkernel.boot.compose.Kernels;
import vkernel.kern.LiveFolders;
import vkernel.kern.Reload;

/** What {@code vk boot} and {@code vk run} offer to those who change the kernel while it runs. */
final class DevelopmentOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--watch",
            paramLabel = "FOLDER",
            description = {
                "Runs a folder of Java sources in the kernel, and again whatever is saved in it ('vk new' makes such a"
                        + " folder). Can be given several times."
            })
    private List<Path> watched = new ArrayList<>();

    @Option(
            names = "--load",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "FOLDER",
            description = {
                "Loads the bundles in a folder: a jar put there takes over, one taken away gives back. Without FOLDER:"
                        + " ~/.config/vkernel/load, which is made."
            })
    private @Nullable Path load;

    /** @throws ParameterException when a folder is not there */
    void check() {
        List<Path> all = new ArrayList<>(watched);
        if (load != null && load.toString().isEmpty()) {
            load = made(Kernels.folderOfUser().resolveSibling("load"));
        }
        if (load != null) {
            all.add(load);
        }
        for (Path folder : all) {
            if (!Files.isDirectory(folder)) {
                throw new ParameterException(spec.commandLine(), "there is no folder " + folder);
            }
        }
    }

    /** Whether anything was asked for. */
    boolean any() {
        return load != null || !watched.isEmpty();
    }

    private static Path made(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new BootException("--load: cannot make " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * Adds to a kernel what was asked for.
     *
     * @param news where what comes of each reload is told
     * @return completed when each folder has been built for the first time
     */
    CompletableFuture<Void> apply(VirtualKernel kernel, PrintStream news) {
        if (load != null) {
            load(kernel, load);
        }
        if (watched.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        kernel.add("live");
        LiveFolders live = kernel.service(LiveFolders.class);
        List<CompletableFuture<Void>> built = new ArrayList<>();
        for (Path folder : watched) {
            CompletableFuture<Void> first = new CompletableFuture<>();
            built.add(first);
            watch(live, folder, reload -> {
                news.println(reload.text());
                first.complete(null);
            });
        }
        return CompletableFuture.allOf(built.toArray(CompletableFuture[]::new));
    }

    private static void watch(LiveFolders live, Path folder, Consumer<Reload> news) {
        try {
            live.watch(folder, news);
        } catch (IllegalArgumentException e) {
            throw new BootException("--watch: " + e.getMessage(), e);
        }
    }

    /** By Felix File Install, which takes its settings from the process. */
    private static void load(VirtualKernel kernel, Path folder) {
        try {
            System.setProperty("felix.fileinstall.dir", folder.toRealPath().toString());
        } catch (IOException e) {
            throw new BootException("--load: cannot read " + folder, e);
        }
        System.setProperty("felix.fileinstall.poll", "200"); // milliseconds
        System.setProperty("felix.fileinstall.disableNio2", "true"); // it would wait for a write to be over
        System.setProperty("felix.fileinstall.noInitialDelay", "true");
        System.setProperty("felix.fileinstall.log.level", "1");
        System.setProperty(
                "felix.fileinstall.tmpdir", kernel.folder().resolve("load").toString());
        System.setProperty("felix.fileinstall.optionalImportRefreshScope", "none");
        System.setProperty("felix.fileinstall.fragmentRefreshScope", "none");
        kernel.add("live", "org.apache.felix.fileinstall"); // who takes the bundles comes before who finds them
    }
}
