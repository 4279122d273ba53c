package vkernel.boot;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Who spends the processor time of a start. What the framework does goes from event to event; the time before each is counted for
 * the bundle that it is about. For a framework that starts its bundles in one thread.
 */
final class StartTimes implements SynchronousBundleListener, ServiceListener {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Map<String, Long> nanos = new TreeMap<>(); // guarded by this
    /** Processor time at its last event, by thread; guarded by this. */
    private final Map<Long, Long> last = new HashMap<>();

    void listen(BundleContext framework) {
        framework.addBundleListener(this);
        framework.addServiceListener(this);
        restart();
    }

    /** What was done until now was done by nobody. */
    synchronized void restart() {
        last.clear();
        last.put(Thread.currentThread().threadId(), THREADS.getCurrentThreadCpuTime());
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        spent(event.getBundle());
    }

    @Override
    public void serviceChanged(ServiceEvent event) {
        spent(event.getServiceReference().getBundle());
    }

    /** Since the event before; a bundle that has gone already has no name to count for. */
    private synchronized void spent(Bundle bundle) {
        long now = THREADS.getCurrentThreadCpuTime();
        Long before = last.put(Thread.currentThread().threadId(), now);
        if (bundle != null && before != null) {
            nanos.merge(bundle.getSymbolicName(), now - before, Long::sum);
        }
    }

    /** Milliseconds by symbolic name. */
    synchronized Map<String, Double> millis() {
        Map<String, Double> all = new TreeMap<>();
        nanos.forEach((name, spent) -> all.put(name, Math.round(spent / 1e5) / 10.0));
        return all;
    }
}
