package vkernel.host.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.Network;

/** A TCP connection of the host's. */
final class SocketStream implements Network.Stream, Readiness.Ready {
    private static final Logger LOG = LoggerFactory.getLogger(SocketStream.class);

    private final SocketChannel channel;
    private final InetSocketAddress peer;
    private volatile Runnable news;
    private volatile Network.Status status;
    private @Nullable SelectionKey key; // set before it is given away

    private SocketStream(SocketChannel channel, InetSocketAddress peer, Network.Status status, Runnable news) {
        this.channel = channel;
        this.peer = peer;
        this.status = status;
        this.news = news;
    }

    static SocketStream connect(Readiness readiness, InetSocketAddress to, Runnable news) throws IOException {
        SocketStream stream = new SocketStream(SocketChannel.open(), to, Network.Status.CONNECTING, news);
        try {
            stream.key = readiness.watch(stream.channel, stream);
            stream.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (stream.channel.connect(to)) {
                stream.open();
            } else {
                Readiness.want(stream.key, SelectionKey.OP_CONNECT);
            }
        } catch (IOException e) {
            stream.fail(e);
        }
        return stream;
    }

    static SocketStream accepted(Readiness readiness, SocketChannel channel) throws IOException {
        InetSocketAddress peer = (InetSocketAddress) channel.getRemoteAddress();
        SocketStream stream = new SocketStream(channel, peer, Network.Status.OPEN, () -> {});
        stream.key = readiness.watch(channel, stream);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return stream;
    }

    private void want(int operations) {
        SelectionKey now = key;
        if (now != null) {
            Readiness.want(now, operations);
        }
    }

    private void open() {
        status = Network.Status.OPEN;
        want(SelectionKey.OP_READ);
    }

    private void fail(IOException e) {
        LOG.debug("{}", peer, e);
        String why = String.valueOf(e.getMessage());
        if (status == Network.Status.OPEN) {
            status = Network.Status.RESET;
        } else if (why.contains("timed out")) {
            status = Network.Status.TIMED_OUT;
        } else if (e instanceof ConnectException && why.contains("refused")) {
            status = Network.Status.REFUSED;
        } else {
            status = Network.Status.UNREACHABLE;
        }
    }

    @Override
    public void ready() {
        if (status == Network.Status.CONNECTING) {
            try {
                if (channel.finishConnect()) {
                    open();
                }
            } catch (IOException e) {
                fail(e);
            }
        }
        news.run();
    }

    @Override
    public Network.Status status() {
        return status;
    }

    @Override
    public InetSocketAddress peer() {
        return peer;
    }

    @Override
    public void listener(Runnable told) {
        news = told;
        want(SelectionKey.OP_READ);
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        try {
            int n = channel.read(ByteBuffer.wrap(to, offset, length));
            if (n == 0) {
                want(SelectionKey.OP_READ);
            }
            return n;
        } catch (IOException e) {
            fail(e);
            return -1;
        }
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        try {
            int n = channel.write(ByteBuffer.wrap(from, offset, length));
            if (n < length) {
                want(SelectionKey.OP_WRITE);
            }
            return n;
        } catch (IOException e) {
            fail(e);
            return -1;
        }
    }

    @Override
    public void finish() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            fail(e);
        }
    }

    @Override
    public void abort() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (SocketException e) {
            LOG.debug("{}: no reset", peer, e);
        } catch (IOException e) {
            fail(e);
        }
        close();
    }

    @Override
    public void close() {
        Readiness.close(channel, key);
    }
}
