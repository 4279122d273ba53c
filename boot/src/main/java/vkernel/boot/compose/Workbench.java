package vkernel.boot.compose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes and changes the user's kernels. What it says beside the result goes to {@link #said}. */
public final class Workbench {
    private static final Subsystem KERNEL = Subsystem.named("kern");

    private final Kernels kernels;
    private final Parts parts;
    private final Composer composer;
    private final List<String> said = new ArrayList<>();

    public Workbench(Kernels kernels, Parts parts) {
        this.kernels = kernels;
        this.parts = parts;
        this.composer = new Composer(parts);
    }

    public Kernels kernels() {
        return kernels;
    }

    public Parts parts() {
        return parts;
    }

    /** What the caller might want to know of the last change. */
    public List<String> said() {
        return List.copyOf(said);
    }

    public Resolution resolve(KernelFile kernel) {
        return composer.resolve(kernel.wanted());
    }

    /** A kernel of the user's like another. @throws ComposeException when it is there */
    public KernelFile create(String name, String from) throws IOException {
        Path file = kernels.own(name);
        if (kernels.isShipped(name) || Files.exists(file)) {
            throw new ComposeException("there is a kernel named " + name);
        }
        KernelFile model = kernels.read(from).named(name, "Made of " + from + ".");
        return write(settled(model, model.wanted()));
    }

    public KernelFile add(String name, List<String> capabilities) throws IOException {
        return write(with(kernels.readOwn(name), capabilities));
    }

    /** @throws ComposeException when something else in the list needs it: then nothing has changed */
    public KernelFile remove(String name, List<String> capabilities) throws IOException {
        return write(without(kernels.readOwn(name), capabilities));
    }

    /** A kernel with more, not written. */
    public KernelFile with(KernelFile kernel, List<String> capabilities) {
        TreeSet<Subsystem> wanted = new TreeSet<>(kernel.wanted());
        for (String text : capabilities) {
            Subsystem asked = parts.meant(text);
            if (!wanted.add(asked)) {
                said.add(asked + " is in its list already");
            }
        }
        return settled(kernel, wanted);
    }

    /** A kernel with less, not written. @throws ComposeException when something else in the list needs it */
    public KernelFile without(KernelFile kernel, List<String> capabilities) {
        Resolution before = composer.resolve(kernel.wanted());
        TreeSet<Subsystem> wanted = new TreeSet<>(kernel.wanted());
        List<Subsystem> gone = capabilities.stream().map(parts::meant).toList();
        gone.forEach(wanted::remove);
        Resolution after = composer.resolve(wanted);
        for (Subsystem each : gone) {
            for (Part part : after.parts()) {
                if (part.is(each)) {
                    throw new ComposeException(each + " cannot go: " + whoNeeds(after, part));
                }
            }
            if (before.parts().stream().noneMatch(part -> part.is(each))) {
                said.add(each + " was not in it");
            }
        }
        return settled(kernel, wanted);
    }

    /** In words. */
    private static String whoNeeds(Resolution kernel, Part part) {
        List<String> reasons = kernel.because().getOrDefault(part, List.of()).stream()
                .map(Because::toString)
                .distinct()
                .sorted()
                .toList();
        return reasons.isEmpty() ? "the kernel stands on it" : Words.and(reasons);
    }

    /** Resolves a kernel of the user's anew and writes it. */
    public KernelFile refresh(String name) throws IOException {
        KernelFile kernel = kernels.readOwn(name);
        return write(settled(kernel, kernel.wanted()));
    }

    private KernelFile write(KernelFile changed) throws IOException {
        changed.write(kernels.own(changed.name()), parts);
        return changed;
    }

    /**
     * Writes a kernel as the user's of a name, or to a file, whatever is there.
     *
     * @param options instead of its own
     * @return where
     * @throws ComposeException when the name is a shipped kernel's
     */
    public Path save(KernelFile kernel, Map<String, String> options, String target, String about) throws IOException {
        boolean file = Kernels.isFile(target);
        if (!file && kernels.isShipped(target)) {
            throw new ComposeException(target + " comes with vkernel and stays as it is; choose another name");
        }
        Path path = file ? Path.of(target) : kernels.own(target);
        Resolution resolved = composer.resolve(kernel.wanted());
        kernel.named(target, about).with(kernel.wanted(), options, resolved).write(path, parts);
        return path;
    }

    /** A kernel like another with a list of its own, resolved and not written. */
    public KernelFile settled(KernelFile kernel, Collection<Subsystem> wanted) {
        Resolution resolved = composer.resolve(wanted);
        if (!isKernel(resolved)) {
            throw new ComposeException("without " + KERNEL + " this is no kernel");
        }
        return kernel.with(wanted, Settings.after(kernel.options(), resolved, said), resolved);
    }

    /** Whether anything would run on it. */
    static boolean isKernel(Resolution resolved) {
        return resolved.parts().stream().anyMatch(part -> part.is(KERNEL));
    }

    /** A kernel of the user's to be changed, or one like another, not written. @throws ComposeException for a shipped one */
    public KernelFile draft(String name, String from) throws IOException {
        return Files.exists(kernels.own(name)) || kernels.isShipped(name)
                ? kernels.readOwn(name)
                : kernels.read(from).named(name, "Made of " + from + ".");
    }

    /** What a list comes to if something were added: the parts that would come with it. */
    public List<Part> wouldAdd(KernelFile kernel, Subsystem another) {
        List<Subsystem> wanted = new ArrayList<>(kernel.wanted());
        wanted.add(another);
        List<Part> more = new ArrayList<>(composer.resolve(wanted).parts());
        more.removeAll(resolve(kernel).parts());
        return more;
    }

    /** Why a part is there, from the user's list to it; one line for each step. */
    public static List<String> why(Resolution kernel, Part part) {
        return kernel.chain(part).stream().map(Because::toString).toList();
    }

    /** Options that differ, as {@code name: here -> there}. */
    public static Map<String, List<String>> optionsThatDiffer(KernelFile one, KernelFile other) {
        TreeMap<String, List<String>> all = new TreeMap<>();
        TreeSet<String> names = new TreeSet<>(one.options().keySet());
        names.addAll(other.options().keySet());
        for (String name : names) {
            List<String> both = List.of(
                    one.options().getOrDefault(name, ""), other.options().getOrDefault(name, ""));
            if (!both.get(0).equals(both.get(1))) {
                all.put(name, both);
            }
        }
        return all;
    }
}
