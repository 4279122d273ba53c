package vkernel.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The running JDK's compiler, in memory. What it has read of the JDK stays open between calls. Not for two threads at
 * once.
 */
final class Compiler implements AutoCloseable {
    /** Errors alone: what may be wrong is for the editor to say. */
    private static final List<String> OPTIONS = List.of("-proc:none", "-g", "-nowarn", "-Xlint:none", "-implicit:none");

    private final JavaCompiler javac;
    private final StandardJavaFileManager platform;

    /** @throws IllegalStateException when this JVM has no compiler */
    Compiler() {
        javac = ToolProvider.getSystemJavaCompiler();
        if (javac == null) {
            throw new IllegalStateException("this Java has no compiler: run vk with a JDK, not a JRE");
        }
        platform = javac.getStandardFileManager(null, Locale.ROOT, null);
        try {
            platform.setLocation(StandardLocation.CLASS_PATH, List.of()); // or it takes the launcher's
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param classes of a compilation with mistakes mean nothing */
    record Compiled(List<ClassFile> classes, List<Mistake> mistakes) {}

    /**
     * Compiles some files of a folder.
     *
     * @param others classes of the folder that are not compiled now
     */
    Compiled compile(Collection<Source> sources, Collection<ClassFile> others, ClassPath path) {
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        Memory memory = new Memory(platform, others, path);
        boolean good = javac.getTask(null, memory, said, OPTIONS, null, sources).call();
        List<Mistake> mistakes = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> one : said.getDiagnostics()) {
            if (one.getKind() == Diagnostic.Kind.ERROR) {
                mistakes.add(Mistake.of(one));
            }
        }
        if (!good && mistakes.isEmpty()) {
            mistakes.add(Mistake.of("the compiler failed and did not say why"));
        }
        return new Compiled(memory.written, mistakes);
    }

    @Override
    public void close() throws IOException {
        platform.close();
    }

    /** The compiler's view: the JDK, what the framework exports, and classes in memory. */
    private static final class Memory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Collection<ClassFile> others;
        private final ClassPath path;
        final List<ClassFile> written = new ArrayList<>();

        Memory(StandardJavaFileManager platform, Collection<ClassFile> others, ClassPath path) {
            super(platform);
            this.others = others;
            this.path = path;
        }

        @Override
        public boolean hasLocation(Location location) {
            return location == StandardLocation.CLASS_PATH || super.hasLocation(location);
        }

        @Override
        public Iterable<JavaFileObject> list(
                Location location, String name, Set<JavaFileObject.Kind> kinds, boolean recurse) throws IOException {
            if (location != StandardLocation.CLASS_PATH) {
                return super.list(location, name, kinds, recurse);
            }
            if (!kinds.contains(JavaFileObject.Kind.CLASS)) {
                return List.of();
            }
            List<JavaFileObject> found = new ArrayList<>(path.classes(name));
            for (ClassFile other : others) {
                if (other.packageName().equals(name)) {
                    found.add(other);
                }
            }
            return found;
        }

        @Override
        public String inferBinaryName(Location location, JavaFileObject file) {
            return file instanceof ClassFile ours ? ours.name : super.inferBinaryName(location, file);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, @Nullable FileObject sibling) {
            ClassFile file = ClassFile.empty(name, sibling instanceof Source source ? source.file : null);
            written.add(file);
            return file;
        }

        @Override
        public boolean isSameFile(FileObject one, FileObject other) {
            return one.equals(other);
        }

        @Override
        public void close() {
            // the platform's stays open for the next compilation
        }
    }
}
