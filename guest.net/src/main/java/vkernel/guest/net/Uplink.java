package vkernel.guest.net;

import vkernel.net.InetSocket;
import vkernel.net.Socket;
import vkernel.net.Socket.State;
import vkernel.net.StreamBuffer;

/** What a gateway does at the far ends of conversations with the outside. */
final class Uplink {
    private final Handshake handshake;
    private final Streams streams;
    private final Rings rings;
    private final News news;
    private final Tap tap;

    Uplink(Handshake handshake, Streams streams, Rings rings, News news, Tap tap) {
        this.tap = tap;
        this.handshake = handshake;
        this.streams = streams;
        this.rings = rings;
        this.news = news;
    }

    int room(InetSocket far) {
        InetSocket self = far.peer;
        if (self == null || far.state != State.ESTABLISHED && far.state != State.CLOSE_WAIT) {
            return 0;
        }
        if (self.dead) {
            return Integer.MAX_VALUE; // it comes back as a reset
        }
        int room = rings.room(self.stream(), Streams.limit(far, self));
        far.noSpace = room == 0;
        return room;
    }

    void bring(InetSocket far, byte[] bytes, int offset, int length) {
        InetSocket self = far.peer;
        if (self == null) {
            return;
        }
        if (self.dead) {
            handshake.reset(far);
            return;
        }
        rings.put(self.stream(), bytes, offset, length);
        tap.data(far, bytes, offset, length);
        far.bytesSent += length;
        self.bytesReceived += length;
        news.input(self);
    }

    int carry(InetSocket far, byte[] to) {
        return rings.copy(far.stream(), to);
    }

    void carried(InetSocket far, int bytes) {
        rings.drop(far.stream(), bytes);
        streams.roomAgain(far);
    }

    void finish(InetSocket far) {
        if (far.peer != null && !far.shut(Socket.SEND)) {
            far.shutdown |= Socket.SEND;
            handshake.fin(far);
        }
    }

    /** The far end is gone; what it had not carried is lost. */
    void abort(InetSocket far) {
        InetSocket self = far.peer;
        far.peer = null;
        far.dead = true;
        far.state = State.CLOSE;
        StreamBuffer lost = far.stream();
        rings.free(lost);
        if (self != null) {
            self.peer = null;
            handshake.reset(self);
        }
    }
}
