package vkernel.boot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import vkernel.boot.compose.Because;
import vkernel.boot.compose.ComposeException;
import vkernel.boot.compose.KernelFile;
import vkernel.boot.compose.Parts;
import vkernel.boot.compose.Resolution;
import vkernel.boot.compose.Subsystem;
import vkernel.boot.compose.Workbench;
import vkernel.kern.Kernel;
import vkernel.kern.LiveFolders;
import vkernel.kern.Recomposition;
import vkernel.kern.Swaps;

/**
 * The composition of a kernel that runs: resolved by the same means as one of {@code vk kernel}, then changed in its
 * framework. What is to go is asked of the kernel first; until then nothing has changed.
 */
final class RunningComposition implements Recomposition {
    private static final long SECONDS = 5;
    private static final String SHELL = "shell";
    private static final String LIVE = "live";

    private final Distribution here;
    private final BootConfig config;
    private final KernelFramework framework;
    private final Kernel kernel;
    private @Nullable Parts parts; // guarded by this, as all below
    private @Nullable KernelFile current;

    RunningComposition(Distribution here, BootConfig config, KernelFramework framework, Kernel kernel) {
        this.here = here;
        this.config = config;
        this.framework = framework;
        this.kernel = kernel;
    }

    /** Its manifests are read when somebody asks, not while a kernel boots. */
    private Workbench bench() {
        if (parts == null) {
            parts = here.parts();
        }
        return new Workbench(here.kernels(), parts);
    }

    private KernelFile current() throws IOException {
        if (current == null) {
            current = here.kernels().read(config.kernel());
        }
        return current;
    }

    @Override
    public synchronized Change add(List<String> capabilities) {
        return change((bench, kernelFile) -> bench.with(kernelFile, capabilities));
    }

    @Override
    public synchronized Change remove(List<String> capabilities) {
        return change((bench, kernelFile) -> bench.without(kernelFile, capabilities));
    }

    private Change change(BiFunction<Workbench, KernelFile, KernelFile> how) {
        long began = System.nanoTime();
        return told(() -> {
            Workbench bench = bench();
            KernelFile before = current();
            KernelFile after = how.apply(bench, before);
            List<String> said = new ArrayList<>(bench.said());
            List<String> come = minus(after.bundles(), framework.names());
            List<String> gone = minus(before.bundles(), after.bundles());
            List<Bundle> added = framework.add(jars(come));
            try {
                standing();
                retire(gone);
            } catch (RuntimeException e) {
                framework.remove(added);
                throw e;
            }
            framework.remove(framework.named(gone));
            said.addAll(mount(before, after));
            current = after;
            List<Part> parts = parts(bench, after).stream()
                    .filter(part -> come.contains(part.name()))
                    .toList();
            return new Change(parts, gone, said, System.nanoTime() - began);
        });
    }

    private static List<String> minus(Collection<String> some, Collection<String> others) {
        return some.stream().filter(each -> !others.contains(each)).toList();
    }

    private List<Path> jars(List<String> names) throws IOException {
        List<Path> jars = new ArrayList<>();
        for (String name : names) {
            jars.add(here.bundle(name));
        }
        return jars;
    }

    /** With what has come, the kernel must be able to go on. */
    private void standing() {
        List<String> missing = kernel.call(kernel::missing);
        if (!missing.isEmpty()) {
            throw new ComposeException("the kernel would stand still: nothing serves " + String.join(", ", missing));
        }
    }

    /** Takes bundles out of the kernel. @throws ComposeException saying who uses them */
    private void retire(List<String> gone) {
        if (gone.isEmpty()) {
            return;
        }
        if (gone.contains(SHELL)) {
            throw new ComposeException("shell cannot go: it is in use, by who asks for this");
        }
        if (gone.contains(LIVE)) {
            var watched = framework.service(LiveFolders.class, SECONDS).folders();
            if (!watched.isEmpty()) {
                throw new ComposeException(
                        "live is in use: it watches " + watched.getFirst().folder() + "; dev:unwatch it first");
            }
        }
        List<Long> ids = framework.named(gone).stream().map(Bundle::getBundleId).toList();
        List<String> users = framework.service(Swaps.class, SECONDS).retire(ids);
        if (!users.isEmpty()) {
            throw new ComposeException(
                    String.join(", ", gone) + " cannot go: it is in use\n  " + String.join("\n  ", users));
        }
    }

    /** What a boot would mount now and would not have before. */
    private List<String> mount(KernelFile before, KernelFile after) {
        List<String> news = new ArrayList<>();
        KernelMounts mounts = new KernelMounts(kernel);
        for (String clause : minus(KernelMounts.clauses(after.options()), KernelMounts.clauses(before.options()))) {
            String refused = kernel.call(() -> mounts.mount(clause));
            if (!refused.isEmpty()) {
                news.add("not mounted: " + refused);
            }
        }
        return news;
    }

    @Override
    public synchronized List<Part> parts() {
        return told(() -> parts(bench(), current()));
    }

    private static List<Part> parts(Workbench bench, KernelFile kernelFile) {
        Resolution resolved = bench.resolve(kernelFile);
        return resolved.parts().stream()
                .map(part -> {
                    List<Because> chain = resolved.chain(part);
                    String because = chain.isEmpty() ? "" : chain.getLast().toString();
                    return new Part(part.name(), part.about(), part.bytes(), part.millis(), because);
                })
                .toList();
    }

    @Override
    public synchronized List<String> save(String target) {
        return told(() -> {
            Workbench bench = bench();
            List<String> said = new ArrayList<>();
            TreeSet<Subsystem> wanted = new TreeSet<>(current().wanted());
            for (String name : new TreeSet<>(minus(framework.names(), current().bundles()))) {
                if (bench.parts().named(name).isPresent()) {
                    wanted.add(bench.parts().meant(name));
                } else {
                    said.add("not saved: " + name + " comes from elsewhere");
                }
            }
            KernelFile whole = bench.settled(current(), wanted);
            Path file = bench.save(whole, options(whole), target, "Saved from a running " + config.kernel() + ".");
            said.addFirst(file + ": " + whole.bundles().size() + " parts; vk boot --kernel " + target);
            return said;
        });
    }

    /** As they are now: who schedules, and what of its mounts the guest still has. */
    private Map<String, String> options(KernelFile saved) {
        Map<String, String> options = new TreeMap<>(saved.options());
        KernelMounts mounts = new KernelMounts(kernel);
        kernel.call(() -> options.put("sched", kernel.sched().name()));
        options.put(
                "mounts",
                String.join(
                        " ",
                        kernel.call(() -> KernelMounts.clauses(saved.options()).stream()
                                .filter(mounts::there)
                                .toList())));
        return options;
    }

    private interface Work<T> {
        T get() throws IOException;
    }

    /** What cannot be done is told in the words of the API. */
    private static <T> T told(Work<T> work) {
        try {
            return work.get();
        } catch (IOException | ComposeException | BootException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
