package vkernel.guest.kern;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
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

    /** Of a few kilobytes each. */
    private static final int MOST = 1000;

    /** Bundles changed after this are woven; milliseconds since 1970. */
    private volatile long since = Long.MAX_VALUE;

    /** Soft: woven classes by the digest of what they were, the last {@link #MOST}. */
    private final Map<ByteBuffer, byte[]> before = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, byte[]> eldest) {
            return size() > MOST;
        }
    });

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
            woven.setBytes(wovenBefore(woven.getBytes()));
            if (!woven.getDynamicImports().contains("vkernel.kern")) {
                woven.getDynamicImports().add("vkernel.kern");
            }
        } catch (IllegalArgumentException e) {
            LOG.warn("{} cannot be woven: a loop of it that does not end cannot be ended", woven.getClassName(), e);
        }
    }

    /** Classes that come once more are not woven once more: most of those of a bundle that was edited. */
    private byte[] wovenBefore(byte[] bytes) {
        ByteBuffer key = ByteBuffer.wrap(digest(bytes));
        byte[] known = before.get(key);
        if (known == null) {
            known = PollWeaver.woven(bytes); // which may load classes, and come here again
            before.put(key, known);
        }
        return known;
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
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
