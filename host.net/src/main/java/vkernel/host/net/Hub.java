package vkernel.host.net;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.Switch;

/** The switch itself: takes each frame from the cable on which it comes and gives it to the one where it is to go. */
final class Hub implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);
    private static final int LAST = 250;
    private static final int ROOM = 1024;

    private final Path at;
    private final ServerSocketChannel server;
    private final Map<Integer, Cable> ports = new ConcurrentHashMap<>();

    Hub(Path at, ServerSocketChannel server) {
        this.at = at;
        this.server = server;
        Thread.ofPlatform().daemon().name("host.switch").start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                Thread.ofPlatform().daemon().name("host.switch in").start(() -> serve(new Cable(channel, ROOM)));
            }
        } catch (ClosedChannelException closed) {
            LOG.debug("switch {}: closed", at, closed);
        } catch (IOException e) {
            LOG.warn("switch {}: {}", at, e.getMessage());
        }
    }

    private void serve(Cable cable) {
        int number = 0;
        try (cable) {
            number = admit(cable, cable.read()[0] & 0xff);
            cable.put(new byte[] {(byte) Switch.SELF, (byte) number});
            while (number > 0) {
                forward(number, cable.read());
            }
        } catch (IOException gone) {
            LOG.debug("switch {}: port {} is gone", at, number, gone);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (number > 0) {
                ports.remove(number);
                byte[] news = {(byte) Switch.SELF, (byte) number};
                ports.values().forEach(other -> other.offer(news));
            }
        }
    }

    /** @return its number; 0 when the one that it wants is taken */
    private int admit(Cable cable, int wanted) {
        if (wanted != 0) {
            return ports.putIfAbsent(wanted, cable) == null ? wanted : 0;
        }
        for (int number = 1; number <= LAST; number++) {
            if (ports.putIfAbsent(number, cable) == null) {
                return number;
            }
        }
        return 0;
    }

    private void forward(int from, byte[] frame) throws InterruptedException {
        int to = frame[0] & 0xff;
        frame[0] = (byte) from;
        if (to == Switch.ALL) {
            for (Map.Entry<Integer, Cable> each : ports.entrySet()) {
                if (each.getKey() != from) {
                    each.getValue().offer(frame);
                }
            }
            return;
        }
        Cable cable = ports.get(to);
        if (cable != null) {
            cable.put(frame);
        } else {
            ports.get(from).put(new byte[] {(byte) Switch.SELF, (byte) to});
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(at);
            server.close();
        } catch (IOException e) {
            LOG.debug("switch {}: close", at, e);
        }
        ports.values().forEach(Cable::close);
    }
}
