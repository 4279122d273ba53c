package vkernel.guest.net;

import org.jspecify.annotations.Nullable;
import vkernel.fs.IoBuffer;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.net.Ancillary;
import vkernel.net.Datagram;
import vkernel.net.Message;
import vkernel.net.Socket;
import vkernel.net.SocketAddress;
import vkernel.net.UnixSocket;
import vkernel.task.Task;

/** Messages as they are queued and received whole (Linux: net/core/datagram.c, __unix_dgram_recvmsg). */
final class Messages {
    private final Kernel kernel;
    private final Tables tables;
    private final Sleep sleep;
    private final InFlight inFlight;
    private final Streams streams;

    Messages(Tables tables, InFlight inFlight, Streams streams) {
        this.tables = tables;
        this.inFlight = inFlight;
        this.streams = streams;
        kernel = tables.kernel;
        sleep = new Sleep(kernel);
    }

    /** The bytes of a message. @return null when they cannot be read */
    static byte @Nullable [] bytes(Message message) {
        IoBuffer from = message.data();
        byte[] bytes = new byte[(int) from.remaining()];
        return from.get(bytes, 0, bytes.length) < bytes.length ? null : bytes;
    }

    /** Queues a message at its receiver. @param sender whose buffer it counts against; null for the receiver's only */
    void deliver(
            Socket to,
            byte[] bytes,
            @Nullable SocketAddress from,
            @Nullable SocketAddress address,
            @Nullable Ancillary with,
            @Nullable Socket sender) {
        deliver(to, new Datagram(bytes, from, address, with, sender, -1, -1, kernel.realtime()));
    }

    void deliver(Socket to, Datagram message) {
        to.messages.add(message);
        to.queued += message.cost();
        tables.counters.memory += message.cost();
        Socket sender = message.sender();
        if (sender != null) {
            sender.sent += message.cost();
        }
        kernel.wake(to.forInput);
    }

    long receive(Task task, Socket socket, Message message, boolean waits) {
        Datagram first = socket.messages.peek();
        if (first == null) {
            return nothing(task, socket, waits);
        }
        IoBuffer to = message.data();
        int n = (int) Math.min(first.bytes().length, to.remaining());
        if (to.put(first.bytes(), 0, n) < n) {
            return -Errno.EFAULT;
        }
        boolean peek = message.has(Message.PEEK);
        message.news = n < first.bytes().length ? Message.TRUNC : 0;
        message.address = first.from();
        message.to = first.to();
        message.hops = first.hops();
        message.trafficClass = first.trafficClass();
        message.time = first.time();
        message.sender = Streams.sender(socket, first.with());
        if (first.with() != null && !first.with().files().isEmpty()) {
            message.files = streams.files(first.with(), peek);
        }
        if (!peek) {
            remove(socket);
        }
        return message.has(Message.TRUNC) ? first.bytes().length : n;
    }

    private long nothing(Task task, Socket socket, boolean waits) {
        if (socket.error != 0) {
            return socket.takeError();
        }
        if (socket.shut(Socket.RECEIVE) && (waits || socket.type == Socket.SEQPACKET)) {
            return 0;
        }
        return sleep.on(task, socket.forInput, waits, socket.receiveTimeout);
    }

    /** The first message is gone: there is room for whoever waits to send. */
    private void remove(Socket socket) {
        Datagram first = socket.messages.remove();
        uncount(socket, first);
        if (socket instanceof UnixSocket unix && !unix.forPeers.isEmpty()) {
            kernel.wake(unix.forPeers);
        }
        Socket sender = first.sender();
        if (sender != null && (sender.noSpace || !sender.forOutput.isEmpty()) && writable(sender)) {
            sender.noSpace = false;
            kernel.wake(sender.forOutput);
        }
    }

    private void uncount(Socket socket, Datagram message) {
        socket.queued -= message.cost();
        tables.counters.memory -= message.cost();
        if (message.sender() != null) {
            message.sender().sent -= message.cost();
        }
    }

    /** Drops all messages, and closes what is in them. */
    void purge(Socket socket) {
        inFlight.purge(socket);
        while (!socket.messages.isEmpty()) {
            remove(socket);
        }
    }

    static boolean writable(Socket sender) {
        return sender.sent * 4L <= sender.sendBuffer;
    }
}
