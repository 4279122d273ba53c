package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;
import vkernel.kern.Dmesg;

/** A kernel for each test: any number after another and beside each other in one JVM, and nothing stays. */
class ManyKernelsTest {
    /** Noise of the JVM's own: lambda forms, reflection. A kernel that stayed would be over 4 MB. */
    private static final long METASPACE_NOISE = 8 << 20;

    @Test
    void kernelsComeAndGoWithoutATrace() {
        for (int i = 0; i < 5; i++) {
            once("warm" + i);
        }
        Set<String> threads = threads();
        long metaspace = metaspace();
        List<WeakReference<VirtualKernel>> kernels = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            kernels.add(once("run" + i));
        }
        assertThat(metaspace() - metaspace).as("metaspace after 20 kernels").isLessThan(METASPACE_NOISE);
        assertThat(kernels.stream().filter(kernel -> !kernel.refersTo(null)))
                .as("still reachable; a worker of the JVM's pool may hold the last")
                .hasSizeLessThanOrEqualTo(1);
        assertThat(threads()).isEqualTo(threads);
    }

    @Test
    void theNextKernelIsAsNew() {
        String look = "hostname; ls /tmp; echo pid $$; nproc";
        for (int harts = 1; harts <= 2; harts++) {
            try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard().withHarts(harts))) {
                assertThat(kernel.run("/bin/sh", "-c", look).out()).isEqualTo("vkernel\npid 2\n" + harts + "\n");
                assertThat(log(kernel)).containsOnlyOnce("machine: ").doesNotContain("a mark");
                assertThat(kernel.kernel().dmesg().lines().getFirst().seq()).isZero();
                kernel.run("/bin/sh", "-c", "hostname other; touch /tmp/file; echo a mark >/dev/kmsg");
                assertThat(log(kernel)).contains("a mark");
            }
        }
    }

    @Test
    void whatAUserDidToTheFrameworkEndsWithItsKernel() throws BundleException {
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard())) {
            for (Bundle bundle : kernel.context().getBundles()) {
                if (bundle.getSymbolicName().equals("guest.sched.rr")) {
                    bundle.uninstall();
                }
            }
            assertThat(kernel.kernel().call(kernel.kernel()::schedPolicies)).containsExactly("fair");
        }
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard())) {
            assertThat(kernel.kernel().call(kernel.kernel()::schedPolicies)).contains("fair", "rr");
        }
    }

    @Test
    void aClosedKernelStaysClosed() {
        VirtualKernel first = VirtualKernel.boot(BootConfig.standard());
        first.close();
        try (VirtualKernel second = VirtualKernel.boot(BootConfig.standard())) {
            first.close();
            assertThatThrownBy(first::context).isInstanceOf(IllegalStateException.class);
            assertThat(second.run("/bin/echo", "hi").out()).isEqualTo("hi\n");
        }
    }

    private static String log(VirtualKernel kernel) {
        return kernel.kernel().dmesg().lines().stream().map(Dmesg.Line::text).collect(Collectors.joining("\n"));
    }

    @Test
    void kernelsRunBesideEachOther() throws ExecutionException, InterruptedException {
        try (ExecutorService five = Executors.newFixedThreadPool(5)) {
            List<Future<WeakReference<VirtualKernel>>> running = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                String name = "beside" + i;
                running.add(five.submit(() -> once(name)));
            }
            for (Future<?> kernel : running) {
                kernel.get();
            }
        }
    }

    private static WeakReference<VirtualKernel> once(String name) {
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard())) {
            assertThat(kernel.run("/bin/sh", "-c", "echo " + name + " > /tmp/name; cat /tmp/*")
                            .out())
                    .isEqualTo(name + "\n");
            return new WeakReference<>(kernel);
        }
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getThreadGroup() != null
                        && !"system".equals(thread.getThreadGroup().getName())
                        && !"InnocuousThreadGroup"
                                .equals(thread.getThreadGroup().getName()))
                .map(thread -> thread.getName() + " " + thread.threadId())
                .filter(name -> !name.startsWith("ForkJoinPool.commonPool"))
                .collect(Collectors.toSet());
    }

    /** In use after a collection. */
    private static long metaspace() {
        System.gc();
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .map(MemoryPoolMXBean::getUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }
}
