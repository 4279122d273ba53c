package vkernel.guest.kern;

import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.abi.Abi;
import vkernel.dev.CharDevice;
import vkernel.dev.Streams;
import vkernel.fs.FileSystemType;
import vkernel.fs.Vfs;
import vkernel.kern.Swappable;
import vkernel.net.Gateway;
import vkernel.net.NetStack;
import vkernel.sched.SchedPolicy;
import vkernel.vm.Replacement;
import vkernel.vm.Vm;

/**
 * Somebody who can do the work of one subsystem: an object of a bundle.
 *
 * @param service the object
 * @param slots names of the slots that it is for
 * @param name bundle and class, for people
 * @param identity the same while the bundle's content is
 * @param packages of the bundle's own classes: how a stack trace tells whose bug it is
 * @param bundle null for one built in
 * @param reference null for one built in
 */
record Provider(
        Object service,
        Set<String> slots,
        String name,
        String identity,
        Set<String> packages,
        @Nullable Bundle bundle,
        @Nullable ServiceReference<?> reference) {
    private static final Logger LOG = LoggerFactory.getLogger(Provider.class);

    /** What a bundle says of itself is asked here, without the kernel lock. */
    static Provider of(Object service, Bundle bundle, ServiceReference<?> reference) {
        String simple = service.getClass().getSimpleName();
        return new Provider(
                service,
                slots(service),
                bundle.getSymbolicName() + "#" + bundle.getBundleId() + " " + simple,
                bundle.getBundleId() + ":" + bundle.getLastModified() + ":" + simple,
                packages(bundle, service),
                bundle,
                reference);
    }

    /** One that no bundle brings. */
    static Provider builtIn(SchedPolicy policy) {
        return new Provider(policy, Set.of("sched"), "built-in " + policy.name(), "built-in", Set.of(), null, null);
    }

    private static Set<String> slots(Object service) {
        Set<String> slots = new TreeSet<>();
        if (service instanceof Vm) {
            slots.add("vm");
        }
        if (service instanceof Vfs) {
            slots.add("vfs");
        }
        if (service instanceof Abi) {
            slots.add("abi");
        }
        if (service instanceof Streams) {
            slots.add("streams");
        }
        if (service instanceof NetStack) {
            slots.add("net");
        }
        if (service instanceof Gateway) {
            slots.add("gateway");
        }
        if (service instanceof Replacement) {
            slots.add("replacement");
        }
        if (service instanceof FileSystemType type) {
            slots.add("fs." + type.name());
        }
        if (service instanceof CharDevice device) {
            slots.add("dev." + device.name());
        }
        if (service instanceof SchedPolicy) {
            slots.add("sched");
        }
        return slots;
    }

    private static Set<String> packages(Bundle bundle, Object service) {
        Set<String> packages = classes(bundle).stream()
                .filter(path -> path.indexOf('/') > 0)
                .map(path -> path.substring(0, path.lastIndexOf('/')).replace('/', '.'))
                .collect(Collectors.toSet());
        packages.add(service.getClass().getPackageName());
        return Set.copyOf(packages);
    }

    private static Collection<String> classes(@Nullable Bundle bundle) {
        BundleWiring wiring = bundle == null ? null : bundle.adapt(BundleWiring.class);
        int own = BundleWiring.LISTRESOURCES_RECURSE | BundleWiring.LISTRESOURCES_LOCAL;
        return wiring == null ? List.of() : wiring.listResources("/", "*.class", own);
    }

    /** Loads its bundle's classes and has it prepare itself, so that the guest does not wait for that. */
    void warm() {
        warm(bundle, service.getClass().getClassLoader());
        if (service instanceof Swappable<?> swappable) {
            Beforehand.run(name, swappable::prepare);
        }
    }

    /** Loads a bundle's classes. */
    static void warm(@Nullable Bundle bundle, ClassLoader loader) {
        for (String path : classes(bundle)) {
            String name = path.substring(0, path.length() - ".class".length()).replace('/', '.');
            try {
                Class.forName(name, true, loader);
            } catch (ClassNotFoundException | LinkageError e) {
                LOG.debug("{}: {} does not load", bundle, name, e); // it may never be needed
            }
        }
    }

    /** Whether a class is its bundle's. */
    boolean owns(String className) {
        int dot = className.lastIndexOf('.');
        return dot > 0 && packages.contains(className.substring(0, dot));
    }

    WeakReference<ClassLoader> loader() {
        return new WeakReference<>(service.getClass().getClassLoader());
    }

    /** Name of its policy, for a scheduler. */
    String policy() {
        return service instanceof SchedPolicy policy ? policy.name() : "";
    }

    List<String> slotList() {
        return List.copyOf(slots);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Provider that && that.service == service;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(service);
    }

    @Override
    public String toString() {
        return name;
    }
}
