package vkernel.guest.kern;

import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.kern.PollWeaver;

/**
 * Makes the loops of later providers end when the watchdog says so: puts a call of {@link vkernel.kern.Poll#poll} before
 * every backward branch and at the start of every method. Bundles of the composition are left as they are.
 */
final class Weaver implements WeavingHook {
    private static final Logger LOG = LoggerFactory.getLogger(Weaver.class);

    /** Bundles changed after this are woven; milliseconds since 1970. */
    private volatile long since = Long.MAX_VALUE;

    /** The kernel is put together: who comes from now on is new. */
    void weaveWhatComesNow() {
        since = System.currentTimeMillis();
    }

    @Override
    public void weave(WovenClass woven) {
        BundleWiring wiring = woven.getBundleWiring();
        if (wiring.getBundle().getLastModified() <= since || !ofTheKernel(wiring)) {
            return;
        }
        try {
            ClassLoader loader = wiring.getClassLoader();
            woven.setBytes(PollWeaver.woven(woven.getBytes(), loader::getResourceAsStream));
            if (!woven.getDynamicImports().contains("vkernel.kern")) {
                woven.getDynamicImports().add("vkernel.kern");
            }
        } catch (IllegalArgumentException e) {
            LOG.warn("{} cannot be woven: a loop of it that does not end cannot be ended", woven.getClassName(), e);
        }
    }

    /** Whether a bundle has to do with the kernel at all. */
    private static boolean ofTheKernel(BundleWiring wiring) {
        return wiring.getRequiredWires("osgi.wiring.package").stream()
                .anyMatch(wire -> String.valueOf(
                                wire.getCapability().getAttributes().get("osgi.wiring.package"))
                        .startsWith("vkernel."));
    }
}
