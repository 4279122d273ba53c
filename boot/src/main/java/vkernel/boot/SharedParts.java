package vkernel.boot;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;

/**
 * Kernels whose parts' classes are loaded once for all of them: a class loader for each composition, for as long as the
 * JVM lives. Any thread.
 */
final class SharedParts {
    /** Whose services the log is found by; on a flat class path the JDK finds it. */
    static final List<String> NOT_BUNDLES = List.of("slf4j.api", "guest.log");

    /** One composition's. */
    private record Loaded(FlatParts parts, List<String> names) {}

    private static final Map<List<Path>, Loaded> LOADED = new ConcurrentHashMap<>();

    static KernelFramework framework(List<Path> jars) {
        Loaded loaded = LOADED.computeIfAbsent(List.copyOf(jars), SharedParts::load);
        return KernelFramework.flat(loaded.parts, loaded.names);
    }

    private static Loaded load(List<Path> jars) {
        Map<String, Path> byName = new LinkedHashMap<>();
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                String name = file.getManifest().getMainAttributes().getValue("Bundle-SymbolicName");
                byName.put(name.split(";")[0].trim(), jar);
                urls.add(url(jar));
            } catch (IOException e) {
                throw new BootException("cannot read " + jar, e);
            }
        }
        ClassLoader own = SharedParts.class.getClassLoader();
        ClassLoader loader = onClassPath(jars) ? own : new PartsLoader(urls.toArray(URL[]::new));
        List<String> names = byName.keySet().stream()
                .filter(name -> !NOT_BUNDLES.contains(name))
                .toList();
        return new Loaded(FlatParts.of(loader, byName), names);
    }

    /** Whether this program's own loader has them, whose classes the JVM's ahead-of-time cache has. */
    private static boolean onClassPath(List<Path> jars) {
        Set<String> path = Set.of(System.getProperty("java.class.path").split(File.pathSeparator));
        return jars.stream().allMatch(jar -> path.contains(jar.toString()));
    }

    /** Has an SLF4J of its own, whose log is the kernel's, whatever the program around logs with. */
    private static final class PartsLoader extends URLClassLoader {
        static {
            registerAsParallelCapable();
        }

        PartsLoader(URL... jars) {
            super("parts", jars, SharedParts.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("org.slf4j.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known != null ? known : findClass(name);
            }
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    private SharedParts() {}
}
