package vkernel.it.fixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import vkernel.boot.BootConfig;
import vkernel.boot.MemoryChannel;
import vkernel.boot.VirtualKernel;
import vkernel.kern.SwapReport;
import vkernel.kern.Swaps;

/** A kernel of two harts with programs that check themselves, whose bundles are replaced. */
final class Running implements AutoCloseable {
    private static final String COMPUTE = "i=0; s=0; while [ $i -lt 2000 ]; do i=$((i+1)); s=$((s+i)); done; echo $s";
    private static final String PIPES = "for i in 1 2 3 4 5 6; do seq 1 300 | sort -n | tail -n 1; done | uniq";
    private static final String SLEEPS = "for i in 1 2 3 4 5 6; do sleep 0.05; done; sleep 0.1 & wait; echo slept";
    private static final String FILES =
            "i=0; while [ $i -lt 40 ]; do i=$((i+1)); echo $i > /tmp/f; cat /tmp/f; done | tail -n 1";
    private static final List<String> SCRIPTS = List.of(COMPUTE, PIPES, SLEEPS, FILES);
    private static final List<String> RESULTS = List.of("2001000\n", "300\n", "slept\n", "40\n");

    final VirtualKernel kernel;
    private final List<CompletableFuture<String>> programs = new ArrayList<>();
    private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    private int copies;

    Running() {
        this("");
    }

    /** @param engine the engine to use; empty for the best there is */
    Running(String engine) {
        kernel = VirtualKernel.boot(BootConfig.standard().withHarts(2).withEngine(engine));
    }

    Running start() {
        programs.clear();
        SCRIPTS.forEach(script -> programs.add(run(new MemoryChannel(new byte[0]), script)));
        return this;
    }

    CompletableFuture<String> run(vkernel.host.Channel in, String script) {
        MemoryChannel out = new MemoryChannel(new byte[0]);
        return kernel.start(List.of("/bin/sh", "-c", script), in, out, out)
                .thenApply(status -> new String(out.written(), java.nio.charset.StandardCharsets.UTF_8));
    }

    boolean busy() {
        return !programs.stream().allMatch(CompletableFuture::isDone);
    }

    Bundle bundle(String name) {
        for (Bundle bundle : kernel.context().getBundles()) {
            if (name.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        throw new AssertionError("no bundle " + name);
    }

    void update(String name) throws BundleException {
        Bundle bundle = bundle(name);
        remember(bundle);
        bundle.update();
    }

    void update(String name, Path jar) throws BundleException, IOException {
        try (java.io.InputStream in = java.nio.file.Files.newInputStream(jar)) {
            bundle(name).update(in);
        }
    }

    /** Installs a copy of a bundle beside it, under a name of its own, and starts it. */
    Bundle beside(String name) throws BundleException, IOException {
        String own = name + "." + ++copies;
        Path jar = Path.of(System.getProperty("vkernel.home"), "bundles", name + ".jar");
        Bundle copy = kernel.context().installBundle("copy:" + own, new ByteArrayInputStream(renamed(jar, own)));
        copy.start();
        return copy;
    }

    void remove(Bundle bundle) throws BundleException {
        remember(bundle);
        bundle.uninstall();
    }

    private void remember(Bundle bundle) {
        loaders.add(new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
    }

    private static byte[] renamed(Path jar, String name) throws IOException {
        try (JarFile in = new JarFile(jar.toFile())) {
            Manifest manifest = in.getManifest();
            manifest.getMainAttributes().putValue(Constants.BUNDLE_SYMBOLICNAME, name);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
                for (JarEntry entry : Collections.list(in.entries())) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        in.getInputStream(entry).transferTo(out);
                    }
                }
            }
            return bytes.toByteArray();
        }
    }

    List<SwapReport> reports(String subsystem) {
        return kernel.service(Swaps.class).history().stream()
                .filter(report -> report.subsystem().equals(subsystem))
                .toList();
    }

    /** Every program has printed what it should, and the kernel is whole. */
    void finish() throws InterruptedException, ExecutionException, TimeoutException {
        for (int i = 0; i < programs.size(); i++) {
            assertThat(programs.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(RESULTS.get(i % RESULTS.size()));
        }
        assertThat(kernel.kernel().stats().oopses).isZero();
        List<String> faults = kernel.kernel().call(() -> kernel.kernel().vm().check());
        assertThat(faults).isEmpty();
    }

    /** Of the bundles that were replaced nothing is in memory any more. */
    void assertNothingLeft() throws InterruptedException {
        FrameworkWiring wiring =
                kernel.context().getBundle(Constants.SYSTEM_BUNDLE_ID).adapt(FrameworkWiring.class);
        assertThat(wiring.getRemovalPendingBundles()).isEmpty();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (loaders.stream().anyMatch(loader -> loader.get() != null) && System.nanoTime() < until) {
            System.gc();
        }
        assertThat(loaders.stream().filter(loader -> loader.get() != null)).isEmpty();
    }

    @Override
    public void close() {
        kernel.close();
    }
}
