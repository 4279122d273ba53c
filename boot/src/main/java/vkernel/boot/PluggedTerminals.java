package vkernel.boot;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.host.HostException.Reason;
import vkernel.host.Terminals;

/** {@link Terminals} of a kernel that runs: each is a {@link Consoles} of one. */
final class PluggedTerminals implements Terminals, AutoCloseable {
    private final Host host;
    private final Map<String, Consoles> open = new HashMap<>(); // guarded by this

    PluggedTerminals(Host host) {
        this.host = host;
    }

    @Override
    public synchronized String plug(String channel, String kind) {
        Consoles opened = opened(kind);
        try {
            host.plug(channel, opened.channel());
        } catch (HostException e) {
            opened.close();
            throw e;
        }
        open.put(channel, opened);
        return opened.places().getFirst();
    }

    private static Consoles opened(String kind) {
        try {
            Consoles.check(List.of(kind));
            if (kind.equals(Consoles.STDIO)) {
                throw new IllegalArgumentException(
                        "stdio is the terminal of whoever started this: pty, unix:FILE or null");
            }
            return Consoles.open(List.of(kind));
        } catch (IllegalArgumentException e) {
            throw new HostException(Reason.INVALID, e.getMessage(), e);
        } catch (BootException e) {
            throw new HostException(Reason.IO, e.getMessage(), e);
        }
    }

    @Override
    public synchronized void unplug(String channel) {
        Consoles opened = open.remove(channel);
        if (opened != null) {
            host.unplug(channel);
            opened.close();
        }
    }

    @Override
    public synchronized void close() {
        open.values().forEach(Consoles::close);
        open.clear();
    }
}
