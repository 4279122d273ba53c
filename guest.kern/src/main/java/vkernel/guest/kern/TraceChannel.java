package vkernel.guest.kern;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import vkernel.host.Channel;
import vkernel.host.Host;
import vkernel.host.HostException;

/** The machine's channel {@code trace}, for lines of strace; a machine may have none. */
final class TraceChannel {
    private final @Nullable Channel channel;

    TraceChannel(Host host) {
        channel = channel(host, "trace");
    }

    private static @Nullable Channel channel(Host host, String name) {
        try {
            return host.channel(name);
        } catch (HostException absent) {
            return null;
        }
    }

    /** Writes a line, if anybody reads. Waits until there is room. */
    void line(String line) {
        if (channel == null) {
            return;
        }
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.ISO_8859_1);
        int sent = 0;
        while (sent < bytes.length) {
            int n = channel.write(bytes, sent, bytes.length - sent);
            if (n < 0) {
                return;
            }
            sent += n;
            if (n == 0) {
                Thread.onSpinWait();
            }
        }
    }
}
