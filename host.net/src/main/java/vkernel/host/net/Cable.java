package vkernel.host.net;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.Switch;

/** Frames over one connection: four bytes of length, and the frame. A thread writes, whoever has it reads. */
final class Cable implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cable.class);
    private static final byte[] END = {};

    private final SocketChannel channel;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final BlockingQueue<byte[]> leaving;

    /** @param room frames that may wait; whoever {@link #put}s more waits with them */
    Cable(SocketChannel channel, int room) {
        this.channel = channel;
        in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), Switch.MOST));
        out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), Switch.MOST));
        leaving = new LinkedBlockingQueue<>(room);
        Thread.ofPlatform().daemon().name("host.switch out").start(this::write);
    }

    private void write() {
        try {
            for (byte[] next = leaving.take(); next != END; next = leaving.take()) {
                out.writeInt(next.length);
                out.write(next);
                if (leaving.isEmpty()) {
                    out.flush();
                }
            }
        } catch (IOException gone) {
            LOG.debug("switch: the other end is gone", gone);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
        leaving.clear(); // who waits for room goes on
    }

    /** Sends, when there is room. @return false when there is none */
    boolean offer(byte[] frame) {
        return channel.isOpen() && leaving.offer(frame);
    }

    /** Sends, waiting for room. */
    void put(byte[] frame) throws InterruptedException {
        while (channel.isOpen() && !leaving.offer(frame, 1, java.util.concurrent.TimeUnit.SECONDS)) {
            LOG.debug("switch: a port is slow");
        }
    }

    /** The next frame. @throws IOException at the end too */
    byte[] read() throws IOException {
        int length = in.readInt();
        if (length < 1 || length > Switch.MOST) {
            throw new IOException("a frame of " + length + " bytes");
        }
        byte[] frame = new byte[length];
        in.readFully(frame);
        return frame;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("switch: close", e);
        }
        leaving.offer(END);
    }
}
