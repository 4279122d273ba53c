package vkernel.live;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.kern.Reload;
import vkernel.kern.SwapReport;
import vkernel.kern.Swaps;

/**
 * One folder whose code runs: a thread that waits for changes, builds and swaps, and one that tells the news, which may
 * be held up by whoever listens.
 */
final class LiveFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveFolder.class);
    /** Further builds after the first, for nobody: they make the JVM compile the compiler. */
    private static final int WARM_UPS = 8;

    private final SourceFolder folder;
    private final FolderWatch watch;
    private final Workshop workshop;
    /** Who swaps: the kernel's code, which may itself be what this folder replaces. Null while there is none. */
    private final AtomicReference<@Nullable Swaps> swaps = new AtomicReference<>();

    private final Ratelimit limit = new Ratelimit();
    private final BlockingQueue<Reload> untold = new LinkedBlockingQueue<>();
    private final Thread worker;
    private final Thread teller;
    private final Consumer<SwapReport> listener = this::swapped;
    private volatile Reload last;
    /** Symbolic name of what was built last. */
    private volatile String bundle;

    private int number; // worker only
    /** Guards the two below; nothing else is called with it held. */
    private final Object order = new Object();
    /** A bundle is being installed: what is told of it meanwhile comes after its own news. */
    private boolean installing;

    private final List<SwapReport> early = new ArrayList<>();

    /** @throws IOException when the host cannot watch it */
    LiveFolder(SourceFolder folder, Supplier<ClassPath> path, Consumer<Reload> news) throws IOException {
        this.folder = folder;
        this.watch = new FolderWatch(folder);
        this.workshop = new Workshop(folder, path);
        this.bundle = folder.name();
        this.last = new Reload(folder.home(), folder.name(), 0, Reload.State.STARTING, "being built", 0, 0, 0, 0);
        worker = Thread.ofPlatform().name("live " + folder.name()).daemon().unstarted(this::work);
        teller = Thread.ofPlatform().name("live news").daemon().unstarted(() -> tell(news));
    }

    void start(@Nullable Swaps now) {
        use(now);
        teller.start();
        worker.start();
    }

    /** From now on somebody else swaps; null for nobody. */
    synchronized void use(@Nullable Swaps next) {
        Swaps before = swaps.getAndSet(next);
        if (before != next && before != null) {
            before.unlisten(listener);
        }
        if (before != next && next != null) {
            next.listen(listener);
        }
        notifyAll();
    }

    /** Waits while there is nobody who swaps. */
    private synchronized Swaps swaps() throws InterruptedException {
        Swaps now = swaps.get();
        while (now == null) {
            wait();
            now = swaps.get();
        }
        return now;
    }

    Path home() {
        return folder.home();
    }

    Reload last() {
        return last;
    }

    private void work() {
        try {
            reload(watch.now(), Instant.now());
            for (int i = 0; i < WARM_UPS; i++) {
                Optional<FolderWatch.Change> change = watch.poll();
                if (change.isPresent()) {
                    reload(change.get().snapshot(), change.get().saved());
                } else {
                    workshop.warmUp(watch.now());
                }
            }
            while (true) {
                FolderWatch.Change change = watch.next();
                reload(change.snapshot(), change.saved());
            }
        } catch (InterruptedException | ClosedWatchServiceException closed) {
            LOG.debug("{} is watched no longer", folder.home());
        } catch (IOException e) {
            broken(List.of(Mistake.of("cannot be watched any longer: " + e)), 0, 0, 0);
        }
    }

    private void reload(Snapshot snapshot, Instant saved) throws InterruptedException {
        Build build = workshop.build(snapshot);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!build.good()) {
            broken(build.mistakes(), since(saved), build.compile(), build.bundling());
            return;
        }
        bundle = build.bundle();
        synchronized (order) {
            installing = true;
        }
        List<SwapReport> reports = swaps().install(WatchedPlace.of(folder), build.jar());
        number++;
        synchronized (order) {
            tell(Reloads.of(folder.home(), number, build, reports, since(saved)));
            installing = false;
            early.forEach(this::back);
            early.clear();
        }
    }

    /** Something was swapped; the kernel lock is held. */
    private void swapped(SwapReport report) {
        if (report.outcome() == SwapReport.Outcome.ROLLED_BACK && report.from().startsWith(bundle + "#")) {
            synchronized (order) {
                if (installing) {
                    early.add(report);
                } else {
                    back(report);
                }
            }
        }
    }

    private void back(SwapReport report) {
        tell(Reloads.takenBack(last, report));
    }

    private void broken(List<Mistake> mistakes, long total, long compile, long bundling) {
        number++;
        tell(Reloads.broken(folder, number, mistakes, total, compile, bundling));
    }

    private static long since(Instant saved) {
        return Duration.between(saved, Instant.now()).toNanos();
    }

    private void tell(Reload reload) {
        last = reload;
        if (reload.state() == Reload.State.RUNNING) {
            LOG.info("{}", reload.text());
        } else {
            limit.pass().ifPresent(more -> LOG.warn("{}{}", reload.text(), more));
        }
        untold.add(reload);
    }

    private void tell(Consumer<Reload> news) {
        try {
            while (true) {
                news.accept(untold.take());
            }
        } catch (InterruptedException closed) {
            LOG.debug("no more news of {}", folder.home());
        }
    }

    /** Ends both threads; the one that builds is waited for, so that nothing is installed any more. */
    @Override
    public void close() {
        use(null);
        worker.interrupt();
        watch.close();
        teller.interrupt();
        try {
            if (worker != Thread.currentThread()) {
                worker.join();
            }
            workshop.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("the compiler's files do not close: {}", e.toString());
        }
    }
}
