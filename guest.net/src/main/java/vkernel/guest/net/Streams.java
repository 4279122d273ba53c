package vkernel.guest.net;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import vkernel.fs.IoBuffer;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.net.Ancillary;
import vkernel.net.InetSocket;
import vkernel.net.Message;
import vkernel.net.NetlinkSocket;
import vkernel.net.Socket;
import vkernel.net.StreamBuffer;
import vkernel.net.Ucred;
import vkernel.net.UnixSocket;
import vkernel.task.Task;

/** Streams of bytes as their receiver sees them (Linux: unix_stream_read_generic, tcp_recvmsg_locked). */
final class Streams {
    private final Rings rings;
    private final Sleep sleep;
    private final InFlight inFlight;
    private final News news;
    private final Tap tap;

    Streams(Kernel kernel, Rings rings, InFlight inFlight, News news, Tap tap) {
        this.tap = tap;
        this.news = news;
        this.rings = rings;
        this.inFlight = inFlight;
        sleep = new Sleep(kernel);
    }

    /** Receives what is there, as much as is asked for at least, or waits. */
    long receive(Task task, Socket socket, Message message, boolean waits) {
        IoBuffer to = message.data();
        boolean peek = message.has(Message.PEEK);
        long done = task.restart.done;
        long wanted = done + to.remaining();
        long target = Math.max(1, message.has(Message.WAITALL) && !peek ? wanted : Math.min(socket.lowWater, wanted));
        if (socket.stream().count > 0) {
            done += take(socket, message, peek, done == 0);
            if (to.faulted() && done == 0) {
                return -Errno.EFAULT;
            }
            if (!peek) {
                roomAgain(socket);
            }
        }
        if (wanted == 0 && socket.stream().count > 0) {
            return 0;
        }
        if (done >= target || !message.files.isEmpty() || done > 0 && (peek || socket.stream().count > 0)) {
            return done;
        }
        return nothingMore(task, socket, waits, done);
    }

    private long nothingMore(Task task, Socket socket, boolean waits, long done) {
        if (socket.error != 0 && done == 0 && !ended(socket)) {
            return socket.takeError();
        }
        if (socket.error != 0 || socket.shut(Socket.RECEIVE)) {
            return done;
        }
        long blocked = sleep.on(task, socket.forInput, waits, socket.receiveTimeout);
        if (blocked == Kernel.BLOCKED) {
            task.restart.done = done;
            return blocked;
        }
        return done > 0 ? done : blocked;
    }

    /** TCP: once the end of the stream has come, no error takes its place (Linux: SOCK_DONE). */
    private static boolean ended(Socket socket) {
        return socket instanceof InetSocket && socket.shut(Socket.RECEIVE) && socket.error == Errno.EPIPE;
    }

    /** Takes bytes up to where something begins that does not go with what has been taken. */
    private long take(Socket socket, Message message, boolean peek, boolean first) {
        StreamBuffer in = socket.stream();
        IoBuffer to = message.data();
        long done = 0;
        boolean only = first;
        while (in.count > 0 && to.remaining() > 0 && !to.faulted()) {
            StreamBuffer.Mark mark = in.marks.peek();
            boolean marked = mark != null && in.taken >= mark.start();
            @Nullable Ancillary with = marked ? mark.with() : null;
            @Nullable Ucred sender = sender(socket, with);
            if (!only && !Objects.equals(sender, message.sender)) {
                break;
            }
            only = false;
            message.sender = sender;
            long most = mark == null ? in.count : (marked ? mark.end() : mark.start()) - in.taken;
            int taken = rings.take(in, to, (int) Math.min(Math.min(most, in.count), to.remaining()), peek);
            done += taken;
            if (taken == 0 && to.faulted()) {
                break; // what goes with the bytes stays with them
            }
            if (mark != null && in.taken >= mark.end()) {
                in.marks.remove();
            }
            if (with != null && !with.files().isEmpty()) {
                message.files = files(with, peek);
                break;
            }
            if (peek) {
                break;
            }
        }
        return done;
    }

    /** Who is told to have sent it; null when nobody asks. */
    static @Nullable Ucred sender(Socket socket, @Nullable Ancillary with) {
        if (!socket.passCredentials) {
            return null;
        }
        Ucred sender = with == null ? null : with.sender();
        return sender == null ? UNKNOWN : sender;
    }

    /** A sender that was not noted: overflowuid, overflowgid. */
    private static final Ucred UNKNOWN = new Ucred(0, 65534, 65534);

    /** The files of a message, for its receiver. */
    List<OpenFile> files(Ancillary with, boolean peek) {
        if (peek) {
            with.files().forEach(file -> file.refs++);
            return List.copyOf(with.files());
        }
        return inFlight.landed(with);
    }

    /** Where the bytes come from; null when nobody sends any more. */
    private static @Nullable Socket writer(Socket socket) {
        return switch (socket) {
            case UnixSocket unix -> unix.peer;
            case InetSocket inet -> inet.peer;
            case NetlinkSocket netlink -> null;
        };
    }

    /** Tells whoever waits for room, if there is a good deal of it. */
    void roomAgain(Socket socket) {
        Socket writer = writer(socket);
        if (writer == null || !writer.noSpace && writer.forOutput.isEmpty()) {
            return;
        }
        StreamBuffer in = socket.stream();
        int limit = limit(writer, socket);
        if (in.count * 2L <= limit && rings.room(in, limit) > 0) {
            writer.noSpace = false;
            news.output(writer);
        }
    }

    /** Most bytes under way from a writer to a reader. */
    static int limit(Socket writer, Socket reader) {
        return writer instanceof InetSocket ? writer.sendBuffer + reader.receiveBuffer : writer.sendBuffer;
    }

    /** Takes bytes that nobody will read. @return how many, or -EFAULT */
    static long swallow(Message message) {
        IoBuffer from = message.data();
        byte[] piece = new byte[(int) Math.min(from.remaining(), 1 << 16)];
        long done = 0;
        while (from.remaining() > 0 && !from.faulted()) {
            done += from.get(piece, 0, (int) Math.min(from.remaining(), piece.length));
        }
        return done > 0 ? done : -Errno.EFAULT;
    }

    /** Notes what goes with bytes; what goes with the bytes before as well is noted once. */
    private static void mark(StreamBuffer out, long start, long end, Ancillary with) {
        StreamBuffer.Mark last = out.marks.peekLast();
        boolean same = last != null
                && last.end() == start
                && last.with().files().isEmpty()
                && with.files().isEmpty()
                && Objects.equals(last.with().sender(), with.sender());
        if (same) {
            out.marks.removeLast();
        }
        out.marks.add(new StreamBuffer.Mark(same ? last.start() : start, end, with));
    }

    /** Gives up the bytes of a socket that nobody reads any more. */
    void free(StreamBuffer stream) {
        rings.free(stream);
    }

    /** Whether poll(2) finds room to write. */
    boolean writable(Socket writer, Socket reader) {
        int limit = limit(writer, reader);
        StreamBuffer out = reader.stream();
        return rings.room(out, limit) > 0 && out.count * (writer instanceof InetSocket ? 3L : 4L) <= limit;
    }

    /** Puts bytes into the reader's buffer. @return bytes, BLOCKED, -EAGAIN or -EFAULT */
    long put(Task task, Socket writer, Socket reader, Message message, boolean waits, @Nullable Ancillary with) {
        StreamBuffer out = reader.stream();
        IoBuffer from = message.data();
        int room = rings.room(out, limit(writer, reader));
        if (room == 0) {
            writer.noSpace = true;
            return sleep.on(task, writer.forOutput, waits, writer.sendTimeout);
        }
        long start = out.taken + out.count;
        int n = rings.put(out, from, (int) Math.min(room, from.remaining()));
        if (n == 0) {
            return -Errno.EFAULT;
        }
        if (with != null) {
            mark(out, start, start + n, with);
        }
        if (writer instanceof InetSocket self && reader instanceof InetSocket peer) {
            tap.data(self, peer, n);
        }
        writer.noSpace |= from.remaining() > 0;
        news.input(reader);
        return n;
    }
}
