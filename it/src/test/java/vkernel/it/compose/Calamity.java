package vkernel.it.compose;

import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import vkernel.kern.End;
import vkernel.kern.Kernel;

/** The activator of a bundle that is a kernel's end: the header {@code Calamity} says which. */
public final class Calamity implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        Kernel kernel = context.getService(context.getServiceReference(Kernel.class));
        switch (context.getBundle().getHeaders("").get("Calamity")) {
            case "panic" -> kernel.shutdown(new End(End.Kind.PANIC, 255, "for a test"));
            case "hang" ->
                Thread.ofPlatform().name("holder").daemon().start(() -> {
                    kernel.lock(); // for ever
                    Object never = new Object();
                    synchronized (never) {
                        waitFor(never);
                    }
                });
            default -> Thread.ofPlatform().name("eater").daemon().start(Calamity::eat);
        }
    }

    private static void waitFor(Object never) {
        try {
            while (true) {
                never.wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void eat() {
        List<byte[]> all = new ArrayList<>();
        while (true) {
            all.add(new byte[64 << 20]);
        }
    }

    @Override
    public void stop(BundleContext context) {
        // it is too late for that
    }
}
