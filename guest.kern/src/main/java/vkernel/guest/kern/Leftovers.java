package vkernel.guest.kern;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.ThreadBody;

/**
 * Threads that providers leave behind. Some time after one has gone, every thread is looked at, twice: it is the
 * provider's when its class or its context class loader is, or when what it runs is a method of the provider's classes. A
 * successor's classes may have the same names, but no thread of a bundle's is older than the bundle's start; ages are told by
 * the threads' ids, which the JVM counts up. All on a thread of its own, without the kernel lock: the guest does not wait.
 *
 * <p>Not seen: who began after a successor of the same name did, or when that is not known since it was there before this
 * kernel's code, and a thread of a pool that has nothing to do.
 */
final class Leftovers implements SynchronousBundleListener {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    /** How long a thread may take to end after its provider has gone, and again before it is told of; milliseconds. */
    private static final long PATIENCE = 1500;

    private final EventKernel kernel;
    private final Supplier<Collection<Provider>> providers;
    /** By a bundle's id, the id that a thread had which began when the bundle was last started. */
    private final Map<Long, Long> starts = new ConcurrentHashMap<>();

    private final LinkedBlockingQueue<Gone> queue = new LinkedBlockingQueue<>();
    private @Nullable Thread looking; // guarded by this
    private boolean closed; // guarded by this

    /**
     * A provider that is not registered any more; its classes are not held.
     *
     * @param since id that its threads' are not below
     */
    private record Gone(String name, Set<String> packages, WeakReference<ClassLoader> loader, long since) {
        boolean is(@Nullable ClassLoader other) {
            return other != null && loader.refersTo(other);
        }
    }

    /** @param providers those that are registered; any thread */
    Leftovers(EventKernel kernel, Supplier<Collection<Provider>> providers) {
        this.kernel = kernel;
        this.providers = providers;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        long id = event.getBundle().getBundleId();
        if (event.getType() == BundleEvent.STARTING) {
            starts.put(id, Thread.ofPlatform().unstarted(() -> {}).threadId());
        } else if (event.getType() == BundleEvent.UNINSTALLED) {
            starts.remove(id);
        }
    }

    /** When a provider's bundle was started, as the id of a thread; 0 when that is not known. */
    private long since(Provider provider) {
        Bundle bundle = provider.bundle();
        return bundle == null ? 0 : starts.getOrDefault(bundle.getBundleId(), 0L);
    }

    /** A provider has gone: its threads are looked for in a while. */
    synchronized void gone(Provider provider) {
        if (closed) {
            return;
        }
        queue.add(new Gone(provider.name(), provider.packages(), provider.loader(), since(provider)));
        if (looking == null) {
            looking = ThreadBody.daemon("leftovers", this::look);
            looking.start();
        }
    }

    /** Nobody is looked for any more; the thread that did ends. */
    void close() throws InterruptedException {
        Thread last;
        synchronized (this) {
            closed = true;
            last = looking;
        }
        if (last != null) {
            last.interrupt();
            last.join();
        }
    }

    private void look() {
        try {
            do {
                TimeUnit.MILLISECONDS.sleep(PATIENCE);
                List<Gone> all = new ArrayList<>();
                queue.drainTo(all);
                Map<Gone, Set<Thread>> first = all.stream().collect(Collectors.toMap(gone -> gone, this::threads));
                first.values().removeIf(Set::isEmpty);
                if (!first.isEmpty()) {
                    TimeUnit.MILLISECONDS.sleep(PATIENCE);
                }
                first.forEach((gone, threads) -> {
                    threads.retainAll(threads(gone));
                    if (!threads.isEmpty()) {
                        tell(gone, threads);
                    }
                });
            } while (more());
        } catch (InterruptedException e) {
            LOG.trace("not looked for any more: {}", queue, e);
        }
    }

    private synchronized boolean more() {
        looking = closed || queue.isEmpty() ? null : looking;
        return looking != null;
    }

    private void tell(Gone gone, Set<Thread> threads) {
        String names = threads.stream()
                .map(thread -> thread.getName() + place(gone, thread))
                .sorted()
                .collect(Collectors.joining(", "));
        String why = gone.name + " left " + (threads.size() == 1 ? "a thread" : "threads") + " behind: " + names;
        LOG.warn("{}", why);
        kernel.call(() -> {
            kernel.history.note(gone.name, why);
            return true;
        });
    }

    private static String place(Gone gone, Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .filter(frame -> owns(gone.packages, frame))
                .findFirst()
                .map(frame -> " in " + frame)
                .orElse("");
    }

    /** Those that are a provider's. */
    private Set<Thread> threads(Gone gone) {
        Collection<Provider> here = providers.get();
        if (gone.loader.refersTo(null)
                || here.stream()
                        .anyMatch(each -> gone.is(each.service().getClass().getClassLoader()))) {
            return Set.of(); // nothing of it is left, or another service of the same bundle is
        }
        return all().stream()
                .filter(thread -> thread.threadId() >= gone.since && of(thread, gone, here))
                .collect(Collectors.toSet());
    }

    private boolean of(Thread thread, Gone gone, Collection<Provider> here) {
        if (gone.is(thread.getClass().getClassLoader()) || gone.is(thread.getContextClassLoader())) {
            return true;
        }
        StackTraceElement run = outermost(thread);
        return run != null
                && owns(gone.packages, run)
                && here.stream().noneMatch(each -> owns(each.packages(), run) && since(each) <= thread.threadId());
    }

    /** What a thread runs: its first method that is not the JDK's. */
    private static @Nullable StackTraceElement outermost(Thread thread) {
        for (StackTraceElement frame : Arrays.asList(thread.getStackTrace()).reversed()) {
            if (frame.getModuleName() == null && !frame.getClassName().equals(ThreadBody.class.getName())) {
                return frame;
            }
        }
        return null;
    }

    private static boolean owns(Set<String> packages, StackTraceElement frame) {
        String name = frame.getClassName();
        return frame.getModuleName() == null
                && packages.contains(name.substring(0, Math.max(name.lastIndexOf('.'), 0)));
    }

    /** Without a safepoint, as a dump of all stacks would be. */
    private static List<Thread> all() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] some;
        int count;
        do {
            some = new Thread[2 * root.activeCount() + 16];
            count = root.enumerate(some);
        } while (count == some.length);
        return Arrays.asList(some).subList(0, count);
    }
}
