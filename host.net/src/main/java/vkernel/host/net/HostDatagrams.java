package vkernel.host.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.HostException;
import vkernel.host.Network;

/** A UDP socket of the host's. */
final class HostDatagrams implements Network.Datagrams {
    private static final Logger LOG = LoggerFactory.getLogger(HostDatagrams.class);
    private static final int MOST = 65_536;

    private final DatagramChannel channel;
    private final SelectionKey key;

    HostDatagrams(Readiness readiness, Runnable news) {
        try {
            channel = DatagramChannel.open(StandardProtocolFamily.INET);
            key = readiness.watch(channel, news::run);
        } catch (IOException e) {
            throw new HostException(HostException.Reason.IO, "no UDP socket: " + e.getMessage());
        }
        Readiness.want(key, SelectionKey.OP_READ);
    }

    @Override
    public void send(byte[] bytes, InetSocketAddress to) {
        try {
            channel.send(ByteBuffer.wrap(bytes), to);
        } catch (IOException e) {
            LOG.debug("lost a message to {}", to, e); // as messages are lost
        }
    }

    @Override
    public Network.@Nullable Arrived receive() {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(MOST);
            InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
            if (from == null) {
                Readiness.want(key, SelectionKey.OP_READ);
                return null;
            }
            byte[] bytes = new byte[buffer.position()];
            buffer.flip().get(bytes);
            return new Network.Arrived(bytes, from);
        } catch (IOException e) {
            LOG.debug("receive", e);
            Readiness.want(key, SelectionKey.OP_READ);
            return null;
        }
    }

    @Override
    public void close() {
        Readiness.close(channel, key);
    }
}
