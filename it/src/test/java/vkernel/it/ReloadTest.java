package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import vkernel.boot.BootConfig;
import vkernel.boot.Output;
import vkernel.boot.VirtualKernel;
import vkernel.kern.LiveFolders;
import vkernel.kern.Reload;
import vkernel.kern.Swaps;

/** What {@code vk new} writes, and this project's own subsystems, edited while a kernel runs. */
class ReloadTest {
    private static final Path PROJECT = Vk.SCRIPT.getParent();
    /** A loop that computes until it is {@link #enough}, and then says whether that is right. */
    private static final String COMPUTE = "rm -f /tmp/enough; i=0; s=0;"
            + " while [ ! -e /tmp/enough ]; do i=$((i+1)); s=$((s+i)); done; [ $s = $((i*(i+1)/2)) ] && echo right";

    private static final String COMPUTED = "right\n";

    @TempDir
    private Path folder;

    private final BlockingQueue<Reload> news = new LinkedBlockingQueue<>();
    private VirtualKernel kernel;
    private LiveFolders live;

    @BeforeEach
    void boot() {
        kernel = VirtualKernel.boot(BootConfig.standard());
        kernel.add("live");
        live = kernel.service(LiveFolders.class);
    }

    @AfterEach
    void end() {
        assertThat(kernel.kernel().call(() -> kernel.kernel().vm().check())).isEmpty();
        kernel.close();
    }

    @Test
    void aSchedulerIsEditedWhileAProgramComputes() {
        Path source = made("sched", "lottery").resolve("Lottery.java");
        CompletableFuture<Output> computing = CompletableFuture.supplyAsync(() -> sh(COMPUTE), Vk.THREADS);
        watch("lottery");
        assertThat(next().state()).isEqualTo(Reload.State.RUNNING);
        assertThat(policy()).isEqualTo("lottery");
        for (int quantum = 1; quantum <= 3; quantum++) {
            edit(source, "QUANTUM = \\d+", "QUANTUM = " + quantum);
            assertThat(next().text()).startsWith("reloaded sched (lottery) in ");
        }
        edit(source, "return null;", "return nul;");
        Reload broken = next();
        assertThat(broken.state()).isEqualTo(Reload.State.BROKEN);
        assertThat(broken.text()).startsWith("lottery/Lottery.java:56:20: cannot find symbol\n");
        assertThat(policy()).isEqualTo("lottery");
        assertThat(log()).contains("lottery/Lottery.java:56:20: cannot find symbol");
        assertThat(enough(computing).out()).isEqualTo(COMPUTED);
        assertThat(failedCalls()).isZero();
    }

    @Test
    void aSchedulerThatThrowsIsTakenBackAndThatIsTold() {
        Path source = made("sched", "lottery").resolve("Lottery.java");
        CompletableFuture<Output> computing = CompletableFuture.supplyAsync(() -> sh(COMPUTE), Vk.THREADS);
        watch("lottery");
        next();
        edit(
                source,
                "int sold = 0;",
                "if (!tasks.isEmpty()) throw new IllegalStateException(\"oh no\"); int sold = 0;");
        Reload tried = next();
        Reload back = tried.state() == Reload.State.RUNNING ? next() : tried;
        assertThat(back.state()).isEqualTo(Reload.State.REFUSED);
        assertThat(back.text()).contains("oh no");
        assertThat(enough(computing).out()).isEqualTo(COMPUTED);
    }

    @Test
    void aSchedulerThatIsUninstalledGivesItsPlaceBack() throws BundleException {
        made("sched", "lottery");
        watch("lottery");
        next();
        live.unwatch(folder.resolve("lottery"));
        for (Bundle bundle : kernel.context().getBundles()) {
            if (bundle.getSymbolicName().equals("lottery")) {
                bundle.uninstall();
            }
        }
        assertThat(policy()).isEqualTo("fair");
        assertThat(sh("echo still here").out()).isEqualTo("still here\n");
    }

    @Test
    void aFileSystemIsEditedWhileItIsMounted() {
        Path source = made("fs", "notes").resolve("Files.java");
        watch("notes");
        assertThat(next().text()).startsWith("reloaded fs.notes (notes) in ");
        assertThat(sh("mount -t notes none /mnt && ls /mnt && cat /mnt/hello /mnt/policy")
                        .out())
                .isEqualTo("hello\npolicy\nprocesses\nuptime\nhello from notes\nscheduled by fair\n");
        edit(source, "all.put\\(\"hello\".*", "all.put(\"news\", () -> \"it is new\\\\n\");");
        assertThat(next().state()).isEqualTo(Reload.State.RUNNING);
        assertThat(sh("ls /mnt; cat /mnt/news; cat /mnt/hello 2>&1 | grep -c No; umount /mnt")
                        .out())
                .isEqualTo("news\npolicy\nprocesses\nuptime\nit is new\n1\n");
    }

    @Test
    void aDriverIsEditedAndKeepsItsState() {
        Path source = made("driver", "rot").resolve("Rot.java");
        watch("rot");
        assertThat(next().state()).isEqualTo(Reload.State.RUNNING);
        assertThat(sh("ls /dev/rot; echo Uryyb > /dev/rot; cat /dev/rot").out()).isEqualTo("/dev/rot\nHello\n");
        edit(source, "first \\+ 13\\) % 26", "first + 1) % 26");
        assertThat(next().state()).isEqualTo(Reload.State.RUNNING);
        assertThat(sh("cat /dev/rot").out()).isEqualTo("Vszzc\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "guest.sched/fair",
                "guest.vm",
                "guest.fs/vfs",
                "guest.fs/tmpfs",
                "guest.fs/procfs",
                "guest.linux",
                "drivers/console",
                "drivers/mem",
                "guest.kern",
                "host.sim",
                "host.riscv"
            })
    void thisProjectsOwnSubsystemsRunFromSource(String subsystem) {
        copy(PROJECT.resolve("bnd.bnd"));
        copy(PROJECT.resolve("pom.xml"));
        for (Path above = Path.of(subsystem).getParent(); above != null; above = above.getParent()) {
            copy(PROJECT.resolve(above).resolve("pom.xml"));
        }
        copy(PROJECT.resolve(subsystem));
        CompletableFuture<Output> computing = CompletableFuture.supplyAsync(() -> sh(COMPUTE), Vk.THREADS);
        watch(subsystem);
        Reload first = next();
        assertThat(first.text()).startsWith("reloaded ");
        assertThat(first.bundle()).isEqualTo(subsystem.replace('/', '.'));
        edit(anyJavaFile(folder.resolve(subsystem)), "(?s)\\z", "// edited\n");
        assertThat(next().text()).startsWith("reloaded ");
        edit(anyJavaFile(folder.resolve(subsystem)), "(?s)\\z", "nonsense\n");
        Reload broken = next();
        assertThat(broken.state()).isEqualTo(Reload.State.BROKEN);
        assertThat(broken.text())
                .containsPattern(Path.of(subsystem).getFileName() + "/src/main/java/.*\\.java:\\d+:\\d+: ")
                .contains("nonsense");
        assertThat(enough(computing).out()).isEqualTo(COMPUTED);
        assertThat(sh("seq 1 1000 | sort -rn | tail -n 1; ls /dev/null").out()).isEqualTo("1\n/dev/null\n");
        assertThat(failedCalls()).isZero();
    }

    private Path made(String kind, String name) {
        Path made = folder.resolve(name);
        Vk.Ended ended = Vk.run("new", kind, name, "-o", made.toString());
        assertThat(ended.status()).as(ended.err()).isZero();
        return made;
    }

    private Output enough(CompletableFuture<Output> computing) {
        sh("touch /tmp/enough");
        return computing.join();
    }

    private void watch(String name) {
        live.watch(folder.resolve(name), news::add);
    }

    private Reload next() {
        try {
            Reload next = news.poll(60, TimeUnit.SECONDS);
            assertThat(next).as("a reload").isNotNull();
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Saves as editors do that are careful: another file is renamed over it. */
    private void edit(Path file, String what, String to) {
        try {
            String text = Files.readString(file);
            String edited = text.replaceFirst(what, to);
            assertThat(edited).isNotEqualTo(text);
            Path fresh = Files.writeString(folder.resolve("fresh"), edited);
            Files.move(fresh, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Into the folder, at the same place as in this project; without what has been built. */
    private void copy(Path from) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path name = PROJECT.relativize(file);
                if (!name.toString().contains("target")) {
                    Files.createDirectories(folder.resolve(name).getParent());
                    Files.copy(file, folder.resolve(name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path anyJavaFile(Path in) {
        try (Stream<Path> files = Files.walk(in.resolve("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Output sh(String script) {
        return kernel.run("/bin/sh", "-c", script);
    }

    private String policy() {
        return kernel.kernel().call(() -> kernel.kernel().sched().name());
    }

    private List<String> log() {
        return kernel.kernel().dmesg().lines().stream().map(line -> line.text()).toList();
    }

    private int failedCalls() {
        return kernel.service(Swaps.class).history().stream()
                .mapToInt(report -> report.failed())
                .sum();
    }
}
