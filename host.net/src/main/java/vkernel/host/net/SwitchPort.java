package vkernel.host.net;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.HostException;
import vkernel.host.HostException.Reason;
import vkernel.host.Switch;

/** A port of a switch, which it serves itself when nobody else does. */
final class SwitchPort implements Switch.Port {
    private static final Logger LOG = LoggerFactory.getLogger(SwitchPort.class);
    private static final int TRIES = 200;
    private static final long PAUSE = 20_000_000;

    private final Path at;
    private final Runnable news;
    private final ConcurrentLinkedQueue<byte[]> arrived = new ConcurrentLinkedQueue<>();
    private final int number;
    private volatile Cable cable;
    private volatile @Nullable Hub hub;
    private volatile boolean closed;

    SwitchPort(Path at, int wanted, Runnable news) {
        this.at = at;
        this.news = news;
        cable = connect();
        try {
            number = hello(cable, wanted);
        } catch (IOException e) {
            close();
            throw new HostException(Reason.IO, at + ": " + e.getMessage(), e);
        }
        if (number == 0) {
            close();
            throw new HostException(Reason.BUSY, at + ": port " + wanted + " is taken");
        }
        Thread.ofPlatform().daemon().name("host.switch port").start(this::read);
    }

    private static int hello(Cable to, int wanted) throws IOException {
        to.offer(new byte[] {(byte) wanted});
        return to.read()[1] & 0xff;
    }

    /** Reaches the switch, or begins to be it. */
    private Cable connect() {
        String why = "";
        for (int i = 0; i < TRIES && !closed; i++) {
            try {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                try {
                    channel.connect(UnixDomainSocketAddress.of(at));
                    return new Cable(channel, Integer.MAX_VALUE);
                } catch (IOException e) {
                    channel.close();
                    why = String.valueOf(e.getMessage());
                }
                serve();
            } catch (IOException e) {
                why = String.valueOf(e.getMessage());
            }
            LockSupport.parkNanos(PAUSE); // another one may be about to serve
        }
        throw new HostException(Reason.IO, at + ": " + why);
    }

    /** Of those who find nobody one may begin to serve at a time; a socket without a server is taken away. */
    private void serve() throws IOException {
        Path lock = Path.of(at + ".lock");
        try (FileChannel file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock mine = file.tryLock()) {
            if (mine == null || answers()) {
                return;
            }
            Files.deleteIfExists(at);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(at));
            hub = new Hub(at, server);
        } catch (OverlappingFileLockException another) {
            LOG.trace("switch {}: another one begins to serve", at, another);
        }
    }

    private boolean answers() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(at));
        } catch (IOException nobody) {
            LOG.trace("switch {}: nobody serves", at, nobody);
            return false;
        }
    }

    private void read() {
        while (!closed) {
            try {
                while (true) {
                    arrived.add(cable.read());
                    news.run();
                }
            } catch (IOException gone) {
                LOG.debug("switch {}: gone", at, gone);
            }
            if (!closed) {
                again();
            }
        }
    }

    /** The switch is gone with all that was under way; there will be another one. */
    private void again() {
        cable.close(); // what is sent from now on is told of by send()
        gone(number);
        try {
            Cable next = connect();
            if (hello(next, number) != number) {
                LOG.error("switch {}: port {} is taken", at, number);
                next.close();
                close();
            }
            cable = next; // not before the switch knows whose it is
        } catch (HostException | IOException e) {
            LOG.warn("switch {}: {}", at, e.getMessage());
        }
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public void send(byte[] frame) {
        if (!cable.offer(frame)) {
            gone(frame[0]);
        }
    }

    private void gone(int port) {
        arrived.add(new byte[] {(byte) Switch.SELF, (byte) port});
        news.run();
    }

    @Override
    public byte @Nullable [] receive() {
        return arrived.poll();
    }

    @Override
    public void close() {
        closed = true;
        Cable mine = cable;
        if (mine != null) {
            mine.close();
        }
        Hub served = hub;
        if (served != null) {
            served.close();
        }
    }
}
