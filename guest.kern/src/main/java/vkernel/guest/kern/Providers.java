package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.util.tracker.ServiceTracker;
import vkernel.abi.Abi;
import vkernel.dev.CharDevice;
import vkernel.dev.Streams;
import vkernel.fs.FileSystemType;
import vkernel.fs.Vfs;
import vkernel.kern.Assembly;
import vkernel.kern.Slot;
import vkernel.net.NetStack;
import vkernel.sched.SchedPolicy;
import vkernel.vm.Vm;

/**
 * Puts providers into the kernel's slots as they come and go. They all need the kernel to be made, so they are tracked
 * from beside it: as references of the kernel's own component they would be a circle, which Declarative Services
 * cannot build. It also tells the kernel when the framework has started all its bundles.
 */
@Component(
        service = {},
        immediate = true)
public final class Providers {
    private final EventKernel kernel;
    private final BundleContext context;
    private final List<ServiceTracker<?, ?>> trackers = new ArrayList<>();
    private final FrameworkListener started = this::started;

    @Activate
    public Providers(BundleContext context, @Reference EventKernel kernel) {
        this.context = context;
        this.kernel = kernel;
        one(Vm.class, kernel.slots.vm);
        one(Vfs.class, kernel.slots.vfs);
        one(Abi.class, kernel.slots.abi);
        one(Streams.class, kernel.slots.streams);
        one(NetStack.class, kernel.slots.net);
        many(SchedPolicy.class, kernel.dispatcher::add, kernel.dispatcher::remove);
        many(FileSystemType.class, kernel.slots::add, kernel.slots::remove);
        many(CharDevice.class, kernel.slots::add, kernel.slots::remove);
        context.addFrameworkListener(started);
        track(assembly());
        if (context.getServiceReference(Assembly.class) == null
                && context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.ACTIVE) {
            kernel.composed();
        }
    }

    private void started(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.STARTED) {
            kernel.composed();
        }
    }

    @Deactivate
    void deactivate() {
        context.removeFrameworkListener(started);
        trackers.forEach(ServiceTracker::close);
    }

    private ServiceTracker<?, ?> assembly() {
        return new ServiceTracker<Assembly, Assembly>(context, Assembly.class, null) {
            @Override
            public void removedService(ServiceReference<Assembly> reference, Assembly assembly) {
                context.ungetService(reference);
                kernel.composed();
            }
        };
    }

    /** A slot for the one of the highest ranking. */
    private <T> void one(Class<T> type, Slot<T> slot) {
        track(new ServiceTracker<T, T>(context, type, null) {
            @Override
            public T addingService(ServiceReference<T> reference) {
                T provider = context.getService(reference);
                ServiceReference<T> best = getServiceReference();
                if (provider != null && (best == null || reference.compareTo(best) > 0 || slot.orNull() == null)) {
                    kernel.change(slot.name() + " is " + provider.getClass().getName(), () -> slot.fill(provider));
                }
                return provider;
            }

            @Override
            public void removedService(ServiceReference<T> reference, T provider) {
                if (slot.orNull() == provider) {
                    T next = getService();
                    kernel.change(slot.name() + " is gone", () -> slot.fill(next));
                }
                context.ungetService(reference);
            }
        });
    }

    private <T> void many(Class<T> type, Consumer<T> add, Consumer<T> remove) {
        track(new ServiceTracker<T, T>(context, type, null) {
            @Override
            public T addingService(ServiceReference<T> reference) {
                T provider = context.getService(reference);
                if (provider != null) {
                    kernel.change(provider.getClass().getName() + " has come", () -> add.accept(provider));
                }
                return provider;
            }

            @Override
            public void removedService(ServiceReference<T> reference, T provider) {
                kernel.change(provider.getClass().getName() + " has gone", () -> remove.accept(provider));
                context.ungetService(reference);
            }
        });
    }

    private void track(ServiceTracker<?, ?> tracker) {
        trackers.add(tracker);
        tracker.open();
    }
}
