package vkernel.live;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Makes bundles of one folder, again and again. One thread's. */
final class Workshop implements AutoCloseable {
    private final SourceFolder folder;
    private final Supplier<ClassPath> path;
    private final Compiler compiler = new Compiler();
    /** Soft: what has been read. */
    private Map<Path, Source> sources = Map.of();

    private int builds;

    /** @param path that of now, asked for at each build */
    Workshop(SourceFolder folder, Supplier<ClassPath> path) {
        this.folder = folder;
        this.path = path;
    }

    Build build(Snapshot snapshot) {
        long begin = System.nanoTime();
        ClassPath now = path.get();
        try {
            read(snapshot);
        } catch (IOException e) {
            return broken(List.of(Mistake.of("cannot read the sources: " + e)), begin);
        }
        if (sources.isEmpty()) {
            return broken(List.of(Mistake.of("there is no Java file")), begin);
        }
        Compiler.Compiled compiled = compiler.compile(sources.values(), List.of(), now);
        return compiled.mistakes().isEmpty()
                ? bundle(compiled.classes().values(), now, begin)
                : broken(compiled.mistakes(), begin);
    }

    private Build bundle(Collection<ClassFile> classes, ClassPath now, long begin) {
        long compiled = System.nanoTime();
        Bundler.Bundled made = Bundler.bundle(folder, classes, now, ++builds);
        long bundled = System.nanoTime();
        return new Build(
                made.name(), made.jar(), made.mistakes(), sources.size(), compiled - begin, bundled - compiled);
    }

    private Build broken(List<Mistake> mistakes, long begin) {
        return new Build(folder.name(), new byte[0], mistakes, sources.size(), System.nanoTime() - begin, 0);
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

    /** The files, for a test. */
    List<Path> files() {
        return new ArrayList<>(sources.keySet());
    }

    @Override
    public void close() throws IOException {
        compiler.close();
    }
}
