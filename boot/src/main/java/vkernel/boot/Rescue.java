package vkernel.boot;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import vkernel.boot.compose.Subsystem;
import vkernel.host.HostSlot;
import vkernel.kern.KernelSlot;
import vkernel.kern.SwapLocation;

/**
 * The way back from a plain update of the kernel's or the host's bundle: by then nothing of the former content is left
 * in the framework. What such a bundle holds is put by when it stops, and installed beside when what comes instead is
 * bad, or does not come. Also weaves a kernel that comes while none is there who could.
 */
final class Rescue implements SynchronousBundleListener, WeavingHook {
    /** How long the other content may take to come into use once its bundle has started, milliseconds. */
    private static final long COMING = 3_000;

    /** Bytes. */
    private static final int BUFFER = 1 << 18;

    private static final AtomicInteger LAST = new AtomicInteger(1_000_000);

    private final BundleContext context;
    private final Path folder;
    private volatile @Nullable Sockets sockets; // while there is a kernel
    /** Copies of bundles that have stopped, by id. */
    private final Map<Long, Copy> copies = new ConcurrentHashMap<>();

    private record Sockets(HostSlot host, KernelSlot kernel) {
        boolean ended() {
            return kernel.ended().toCompletableFuture().isDone();
        }

        boolean empty(String subsystem) {
            return subsystem.equals("kern")
                    ? kernel.bundle() == 0
                    : host.machine().isEmpty();
        }

        boolean serves(Bundle bundle, String subsystem) {
            return subsystem.equals("kern")
                    ? kernel.bundle() == bundle.getBundleId()
                    : host.machine()
                            .filter(now -> now.name().contains("#" + bundle.getBundleId() + " "))
                            .isPresent();
        }
    }

    private record Copy(String subsystem, Path jar) {}

    Rescue(BundleContext context, Path folder) {
        this.context = context;
        this.folder = folder;
    }

    /** A kernel begins. */
    void begin(HostSlot host, KernelSlot kernel) {
        sockets = new Sockets(host, kernel);
    }

    /** It has ended. */
    void end() {
        sockets = null;
        copies.clear();
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        Bundle bundle = event.getBundle();
        switch (event.getType()) {
            case BundleEvent.STOPPING -> putBy(bundle);
            case BundleEvent.UPDATED -> otherContent(bundle);
            case BundleEvent.STARTED -> awaitComing(bundle);
            default -> {
                // nothing to us
            }
        }
    }

    /** {@code kern}, {@code host}, or nothing. */
    private static String subsystem(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null
                ? ""
                : revision.getDeclaredCapabilities(Subsystem.NAMESPACE).stream()
                        .map(capability ->
                                String.valueOf(capability.getAttributes().get(Subsystem.NAMESPACE)))
                        .filter(name -> name.equals("kern") || name.equals("host"))
                        .findFirst()
                        .orElse("");
    }

    /** Who listens to bundles is told in no order: it may be out of use already. */
    private void putBy(Bundle bundle) {
        Sockets now = sockets;
        String subsystem = now == null ? "" : subsystem(bundle);
        if (subsystem.isEmpty() || now.ended() || !now.empty(subsystem) && !now.serves(bundle, subsystem)) {
            return;
        }
        Path jar = folder.resolve("former." + subsystem + "." + LAST.incrementAndGet() + ".jar");
        // a jar is written number by number; the guest waits for this, as nobody serves
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(jar), BUFFER)) {
            write(bundle, out);
            copies.put(bundle.getBundleId(), new Copy(subsystem, jar));
        } catch (IOException e) {
            System.err.println("vk: " + bundle + " cannot be put by, so there is no way back to it: " + e.getMessage());
        }
    }

    private static void write(Bundle bundle, OutputStream to) throws IOException {
        try (JarOutputStream out = new JarOutputStream(to)) {
            out.setLevel(0);
            add(bundle, "META-INF/MANIFEST.MF", out);
            for (String path : bundle.adapt(BundleWiring.class)
                    .listResources("/", "*", BundleWiring.LISTRESOURCES_RECURSE | BundleWiring.LISTRESOURCES_LOCAL)) {
                if (!path.endsWith("/") && !path.equals("META-INF/MANIFEST.MF")) {
                    add(bundle, path, out);
                }
            }
        }
    }

    private static void add(Bundle bundle, String path, JarOutputStream out) throws IOException {
        URL entry = bundle.getEntry(path);
        if (entry == null) {
            return;
        }
        out.putNextEntry(new JarEntry(path));
        try (InputStream in = entry.openStream()) {
            in.transferTo(out);
        }
        out.closeEntry();
    }

    private void otherContent(Bundle bundle) {
        Copy copy = copies.get(bundle.getBundleId());
        Sockets now = sockets;
        if (copy == null || now == null) {
            return;
        }
        if (copy.subsystem.equals("kern")) {
            now.kernel.rescue(() -> bring(copy));
        } else {
            now.host.rescue(() -> bring(copy));
        }
    }

    /** The content before comes again, beside that of now. */
    private void bring(Copy copy) {
        try {
            // guest.kern uninstalls what is there of swaps when it is not needed any more
            String place = copy.jar.toUri().toString();
            context.installBundle(new SwapLocation(place, copy.subsystem, LAST.incrementAndGet()).toString())
                    .start();
        } catch (BundleException e) {
            throw new BootException("what was before does not start again: " + e.getMessage(), e);
        }
    }

    /** A bundle whose other content cannot even be put into use has started in vain. */
    private void awaitComing(Bundle bundle) {
        Copy copy = copies.get(bundle.getBundleId());
        if (copy != null) {
            Thread.ofPlatform().name("rescue").daemon().start(() -> bringUnlessItComes(bundle, copy));
        }
    }

    private void bringUnlessItComes(Bundle bundle, Copy copy) {
        Sockets now = sockets;
        if (now == null) {
            return;
        }
        long until = System.nanoTime() + COMING * 1_000_000;
        while (now.empty(copy.subsystem) && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        if (!now.empty(copy.subsystem) || now.ended() || sockets != now) {
            return;
        }
        String why = "what " + bundle + " was updated to does not come into use";
        if (copy.subsystem.equals("kern")) {
            now.kernel.replaceBecause(why);
        } else {
            now.host.replaceBecause(why);
        }
        try {
            bring(copy);
        } catch (BootException e) {
            System.err.println("vk: " + why + ", and there is no way back: " + e.getMessage());
        }
    }

    /** A kernel weaves whoever comes while it runs; nobody weaves a kernel that comes when there is none. */
    @Override
    public void weave(WovenClass woven) {
        Sockets now = sockets;
        BundleWiring wiring = woven.getBundleWiring();
        Copy copy = copies.get(wiring.getBundle().getBundleId());
        if (now == null || copy == null || !copy.subsystem.equals("kern") || now.kernel.bundle() != 0) {
            return;
        }
        try {
            woven.setBytes(now.kernel.wovenClasses().woven(woven.getBytes()));
        } catch (IllegalArgumentException e) {
            System.err.println("vk: " + woven.getClassName() + " cannot be woven, so a loop of it that does not end "
                    + "cannot be ended: " + e.getMessage());
        }
    }
}
