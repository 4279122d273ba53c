package vkernel.drivers.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import vkernel.host.Network;

/** One TCP connection over a switch: bytes in frames, as many under way as the other side has room for. */
final class Line implements Network.Stream {
    /** Bytes that may be under way in one direction. */
    static final int WINDOW = 1 << 18;

    private static final int PIECE = 1 << 15;

    /** Sends a frame of this conversation. */
    interface Sender {
        void send(Message type, byte[] bytes, int offset, int length);
    }

    private final Sender sender;
    private final ArrayDeque<byte[]> arrived = new ArrayDeque<>();
    private int taken; // of the first
    private int credit = WINDOW;
    private int owed;
    private boolean inEnded;
    private boolean outEnded;
    private boolean over;
    Network.Status status;

    Line(Sender sender, Network.Status status) {
        this.sender = sender;
        this.status = status;
    }

    // --- what comes
    // ---------------------------------------------------------------------------------------------------

    void data(byte[] bytes) {
        arrived.add(bytes);
    }

    void credit(int more) {
        credit += more;
    }

    void ended() {
        inEnded = true;
    }

    // --- what the carrier does
    // ----------------------------------------------------------------------------------------

    @Override
    public Network.Status status() {
        return status;
    }

    @Override
    public InetSocketAddress peer() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public void listener(Runnable news) {
        // the gateway looks at each frame itself
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        byte[] first = arrived.peek();
        if (first == null) {
            return inEnded || status == Network.Status.RESET ? -1 : 0;
        }
        int n = Math.min(length, first.length - taken);
        System.arraycopy(first, taken, to, offset, n);
        taken += n;
        if (taken == first.length) {
            arrived.remove();
            taken = 0;
        }
        owed += n;
        if (owed >= WINDOW / 4 && !over) {
            sender.send(Message.CREDIT, ByteBuffer.allocate(4).putInt(owed).array(), 0, 4);
            owed = 0;
        }
        return n;
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        if (status != Network.Status.OPEN) {
            return -1;
        }
        int done = 0;
        while (done < length && credit > 0) {
            int n = Math.min(Math.min(length - done, credit), PIECE);
            sender.send(Message.DATA, from, offset + done, n);
            credit -= n;
            done += n;
        }
        return done;
    }

    @Override
    public void finish() {
        if (!outEnded && !over) {
            outEnded = true;
            sender.send(Message.FIN, new byte[0], 0, 0);
        }
    }

    @Override
    public void abort() {
        if (!over) {
            over = true;
            sender.send(Message.RST, new byte[0], 0, 0);
        }
    }

    @Override
    public void close() {
        if (status == Network.Status.OPEN) {
            finish();
        } else if (status == Network.Status.CONNECTING) {
            abort();
        }
        over = true;
    }
}
