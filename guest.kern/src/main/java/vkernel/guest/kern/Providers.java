package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.abi.Abi;
import vkernel.dev.CharDevice;
import vkernel.dev.Streams;
import vkernel.fs.FileSystemType;
import vkernel.fs.Vfs;
import vkernel.kern.Assembly;
import vkernel.kern.KernelCode;
import vkernel.kern.StateRejected;
import vkernel.net.Gateway;
import vkernel.net.NetStack;
import vkernel.sched.SchedPolicy;
import vkernel.vm.Replacement;
import vkernel.vm.Vm;

/**
 * Tells the kernel of providers as they come and go. They all need the kernel to be made, so they are tracked from
 * beside it: as references of the kernel's own component they would be a circle, which Declarative Services cannot
 * build. It also tells the kernel when the framework has started all its bundles, and has the classes of who comes later
 * woven.
 */
@Component(
        service = {},
        immediate = true)
public final class Providers {
    private static final Logger LOG = LoggerFactory.getLogger(Providers.class);
    private static final List<Class<?>> TYPES = List.of(
            Vm.class,
            Vfs.class,
            Abi.class,
            Streams.class,
            NetStack.class,
            Gateway.class,
            Replacement.class,
            SchedPolicy.class,
            FileSystemType.class,
            CharDevice.class);

    private final EventKernel kernel;
    private final BundleContext context;
    private final ServiceTracker<Object, Provider> tracker;
    private final ServiceTracker<Assembly, Assembly> assembly;
    private final Weaver weaver;
    private final ServiceRegistration<WeavingHook> weaving;
    private final FrameworkListener started = this::started;
    private final Leftovers leftovers;
    private volatile boolean closing;
    /** Whether who comes now comes to a running kernel. */
    private volatile boolean late;
    /** Who is there before the kernel begins; null from then on. Guarded by {@link #gate}. */
    private @Nullable List<Provider> early = new ArrayList<>();

    private final Object gate = new Object(); // before the kernel lock

    @Activate
    public Providers(BundleContext context, @Reference EventKernel kernel) throws StateRejected {
        this.context = context;
        this.kernel = kernel;
        leftovers = new Leftovers(kernel, this::all);
        context.addBundleListener(leftovers);
        weaver = new Weaver(kernel.socket().wovenClasses());
        weaving = context.registerService(WeavingHook.class, weaver, null);
        tracker = new ServiceTracker<>(context, filter(), null) {
            @Override
            public @Nullable Provider addingService(ServiceReference<Object> reference) {
                return come(reference);
            }

            @Override
            public void removedService(ServiceReference<Object> reference, Provider provider) {
                gone(provider);
                context.ungetService(reference);
            }
        };
        tracker.open();
        context.addFrameworkListener(started);
        assembly = assembly();
        assembly.open();
        try {
            begin();
        } catch (StateRejected | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The kernel begins, with all who are there: when it takes over from another, the guest does not wait for them. */
    private void begin() throws StateRejected {
        boolean complete = context.getServiceReference(Assembly.class) == null
                && context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.ACTIVE;
        if (complete) {
            weaver.weaveWhatComesNow();
            late = true;
            if (kernel.socket().bundle() != 0) {
                Provider.warm(context.getBundle(), Providers.class.getClassLoader());
            }
        }
        Optional<KernelCode> former;
        synchronized (gate) {
            former = kernel.handover.begin(early == null ? List.of() : early, complete);
            early = null;
        }
        former.map(code -> FrameworkUtil.getBundle(code.getClass())).ifPresent(this::stop);
    }

    /** The code before is of no use any more: its services would act on a kernel that is not theirs. */
    private void stop(Bundle former) {
        try {
            former.stop(Bundle.STOP_TRANSIENT);
        } catch (BundleException e) {
            LOG.warn("{} does not stop", former, e);
        } finally {
            kernel.socket().retired();
        }
    }

    private void gone(Provider provider) {
        synchronized (gate) {
            if (early != null) {
                early.remove(provider);
                return;
            }
        }
        if (!closing) {
            kernel.change(provider + " has gone", () -> kernel.vacancies.go(provider));
            leftovers.gone(provider);
        }
    }

    private static Filter filter() {
        StringBuilder any = new StringBuilder("(|");
        TYPES.forEach(type -> any.append("(objectClass=").append(type.getName()).append(')'));
        try {
            return FrameworkUtil.createFilter(any.append(')').toString());
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void started(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.STARTED) {
            composed();
        }
    }

    private void composed() {
        weaver.weaveWhatComesNow();
        late = true;
        kernel.handover.composed();
    }

    @Deactivate
    void deactivate() throws InterruptedException {
        closing = true;
        kernel.end(); // before it loses sight of its providers
        leftovers.close();
        close();
    }

    private void close() {
        context.removeFrameworkListener(started);
        context.removeBundleListener(leftovers);
        weaving.unregister();
        assembly.close();
        tracker.close();
    }

    private ServiceTracker<Assembly, Assembly> assembly() {
        return new ServiceTracker<>(context, Assembly.class, null) {
            @Override
            public void removedService(ServiceReference<Assembly> reference, Assembly service) {
                context.ungetService(reference);
                if (!closing) {
                    composed();
                }
            }
        };
    }

    /** Null for one that cannot be made, which the framework has logged. */
    private @Nullable Provider come(ServiceReference<Object> reference) {
        Object service = context.getService(reference);
        if (service == null) {
            return null;
        }
        try {
            Provider provider = Provider.of(service, reference.getBundle(), reference);
            if (late && kernel.served(provider)) { // else the guest waits for it already
                provider.warm();
            }
            synchronized (gate) {
                if (early != null) {
                    early.add(provider);
                    return provider;
                }
            }
            kernel.change(provider + " has come", () -> kernel.swapping.come(provider));
            return provider;
        } catch (RuntimeException | Error e) {
            LOG.error("{} cannot come", reference.getBundle(), e);
            context.ungetService(reference);
            return null;
        }
    }

    /** Providers that are registered. */
    private Collection<Provider> all() {
        return tracker.getTracked().values();
    }

    /** Providers that are registered, by id of their bundle. */
    Map<Long, List<Provider>> byBundle() {
        Map<Long, List<Provider>> all = new HashMap<>();
        tracker.getTracked().forEach((reference, provider) -> {
            Bundle bundle = provider.bundle();
            if (bundle != null) {
                all.computeIfAbsent(bundle.getBundleId(), id -> new ArrayList<>())
                        .add(provider);
            }
        });
        return all;
    }
}
