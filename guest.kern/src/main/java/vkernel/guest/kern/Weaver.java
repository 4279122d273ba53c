package vkernel.guest.kern;

import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.kern.WovenClasses;

/**
 * Makes the loops of later providers end when the watchdog says so: puts a call of {@link vkernel.kern.Poll#poll} before
 * every backward branch and at the start of every method. Bundles of the composition are left as they are.
 */
final class Weaver implements WeavingHook {
    private static final Logger LOG = LoggerFactory.getLogger(Weaver.class);

    /** The package of what woven classes call. */
    private static final String POLLS = "vkernel.kern";

    /** Bundles changed after this are woven; milliseconds since 1970. */
    private volatile long since = Long.MAX_VALUE;

    private final WovenClasses classes;

    /** @param classes what was woven before, by former code of the kernel too */
    Weaver(WovenClasses classes) {
        this.classes = classes;
    }

    /** The kernel is put together: who comes from now on is new. */
    void weaveWhatComesNow() {
        since = System.currentTimeMillis();
    }

    @Override
    public void weave(WovenClass woven) {
        BundleWiring wiring = woven.getBundleWiring();
        if (wiring.getBundle().getLastModified() <= since) {
            return;
        }
        Set<String> packages = imported(wiring);
        if (packages.stream().noneMatch(name -> name.startsWith("vkernel."))) {
            return; // it has nothing to do with the kernel
        }
        try {
            woven.setBytes(classes.woven(woven.getBytes()));
            if (!packages.contains(POLLS)) {
                woven.getDynamicImports().add(POLLS);
            }
        } catch (IllegalArgumentException e) {
            LOG.warn("{} cannot be woven: a loop of it that does not end cannot be ended", woven.getClassName(), e);
        }
    }

    private static Set<String> imported(BundleWiring wiring) {
        return wiring.getRequiredWires(PackageNamespace.PACKAGE_NAMESPACE).stream()
                .map(wire -> wire.getCapability().getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE))
                .map(String::valueOf)
                .collect(Collectors.toSet());
    }
}
