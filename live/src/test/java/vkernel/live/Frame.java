package vkernel.live;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** A framework that exports the API packages from its class path, as the launcher's does. */
final class Frame implements AutoCloseable {
    private static final List<String> PACKAGES = List.of(
            "vkernel.kern", "vkernel.task", "vkernel.vm", "vkernel.sched", "vkernel.fs", "vkernel.dev", "vkernel.abi");

    private final Framework framework;

    Frame(Path storage) throws BundleException {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        PACKAGES.stream()
                                .map(name -> name + ";version=1.0.0")
                                .collect(Collectors.joining(",", "", ",org.slf4j;version=2.0.20")),
                        Constants.FRAMEWORK_STORAGE,
                        storage.toString(),
                        "felix.resolver.parallelism",
                        "1"));
        framework.start();
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    @Override
    public void close() throws BundleException {
        framework.stop();
        try {
            framework.waitForStop(10_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
