package vkernel.it.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;
import vkernel.kern.Monitor;
import vkernel.kern.SwapLocation;
import vkernel.kern.Swaps;

/** What a swap installed is updated as any other bundle is: its place is read again. */
@Timeout(120)
class UpdatesTest {
    private static final Path BUNDLES = Path.of(System.getProperty("vkernel.home"), "bundles");

    @TempDir
    private Path folder;

    private VirtualKernel kernel;
    private Path jar;

    @BeforeEach
    void boot() {
        kernel = VirtualKernel.boot(BootConfig.standard());
        jar = folder.resolve("what is mine #1.jar");
    }

    @AfterEach
    void close() {
        assertThat(kernel.kernel().call(() -> kernel.kernel().vm().check())).isEmpty();
        kernel.close();
    }

    @Test
    void aSubsystemsNewContentIsReadFromItsFile() throws IOException {
        swapIn("sched", "guest.sched.rr");
        assertThat(policy()).isEqualTo("rr");
        put("guest.sched.fair");
        assertThat(gogo("felix:update " + swappedIn().getBundleId())).isEmpty();
        assertThat(policy()).isEqualTo("fair");
        assertThat(swappedIn().getSymbolicName()).isEqualTo("guest.sched.fair");
        assertThat(kernel.run("/bin/echo", "still here").out()).isEqualTo("still here\n");
    }

    @Test
    void soIsAFixedPoints() throws IOException {
        for (String[] point : new String[][] {{"engine", "host.riscv"}, {"kern", "guest.kern"}}) {
            swapIn(point[0], point[1]);
            long modified = swappedIn().getLastModified();
            assertThat(gogo("felix:update " + swappedIn().getBundleId())).isEmpty();
            assertThat(swappedIn().getLastModified()).isGreaterThan(modified);
            assertThat(kernel.run("/bin/echo", "still here").out()).isEqualTo("still here\n");
            assertThat(kernel.service(Swaps.class).history()).allMatch(report -> report.ok());
        }
    }

    @Test
    void gogoTakesASymbolicNameToo() {
        assertThat(gogo("felix:stop guest.sched.fair")).isEmpty();
        assertThat(policy()).isEqualTo("rr");
        assertThat(gogo("felix:stop nobody")).isNotEmpty();
    }

    private void swapIn(String subsystem, String bundle) throws IOException {
        put(bundle);
        assertThat(kernel.service(Swaps.class)
                        .swap(subsystem, jar.toString(), false)
                        .ok())
                .isTrue();
    }

    private void put(String bundle) throws IOException {
        Files.copy(BUNDLES.resolve(bundle + ".jar"), jar, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The bundle that came last from our file. */
    private Bundle swappedIn() {
        Bundle last = kernel.context().getBundles()[kernel.context().getBundles().length - 1];
        assertThat(SwapLocation.place(last)).isEqualTo(jar.toUri().toString());
        return last;
    }

    private String policy() {
        return kernel.kernel().call(() -> kernel.kernel().sched().name());
    }

    /** @return what failed */
    private String gogo(String command) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (Monitor.Session session =
                kernel.service(Monitor.class).open(InputStream.nullInputStream(), new ByteArrayOutputStream(), err)) {
            session.execute(command);
        }
        return err.toString(StandardCharsets.UTF_8);
    }
}
