package vkernel.boot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.util.tracker.ServiceTracker;
import vkernel.boot.compose.Parts;
import vkernel.host.Host;
import vkernel.host.HostSlot;
import vkernel.host.Terminals;
import vkernel.kern.Assembly;
import vkernel.kern.Kernel;
import vkernel.kern.KernelSlot;
import vkernel.kern.Recomposition;

/**
 * The OSGi framework of one kernel: installs and starts its bundles, and finds its services. The API packages come
 * from this program's class path, so that what is given to a kernel and taken from it has the same types on both sides.
 *
 * <p>A kernel lives from {@link #begin} to {@link #end}. Another may follow in the same framework: its components are
 * made anew, of classes that are loaded already.
 */
final class KernelFramework {
    private static final String API_VERSION = "1.0.0";
    static final List<String> API_PACKAGES = List.of(
            "vkernel.host",
            "vkernel.host.engine",
            "vkernel.kern",
            "vkernel.task",
            "vkernel.vm",
            "vkernel.sched",
            "vkernel.fs",
            "vkernel.ipc",
            "vkernel.net",
            "vkernel.dev",
            "vkernel.abi");

    private final Framework framework;
    /** Of what is asked for from outside, by its type: one each, which holds who serves now and nobody else. */
    private final Map<Class<?>, ServiceTracker<?, ?>> trackers = new ConcurrentHashMap<>();

    private final ScratchFolder storage = ScratchFolder.make();
    /** Of the kernel's configuration, in the order of their registration. */
    private final List<ServiceRegistration<?>> given = new ArrayList<>();
    /** Those of the kernel that runs. */
    private @Nullable PluggedTerminals terminals;

    private final Rescue rescue;
    /** Somebody may have left something in it. */
    private volatile boolean touched;

    private KernelFramework() {
        this(null);
    }

    private KernelFramework(@Nullable FlatParts parts) {
        FrameworkFactory factory = new FrameworkFactory();
        framework = parts == null
                ? factory.newFramework(configuration())
                : factory.newFramework(flatConfiguration(), parts);
        try {
            framework.init();
            StartTrace.done("the framework is there");
        } catch (BundleException e) {
            throw new BootException("the OSGi framework does not start: " + e.getMessage(), e);
        }
        rescue = new Rescue(framework.getBundleContext(), storage.path());
    }

    /**
     * A framework in which the bundles have been started.
     *
     * @throws BootException saying what is missing or wrong
     */
    static KernelFramework started(List<Path> bundles) {
        return started(bundles, null);
    }

    /** The same, told when what happens. */
    static KernelFramework started(List<Path> bundles, @Nullable StartTimes times) {
        KernelFramework started = new KernelFramework();
        try {
            if (times != null) {
                times.listen(started.framework.getBundleContext());
            }
            started.start(bundles);
        } catch (BundleException e) {
            started.stop();
            throw new BootException(e.getMessage(), e);
        } catch (RuntimeException e) {
            started.stop();
            throw e;
        }
        return started;
    }

    /**
     * What bundles provide and need, as a kernel's framework reads their manifests; none is started.
     *
     * @param startTimes milliseconds by symbolic name
     */
    static Parts parts(List<Path> jars, Properties startTimes) throws IOException {
        KernelFramework reader = new KernelFramework();
        try {
            Map<Bundle, Path> bundles = new HashMap<>();
            jars.forEach(jar -> bundles.put(reader.install(jar), jar));
            return new Parts(List.of(reader.framework.getBundleContext().getBundles()), bundles, startTimes);
        } finally {
            reader.stop();
        }
    }

    /** Loads what a framework begins with, in a thread of its own: for a program that has something to do before. */
    static void prepare() {
        Thread.ofPlatform().name("framework, ahead").daemon().start(() -> {
            try {
                Class.forName("org.apache.felix.framework.Felix");
            } catch (ClassNotFoundException e) {
                throw new AssertionError("no framework on the class path", e);
            }
        });
    }

    /** A framework of parts that lie on one class path, started. */
    static KernelFramework flat(FlatParts flat, List<String> parts) {
        KernelFramework started = new KernelFramework(flat);
        try {
            started.startAll(parts.stream()
                    .map(FlatParts::location)
                    .map(started::install)
                    .toList());
        } catch (BundleException e) {
            started.stop();
            throw new BootException(e.getMessage(), e);
        }
        return started;
    }

    private Map<String, String> configuration() {
        Map<String, String> all = new HashMap<>();
        all.put(
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                API_PACKAGES.stream()
                        .map(name -> name + ";version=" + API_VERSION)
                        .collect(Collectors.joining(",")));
        all.put(Constants.FRAMEWORK_STORAGE, storage.path().toString());
        all.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        // successors stand beside those whose place they take
        all.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        // what generated code of an engine calls; the others have no use for it
        all.put(Constants.FRAMEWORK_BOOTDELEGATION, "jdk.internal.misc");
        all.put("felix.log.level", "1");
        all.put("felix.resolver.parallelism", "1"); // or the resolver's threads stay for a minute and hold everything
        all.put("ds.loglevel", "error");
        all.put("gosh.args", "--nointeractive");
        return all;
    }

    /** Where every class sees every other nobody asks the framework for packages; to list the JVM's takes long. */
    private Map<String, String> flatConfiguration() {
        Map<String, String> all = configuration();
        all.put(Constants.FRAMEWORK_SYSTEMPACKAGES, "org.osgi.framework");
        all.remove(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA);
        all.put("felix.service.urlhandlers", "false");
        return all;
    }

    /** The system bundle's. Whoever has it can do anything: no other kernel follows in this framework. */
    BundleContext context() {
        touch();
        return framework.getBundleContext();
    }

    /** No other kernel follows in this framework. */
    void touch() {
        touched = true;
    }

    /** Installs and starts bundles; fragments attach by themselves. */
    private void start(List<Path> jars) throws BundleException {
        startAll(jars.stream().map(this::install).toList());
    }

    private void startAll(List<Bundle> all) throws BundleException {
        List<Bundle> installed = new ArrayList<>(all);
        installed.removeIf(KernelFramework::fragment);
        for (Bundle bundle : installed) {
            bundle.start(); // as soon as the framework starts
        }
        StartTrace.done("bundles are installed");
        framework.start();
        StartTrace.done("bundles are started");
        for (Bundle bundle : installed) {
            if (bundle.getState() != Bundle.ACTIVE) {
                bundle.start(); // says what is wrong
            }
        }
        framework.getBundleContext().addBundleListener((SynchronousBundleListener) change -> touch());
        framework.getBundleContext().addBundleListener(rescue);
        framework.getBundleContext().registerService(WeavingHook.class, rescue, null);
    }

    /**
     * Gives the bundles the sockets of a kernel, and so makes it.
     *
     * @param recomposition who can change what it is made of; null for nobody
     */
    void begin(HostSlot host, KernelSlot kernel, @Nullable Recomposition recomposition) {
        host.user(kernel::standStill);
        rescue.begin(host, kernel);
        kernel.wayBack(this::restart);
        ServiceRegistration<?> assembly = register(new Assembly(), Assembly.class);
        PluggedTerminals plugged = new PluggedTerminals(host);
        terminals = plugged;
        given.add(register(plugged, Terminals.class));
        // first those who plug themselves in: subsystems find a machine and a kernel behind the sockets
        given.add(register(host, HostSlot.class));
        given.add(register(kernel, KernelSlot.class));
        given.add(register(host, Host.class));
        given.add(register(kernel, Kernel.class));
        if (recomposition != null) {
            given.add(register(recomposition, Recomposition.class));
        }
        assembly.unregister();
    }

    private void restart(long id) {
        Bundle bundle = framework.getBundleContext().getBundle(id);
        try {
            if (bundle != null) {
                bundle.start();
            }
        } catch (BundleException e) {
            throw new BootException(bundle + " does not start again: " + e.getMessage(), e);
        }
    }

    /**
     * Ends the kernel.
     *
     * @return whether the framework is as it was before {@link #begin}, fit for another kernel
     */
    boolean end() {
        rescue.end();
        given.reversed().forEach(ServiceRegistration::unregister);
        given.clear();
        PluggedTerminals plugged = terminals;
        terminals = null;
        if (plugged != null) {
            plugged.close();
        }
        return !touched;
    }

    private ServiceRegistration<?> register(Object service, Class<?> type) {
        return framework.getBundleContext().registerService(type.getName(), service, null);
    }

    /**
     * Installs more, then starts them in their order; not what is there.
     *
     * @return those that were not there
     * @throws BootException when one does not start; then none of them is there
     */
    List<Bundle> add(List<Path> jars) {
        touch();
        Set<Bundle> before = Set.of(framework.getBundleContext().getBundles());
        List<Bundle> all = jars.stream().map(this::install).toList();
        List<Bundle> come = all.stream().filter(each -> !before.contains(each)).toList();
        for (Bundle bundle : all) {
            try {
                if (!fragment(bundle)) {
                    bundle.start();
                }
            } catch (BundleException e) {
                remove(come);
                throw new BootException("cannot start " + bundle.getSymbolicName() + ": " + e.getMessage(), e);
            }
        }
        return come;
    }

    /** Those of some names, with whatever took or lost their place. */
    List<Bundle> named(Collection<String> names) {
        return Stream.of(framework.getBundleContext().getBundles())
                .filter(bundle -> names.contains(bundle.getSymbolicName()))
                .toList();
    }

    /** Symbolic names of all. */
    List<String> names() {
        return Stream.of(framework.getBundleContext().getBundles())
                .filter(bundle -> bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID)
                .map(Bundle::getSymbolicName)
                .toList();
    }

    /** Uninstalls bundles, and lets go of their classes. */
    void remove(Collection<Bundle> bundles) {
        touch();
        for (Bundle bundle : bundles) {
            try {
                bundle.uninstall();
            } catch (BundleException e) {
                throw new BootException(bundle.getSymbolicName() + " does not go: " + e.getMessage(), e);
            }
        }
        FrameworkWiring wiring = framework.adapt(FrameworkWiring.class);
        List<Bundle> pending = new ArrayList<>(wiring.getRemovalPendingBundles());
        pending.retainAll(bundles);
        if (!pending.isEmpty()) {
            wiring.refreshBundles(pending);
        }
    }

    Path storage() {
        return storage.path();
    }

    private static boolean fragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private Bundle install(Path jar) {
        return install("reference:" + jar.toUri());
    }

    private Bundle install(String location) {
        try {
            return framework.getBundleContext().installBundle(location);
        } catch (BundleException e) {
            throw new BootException("cannot install " + location + ": " + e.getMessage(), e);
        }
    }

    /** The service of a type, waited for a while. */
    <T> T service(Class<T> type, long seconds) {
        ServiceTracker<?, ?> tracker = trackers.computeIfAbsent(type, this::track);
        try {
            Object service = tracker.waitForService(TimeUnit.SECONDS.toMillis(seconds));
            if (service == null) {
                throw new BootException("the kernel has no " + type.getSimpleName() + " after " + seconds + " s");
            }
            return type.cast(service);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BootException("interrupted while waiting for " + type.getSimpleName(), e);
        }
    }

    private ServiceTracker<?, ?> track(Class<?> type) {
        ServiceTracker<?, ?> tracker = new ServiceTracker<>(framework.getBundleContext(), type, null);
        tracker.open();
        return tracker;
    }

    /** Ends the kernel if there is one, stops the framework and deletes its files. */
    void stop() {
        end(); // in this order: a kernel that ends asks its machine what time it is
        try {
            framework.stop();
            framework.waitForStop(10_000);
            storage.delete();
        } catch (BundleException | IOException e) {
            throw new BootException("the OSGi framework does not stop: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
