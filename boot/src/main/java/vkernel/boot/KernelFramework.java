package vkernel.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The OSGi framework of one kernel: installs and starts its bundles, and finds its services. The API packages come
 * from this program's class path, so that what is given to a kernel and taken from it has the same types on both sides.
 */
final class KernelFramework implements AutoCloseable {
    private static final String API_VERSION = "1.0.0";
    static final List<String> API_PACKAGES = List.of(
            "vkernel.host",
            "vkernel.host.engine",
            "vkernel.kern",
            "vkernel.task",
            "vkernel.vm",
            "vkernel.sched",
            "vkernel.fs",
            "vkernel.dev",
            "vkernel.abi");

    private final Framework framework;
    private final Path storage;

    KernelFramework(Map<String, String> properties) {
        try {
            storage = Files.createTempDirectory("vkernel");
        } catch (IOException e) {
            throw new BootException("cannot make a folder for temporary files: " + e.getMessage(), e);
        }
        framework = new FrameworkFactory().newFramework(configuration(properties));
        try {
            framework.init();
        } catch (BundleException e) {
            throw new BootException("the OSGi framework does not start: " + e.getMessage(), e);
        }
    }

    private Map<String, String> configuration(Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        List<String> packages = new ArrayList<>();
        API_PACKAGES.forEach(name -> packages.add(name + ";version=" + API_VERSION));
        all.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, String.join(",", packages));
        all.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        all.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        all.put("felix.log.level", "1");
        all.put("felix.resolver.parallelism", "1"); // or the resolver's threads stay for a minute and hold everything
        all.put("ds.loglevel", "error");
        all.put("gosh.args", "--nointeractive");
        return all;
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    <T> void provide(Class<T> type, T service) {
        context().registerService(type, service, null);
    }

    /** Installs and starts bundles; fragments attach by themselves. */
    void start(Distribution distribution, Composition kernel) throws IOException {
        List<Bundle> installed = new ArrayList<>();
        for (String name : kernel.bundles()) {
            installed.add(install(distribution.bundle(name)));
        }
        installed.removeIf(KernelFramework::fragment);
        try {
            for (Bundle bundle : installed) {
                bundle.start(); // as soon as the framework starts
            }
            framework.start();
            for (Bundle bundle : installed) {
                if (bundle.getState() != Bundle.ACTIVE) {
                    bundle.start(); // says what is wrong
                }
            }
        } catch (BundleException e) {
            throw new BootException("kernel " + kernel.name() + ": " + e.getMessage(), e);
        }
    }

    private static boolean fragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private Bundle install(Path jar) {
        try {
            return context().installBundle("reference:" + jar.toUri());
        } catch (BundleException e) {
            throw new BootException("cannot install " + jar + ": " + e.getMessage(), e);
        }
    }

    /** The service of a type, waited for a while. */
    <T> T service(Class<T> type, long seconds) {
        CompletableFuture<T> found = new CompletableFuture<>();
        ServiceTracker<T, T> tracker = new ServiceTracker<>(context(), type, null) {
            @Override
            public T addingService(ServiceReference<T> reference) {
                T service = super.addingService(reference);
                found.complete(service);
                return service;
            }
        };
        tracker.open();
        try {
            return found.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new BootException("the kernel has no " + type.getSimpleName() + " after " + seconds + " s", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BootException("interrupted while waiting for " + type.getSimpleName(), e);
        }
    }

    @Override
    public void close() {
        try {
            framework.stop();
            framework.waitForStop(10_000);
            deleteStorage();
        } catch (BundleException | IOException e) {
            throw new BootException("the OSGi framework does not stop: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void deleteStorage() throws IOException {
        Files.walkFileTree(storage, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, java.io.IOException failed) throws IOException {
                if (failed != null) {
                    throw new UncheckedIOException(failed);
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
