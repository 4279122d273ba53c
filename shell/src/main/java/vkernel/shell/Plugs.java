package vkernel.shell;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import vkernel.dev.BlockDevices;
import vkernel.dev.CharDevice;
import vkernel.dev.Pluggable;
import vkernel.host.BlockSource;
import vkernel.host.Host;
import vkernel.host.Terminals;
import vkernel.kern.Kernel;
import vkernel.net.Gateway;

/** Devices that come and go: what the machine gets, and the driver is told of. What is refused is thrown, in words. */
final class Plugs {
    static final String NET = "net0";
    private static final String CONSOLE = "console";
    private static final String DISK = "disk";

    private final Kernel kernel;
    private final Host host;
    private final @Nullable Terminals terminals;

    Plugs(Kernel kernel, Host host, @Nullable Terminals terminals) {
        this.kernel = kernel;
        this.host = host;
        this.terminals = terminals;
    }

    /** Kernel lock held. */
    BlockDevices disks() {
        return (BlockDevices) driver(DISK);
    }

    private Pluggable driver(String name) {
        for (CharDevice driver : kernel.devices()) {
            if (driver.name().equals(name) && driver instanceof Pluggable pluggable) {
                return pluggable;
            }
        }
        throw new IllegalArgumentException("this kernel has no driver of the kind " + name);
    }

    private Gateway gateway() {
        Gateway gateway = kernel.gateway().orNull();
        if (gateway == null) {
            throw new IllegalArgumentException("this kernel has no driver of networks");
        }
        return gateway;
    }

    /** @param refusal why not; null when it is done */
    private void done(Supplier<@Nullable String> refusal) {
        String why = kernel.call(() -> {
            String refused = refusal.get();
            return refused == null ? "" : refused;
        });
        if (!why.isEmpty()) {
            throw new IllegalArgumentException(why);
        }
    }

    private static String free(Set<String> taken, String format) {
        int number = 0;
        while (taken.contains(format.formatted(number))) {
            number++;
        }
        return format.formatted(number);
    }

    /** @return the name of the new disk */
    String disk(String source) {
        String name = free(host.blockFiles().keySet(), "disk%02d");
        host.plug(name, BlockSource.parse(source));
        try {
            return attach(DISK, name);
        } catch (IllegalArgumentException refused) {
            host.unplugFile(name);
            throw refused;
        }
    }

    /** @return the name of the new terminal, and where its other end is */
    String console(String kind) {
        Terminals machine = terminals();
        Set<String> taken = new HashSet<>(host.config().channels().keySet());
        taken.addAll(plugged(CONSOLE).keySet());
        String name = free(taken, "plugged%d");
        String place = machine.plug(name, kind);
        try {
            return attach(CONSOLE, name) + " " + place;
        } catch (IllegalArgumentException refused) {
            machine.unplug(name);
            throw refused;
        }
    }

    private Terminals terminals() {
        Terminals machine = terminals;
        if (machine == null) {
            throw new IllegalArgumentException("this machine has no terminals to plug in");
        }
        return machine;
    }

    /** Tells a driver of what the machine has got. @return the new device */
    private String attach(String kind, String name) {
        done(() -> driver(kind).attach(name));
        return plugged(kind).getOrDefault(name, name);
    }

    private Map<String, String> plugged(String kind) {
        return kernel.call(() -> driver(kind).plugged());
    }

    /** The host's name of a device. */
    private String known(String kind, String name) {
        return plugged(kind).entrySet().stream()
                .filter(each -> each.getKey().equals(name) || each.getValue().equals(name))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no " + kind + " " + name));
    }

    /** @return its name */
    String net(String where) {
        done(() -> gateway().attach(where));
        return NET;
    }

    /** @return the port as {@link #remove} takes it */
    String publish(String port) {
        done(() -> gateway().publish(port));
        return kernel.call(() -> gateway().published().getLast());
    }

    void remove(String name) {
        if (name.equals(NET)) {
            done(() -> gateway().detach());
        } else if (name.indexOf(':') >= 0) {
            done(() -> gateway().withdraw(name));
        } else if (name.startsWith("tty")) {
            String channel = known(CONSOLE, name);
            done(() -> driver(CONSOLE).detach(channel));
            terminals().unplug(channel);
        } else {
            String file = known(DISK, name);
            done(() -> driver(DISK).detach(file));
            host.unplugFile(file);
        }
    }
}
