package vkernel.it;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.cleanCaches;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.options.UrlProvisionOption;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import vkernel.host.ByteRom;
import vkernel.host.Channel;
import vkernel.host.Host;
import vkernel.host.HostSlot;
import vkernel.host.MachineConfig;
import vkernel.kern.Kernel;
import vkernel.kern.KernelConfig;
import vkernel.kern.KernelSlot;
import vkernel.kern.Result;
import vkernel.kern.Spawn;
import vkernel.task.Process;

/** The kernel in a plain OSGi framework, from its bundles, without the launcher; and its scheduler coming and going. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class KernelIT {
    private static final String BUNDLES = "vkernel.it.bundles";
    /** A loop that computes for a while and then says what it has computed. */
    private static final String COMPUTE = "i=0; s=0; while [ $i -lt 3000 ]; do i=$((i+1)); s=$((s+i)); done; echo $s";

    private static final String PIPE = "seq 1 3000 | sort -n | tail -n 1";

    @Inject
    private BundleContext context;

    private KernelSlot kernel;
    private HostSlot host;
    private int runs;

    @Configuration
    public Option[] bundlesOfTheKernel() throws IOException {
        String folder = System.getProperty(BUNDLES);
        List<Option> options = new ArrayList<>();
        try (Stream<Path> jars = Files.list(Path.of(folder))) {
            for (Path jar : jars.sorted().toList()) {
                UrlProvisionOption option = bundle(jar.toUri().toString());
                String name = jar.getFileName().toString();
                // a fragment cannot be started; the other would look for a folder
                boolean quiet = name.startsWith("guest.log") || name.startsWith("org.apache.felix.fileinstall");
                options.add(quiet ? option.noStart() : option);
            }
        }
        options.add(frameworkProperty(BUNDLES).value(folder));
        options.add(frameworkProperty("org.osgi.framework.bsnversion").value("multiple"));
        options.add(cleanCaches());
        options.add(junitBundles());
        return options.toArray(Option[]::new);
    }

    @Before
    public void boot() throws Exception {
        URL image = find("user").getEntry("vkernel/user/rootfs.cpio.gz");
        byte[] archive;
        try (InputStream in = image.openStream()) {
            archive = in.readAllBytes();
        }
        host = new HostSlot(new MachineConfig(
                64 << 20,
                2,
                MachineConfig.Time.REAL,
                0,
                false,
                Map.of("console", new Capture()),
                Map.of("root", new ByteRom(archive)),
                Map.of()));
        kernel = new KernelSlot(
                new KernelConfig(List.of("root"), List.of(), List.of(), "/", "console", "fair", "it", false, Map.of()));
        host.user(kernel::standStill);
        context.registerService(HostSlot.class, host, null);
        context.registerService(KernelSlot.class, kernel, null);
        context.registerService(Host.class, host, null);
        context.registerService(Kernel.class, kernel, null);
        await(() -> kernel.call(kernel::missing).isEmpty());
    }

    @After
    public void nothingWentWrong() {
        assertEquals(0, kernel.stats().oopses);
        assertEquals(List.of(), kernel.call(() -> kernel.vm().check()));
    }

    @Test
    public void comesUpFromItsBundles() throws Exception {
        assertEquals("hi\n", run("echo hi").get(60, TimeUnit.SECONDS));
    }

    @Test
    public void programsDoNotNoticeThatTheSchedulerIsReplaced() throws Exception {
        List<CompletableFuture<String>> computing = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            computing.add(run(COMPUTE));
            computing.add(run(PIPE));
        }
        Bundle fair = find("guest.sched.fair");
        Bundle rr = find("guest.sched.rr");
        int changes = 0;
        while (!computing.stream().allMatch(CompletableFuture::isDone)) {
            switch (changes++ % 6) {
                case 0 -> assertEquals(0, (int) kernel.call(() -> kernel.switchSched("rr")));
                case 1 -> assertEquals(0, (int) kernel.call(() -> kernel.switchSched("fair")));
                case 2 -> fair.stop();
                case 3 -> fair.start();
                case 4 -> rr.update();
                default -> fair.update();
            }
            long before = kernel.stats().traps;
            await(() -> kernel.stats().traps > before || computing.stream().allMatch(CompletableFuture::isDone));
        }
        assertTrue("only " + changes + " changes", changes > 6);
        for (int i = 0; i < computing.size(); i++) {
            assertEquals(i % 2 == 0 ? "4501500\n" : "3000\n", computing.get(i).get());
        }
    }

    @Test
    public void makesDoWithItsOwnPolicyWhileNobodyProvidesOne() throws Exception {
        CompletableFuture<String> computing = run(COMPUTE);
        find("guest.sched.fair").stop();
        find("guest.sched.rr").stop();
        assertEquals(List.of(), kernel.call(kernel::missing));
        assertEquals("fifo", kernel.call(() -> kernel.sched().name()));
        assertEquals("4501500\n", computing.get(60, TimeUnit.SECONDS));
        find("guest.sched.rr").start();
        assertEquals("rr", kernel.call(() -> kernel.sched().name()));
    }

    @Test
    public void standsStillWithoutMemoryManagementAndGoesOnWithIt() throws Exception {
        CompletableFuture<String> computing = run(COMPUTE);
        Bundle vm = find("guest.vm");
        vm.stop();
        assertEquals(List.of("vm"), kernel.call(kernel::missing));
        await(() -> kernel.call(() ->
                kernel.processes().tasks().stream().allMatch(task -> task.state != vkernel.task.Task.State.RUNNING)));
        long still = kernel.call(() -> kernel.stats().traps);
        assertFalse(computing.isDone());
        assertTrue(kernel.stats().traps - still <= 2);
        vm.start();
        assertEquals("4501500\n", computing.get(60, TimeUnit.SECONDS));
    }

    private CompletableFuture<String> run(String script) {
        Capture out = new Capture();
        String name = "run" + runs++;
        host.plug(name, out);
        CompletableFuture<String> ended = new CompletableFuture<>();
        Spawn program =
                new Spawn(List.of("/bin/sh", "-c", script), List.of("PATH=/bin:/sbin:/usr/bin"), "/", name, name, name);
        Result<Process> started = kernel.spawn(program, status -> ended.completeAsync(out::text));
        assertTrue("error " + started.error(), started.ok());
        return ended;
    }

    private Bundle find(String name) {
        for (Bundle bundle : context.getBundles()) {
            if (name.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        throw new AssertionError("no bundle " + name);
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue("timed out", System.nanoTime() < until);
            Thread.onSpinWait();
        }
    }

    /** Takes what is written; has no input. */
    private static final class Capture implements Channel {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        synchronized String text() {
            return written.toString(StandardCharsets.UTF_8);
        }

        @Override
        public boolean terminal() {
            return false;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            return -1;
        }

        @Override
        public synchronized int write(byte[] from, int offset, int length) {
            written.write(from, offset, length);
            return length;
        }

        @Override
        public void listener(Runnable changed) {
            // there is always room and never input
        }
    }
}
