package vkernel.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.kern.Reload;
import vkernel.kern.SwapReport;
import vkernel.kern.Swaps;

/** A folder that is watched, with a kernel that only says that it has swapped. */
class LiveFolderTest {
    private static final String GOOD = "package a; class A { int value = %d; }";

    @TempDir
    private Path storage;

    @TempDir
    private Path home;

    private final Kernel kernel = new Kernel();
    private final BlockingQueue<Reload> news = new LinkedBlockingQueue<>();
    private Frame frame;
    private WatchedFolders folders;

    @BeforeEach
    void start() throws Exception {
        frame = new Frame(storage);
        folders = new WatchedFolders(frame.context());
        folders.bindSwaps(kernel);
        save(GOOD.formatted(1));
    }

    @AfterEach
    void stop() throws Exception {
        folders.deactivate();
        frame.close();
    }

    @Test
    void aFolderRunsAtOnceAndAfterEachSave() throws Exception {
        folders.watch(home, news::add);
        Reload first = next();
        assertThat(first.state()).isEqualTo(Reload.State.RUNNING);
        assertThat(first.number()).isEqualTo(1);
        save(GOOD.formatted(2));
        Reload second = next();
        assertThat(second.number()).isEqualTo(2);
        assertThat(second.total()).isGreaterThanOrEqualTo(second.compile() + second.bundling());
        assertThat(second.text())
                .matches("reloaded fs.a \\(" + home.getFileName()
                        + "\\) in \\d+ ms: compile \\d+, bundle \\d+, swap 0.4 ms pause");
        assertThat(kernel.installed).hasSize(2);
    }

    @Test
    void whatDoesNotCompileIsToldAndNotInstalled() throws Exception {
        folders.watch(home, news::add);
        next();
        save("package a; class A { int value = ; }");
        Reload broken = next();
        assertThat(broken.state()).isEqualTo(Reload.State.BROKEN);
        assertThat(broken.text()).contains("A.java:1:34: illegal start of expression", "1 error, the old code runs on");
        assertThat(kernel.installed).hasSize(1);
        save(GOOD.formatted(3));
        assertThat(next().state()).isEqualTo(Reload.State.RUNNING);
        assertThat(kernel.installed).hasSize(2);
    }

    @Test
    void whatTheKernelRefusesIsToldWithItsReason() throws Exception {
        kernel.answer = report(SwapReport.Outcome.REFUSED, "it throws");
        folders.watch(home, news::add);
        Reload refused = next();
        assertThat(refused.state()).isEqualTo(Reload.State.REFUSED);
        assertThat(refused.text()).contains("was refused, the old code runs on", "fs.a: it throws");
    }

    @Test
    void whatIsTakenBackLaterIsToldAfterItsArrival() throws Exception {
        folders.watch(home, news::add);
        next();
        String bundle = home.getFileName() + "#7 A";
        SwapReport back =
                new SwapReport(2, 0, "fs.a", bundle, "old", 0, 0, 0, 0, SwapReport.Outcome.ROLLED_BACK, "oops");
        kernel.listeners.forEach(listener -> listener.accept(back));
        assertThat(next().text()).isEqualTo("fs.a: old is back, " + bundle + " was taken out\noops");
        kernel.meanwhile = Optional.of(back);
        save(GOOD.formatted(4));
        assertThat(next().state()).isEqualTo(Reload.State.RUNNING);
        assertThat(next().state()).isEqualTo(Reload.State.REFUSED);
        folders.unwatch(home);
        assertThat(kernel.listeners).isEmpty();
    }

    @Test
    void somebodyWhoDoesNotListenHoldsNothingUp() throws Exception {
        BlockingQueue<Reload> never = new LinkedBlockingQueue<>(1);
        folders.watch(home, reload -> {
            try {
                never.put(reload); // the second blocks
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        for (int i = 1; i <= 3; i++) {
            assertThat(kernel.arrivals.poll(20, TimeUnit.SECONDS)).isNotNull();
            save(GOOD.formatted(10 + i));
        }
        assertThat(folders.unwatch(home)).isTrue();
    }

    @Test
    void unwatchedFoldersAreLeftAlone() throws Exception {
        folders.watch(home, news::add);
        next();
        assertThat(folders.folders()).extracting(Reload::number).containsExactly(1);
        assertThat(folders.unwatch(home)).isTrue();
        assertThat(folders.unwatch(home)).isFalse();
        assertThat(folders.folders()).isEmpty();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("live " + home.getFileName());
    }

    @Test
    void whatCannotBeWatchedIsRefusedInWords() throws Exception {
        folders.watch(home, news::add);
        assertThatThrownBy(() -> folders.watch(home, news::add)).hasMessageEndingWith("is watched already");
        assertThatThrownBy(() -> folders.watch(home.resolve("no"), news::add))
                .hasMessageStartingWith("there is no folder");
        Path empty = Files.createDirectory(storage.resolve("empty"));
        assertThatThrownBy(() -> folders.watch(empty, news::add)).hasMessageStartingWith("no Java file in");
    }

    private Reload next() throws InterruptedException {
        Reload next = news.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("a reload").isNotNull();
        return next;
    }

    private void save(String text) throws IOException {
        Files.writeString(home.resolve("A.java"), text);
    }

    private static SwapReport report(SwapReport.Outcome outcome, String why) {
        return new SwapReport(1, 0, "fs.a", "old", "new", 400_000, 0, 0, 0, outcome, why);
    }

    /** Takes everything. */
    private static final class Kernel implements Swaps {
        final List<byte[]> installed = new ArrayList<>();
        final List<Consumer<SwapReport>> listeners = new CopyOnWriteArrayList<>();
        final BlockingQueue<Integer> arrivals = new LinkedBlockingQueue<>();
        volatile Optional<SwapReport> meanwhile = Optional.empty();
        volatile SwapReport answer = report(SwapReport.Outcome.DONE, "");

        @Override
        public List<String> retire(Collection<Long> bundles) {
            throw new AssertionError("nothing goes");
        }

        @Override
        public synchronized List<SwapReport> install(String location, byte[] jar) {
            installed.add(jar);
            meanwhile.ifPresent(report -> listeners.forEach(listener -> listener.accept(report)));
            arrivals.add(installed.size());
            return List.of(answer);
        }

        @Override
        public SwapReport swap(String subsystem, String bundle, boolean dryRun) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SwapReport rollback(String subsystem) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<SwapReport> history() {
            return List.of();
        }

        @Override
        public void listen(Consumer<SwapReport> listener) {
            listeners.add(listener);
        }

        @Override
        public void unlisten(Consumer<SwapReport> listener) {
            listeners.remove(listener);
        }

        @Override
        public List<Standing> standings() {
            return List.of();
        }
    }
}
