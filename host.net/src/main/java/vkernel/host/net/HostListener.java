package vkernel.host.net;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.HostException;
import vkernel.host.Network;

/** A TCP port of the host's that takes connections. */
final class HostListener implements Network.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(HostListener.class);

    private final Readiness readiness;
    private final ServerSocketChannel channel;
    private final SelectionKey key;

    HostListener(Readiness readiness, InetSocketAddress at, Runnable news) {
        this.readiness = readiness;
        try {
            channel = ServerSocketChannel.open();
        } catch (IOException e) {
            throw new HostException(HostException.Reason.IO, "cannot listen: " + e.getMessage());
        }
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            bind(at);
            key = readiness.watch(channel, news::run);
        } catch (BindException e) {
            Readiness.close(channel, null);
            throw new HostException(HostException.Reason.BUSY, at + ": " + e.getMessage());
        } catch (IOException e) {
            Readiness.close(channel, null);
            throw new HostException(HostException.Reason.IO, at + ": " + e.getMessage());
        }
        Readiness.want(key, SelectionKey.OP_ACCEPT);
    }

    /** A port that was closed just now is another's until the thread that watched it has let go of it. */
    private void bind(InetSocketAddress at) throws IOException {
        try {
            channel.bind(at);
        } catch (BindException e) {
            if (!readiness.settle()) {
                throw e;
            }
            channel.bind(at);
        }
    }

    @Override
    public int port() {
        return channel.socket().getLocalPort();
    }

    @Override
    public @Nullable SocketStream accept() {
        try {
            SocketChannel next = channel.accept();
            if (next == null) {
                Readiness.want(key, SelectionKey.OP_ACCEPT);
                return null;
            }
            return SocketStream.accepted(readiness, next);
        } catch (IOException e) {
            LOG.debug("accept", e);
            Readiness.want(key, SelectionKey.OP_ACCEPT);
            return null;
        }
    }

    @Override
    public void close() {
        Readiness.close(channel, key);
    }
}
