package vkernel.live;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes bundles of one folder, again and again. Only what has changed is compiled, unless the change shows in other
 * files' code. One thread's.
 */
final class Workshop implements AutoCloseable {
    private final SourceFolder folder;
    private final Supplier<ClassPath> path;
    private final Compiler compiler = new Compiler();
    /** Soft: what has been read. */
    private Map<Path, Source> sources = Map.of();
    /** Soft: the last compilation without a mistake. */
    private @Nullable Compilation good;

    private int builds;

    /** @param path that of now, asked for at each build */
    Workshop(SourceFolder folder, Supplier<ClassPath> path) {
        this.folder = folder;
        this.path = path;
    }

    /** Sources, the classes that were made of each, and what they were compiled against. */
    private record Compilation(Map<Path, Source> sources, List<ClassFile> classes, ClassPath path) {
        List<ClassFile> of(Source source) {
            return classes.stream()
                    .filter(file -> source.file.equals(file.origin()))
                    .toList();
        }
    }

    Build build(Snapshot snapshot) {
        long begin = System.nanoTime();
        try {
            read(snapshot);
            if (sources.isEmpty()) {
                return broken(List.of(Mistake.of("there is no Java file")), begin, 0);
            }
            return compile(path.get(), begin);
        } catch (IOException e) {
            return broken(List.of(Mistake.of("cannot read the sources: " + e)), begin, 0);
        }
    }

    /** Compiles everything anew and bundles it, for nobody: a second time it goes faster. */
    void warmUp(Snapshot snapshot) {
        good = null;
        build(snapshot);
    }

    private Build compile(ClassPath now, long begin) throws IOException {
        int compiled = 0;
        List<Source> changed = changed(now);
        if (!changed.isEmpty()) {
            List<ClassFile> others = others(changed);
            Compiler.Compiled made = compiler.compile(changed, others, now);
            compiled = changed.size();
            if (made.mistakes().isEmpty() && !others.isEmpty() && !sameShapes(changed, made.classes())) {
                others = List.of();
                made = compiler.compile(sources.values(), others, now);
                compiled = sources.size();
            }
            if (!made.mistakes().isEmpty()) {
                return broken(made.mistakes(), begin, compiled);
            }
            List<ClassFile> classes = new ArrayList<>(others);
            classes.addAll(made.classes());
            good = new Compilation(sources, classes, now);
        }
        return bundle(Objects.requireNonNull(good).classes(), now, begin, compiled);
    }

    /** What must be compiled at least: all of it, if files came or went. */
    private List<Source> changed(ClassPath now) {
        Compilation before = good;
        if (before == null || before.path != now || !before.sources.keySet().equals(sources.keySet())) {
            return List.copyOf(sources.values());
        }
        return sources.values().stream()
                .filter(source -> source != before.sources.get(source.file))
                .toList();
    }

    private List<ClassFile> others(List<Source> changed) {
        Compilation before = good;
        if (before == null || changed.size() == sources.size()) {
            return List.of();
        }
        List<Path> files = changed.stream().map(source -> source.file).toList();
        return before.classes.stream()
                .filter(file -> !files.contains(file.origin()))
                .toList();
    }

    private boolean sameShapes(List<Source> changed, List<ClassFile> made) throws IOException {
        Compilation before = Objects.requireNonNull(good);
        Compilation after = new Compilation(sources, made, before.path);
        for (Source source : changed) {
            if (!shapes(before.of(source)).equals(shapes(after.of(source)))) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, Shape> shapes(List<ClassFile> classes) throws IOException {
        Map<String, Shape> shapes = new HashMap<>();
        for (ClassFile file : classes) {
            shapes.put(file.name, Shape.of(file));
        }
        return shapes;
    }

    private Build bundle(Collection<ClassFile> classes, ClassPath now, long begin, int files) {
        long compiled = System.nanoTime();
        Bundler.Bundled made = Bundler.bundle(folder, classes, now, ++builds);
        long bundled = System.nanoTime();
        return new Build(made.name(), made.jar(), made.mistakes(), files, compiled - begin, bundled - compiled);
    }

    private Build broken(List<Mistake> mistakes, long begin, int files) {
        return new Build(folder.name(), new byte[0], mistakes, files, System.nanoTime() - begin, 0);
    }

    /** Reads what has changed. */
    private void read(Snapshot snapshot) throws IOException {
        Map<Path, Source> read = new HashMap<>();
        for (Path file : folder.javaFiles()) {
            Stamp stamp = snapshot.files().get(file);
            if (stamp != null) {
                Source before = sources.get(file);
                read.put(file, before != null && before.stamp.equals(stamp) ? before : Source.read(file, stamp));
            }
        }
        sources = read;
    }

    @Override
    public void close() throws IOException {
        compiler.close();
    }
}
