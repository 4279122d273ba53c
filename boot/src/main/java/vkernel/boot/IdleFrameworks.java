package vkernel.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frameworks whose kernel has ended and left nothing in them, kept for the next kernel of the same bundles: to load
 * and compile the kernel's classes again takes many times as long as to boot it. Any thread.
 */
final class IdleFrameworks {
    /** As many as kernels are likely to run at a time; each holds the classes of a kernel. */
    private static final int MOST = Math.max(2, Runtime.getRuntime().availableProcessors());

    static final IdleFrameworks OF_THIS_JVM = new IdleFrameworks();

    /** Files as they were when a framework was made of them. */
    private record Stamp(Path jar, long size, long modified) {
        static Stamp of(Path jar) throws IOException {
            return new Stamp(
                    jar, Files.size(jar), Files.getLastModifiedTime(jar).toMillis());
        }
    }

    /** One that was taken, and what it was made of. */
    record Taken(KernelFramework framework, List<Stamp> bundles) {}

    private final Deque<Taken> idle = new ArrayDeque<>(); // guarded by this

    /** An idle framework of these bundles, or a new one. @throws IOException when a bundle is not there */
    Taken take(List<Path> jars) throws IOException {
        List<Stamp> bundles = new ArrayList<>();
        for (Path jar : jars) {
            bundles.add(Stamp.of(jar));
        }
        Taken known = find(bundles);
        return known != null ? known : new Taken(started(jars), List.copyOf(bundles));
    }

    private synchronized @Nullable Taken find(List<Stamp> bundles) {
        for (Iterator<Taken> all = idle.iterator(); all.hasNext(); ) {
            Taken each = all.next();
            if (each.bundles.equals(bundles)) {
                all.remove();
                return each;
            }
        }
        return null;
    }

    /** In a daemon thread, of which the framework's own are daemons too: those of an idle one must not keep the JVM up. */
    private static KernelFramework started(List<Path> jars) {
        return Ahead.of("framework", () -> KernelFramework.started(jars)).get();
    }

    /** Keeps a framework whose kernel has ended and left it as it was, or stops it. */
    void giveBack(Taken taken) {
        if (!keep(taken)) {
            taken.framework.stop();
        }
    }

    private synchronized boolean keep(Taken taken) {
        if (idle.size() >= MOST) {
            return false;
        }
        idle.addFirst(taken);
        return true;
    }
}
