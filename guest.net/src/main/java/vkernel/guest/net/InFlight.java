package vkernel.guest.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;
import vkernel.kern.Kernel;
import vkernel.net.Ancillary;
import vkernel.net.Datagram;
import vkernel.net.Socket;
import vkernel.net.StreamBuffer;
import vkernel.net.UnixSocket;

/**
 * Open files on their way in messages (Linux: net/unix/scm.c, garbage.c). A socket that is only in messages of sockets
 * that are only in messages is reachable for nobody: such circles are found by looking at all that can be reached.
 */
final class InFlight {
    /** All sockets are looked at when one of so many has been closed or sent. */
    private static final int EAGERNESS = 16;

    private final Kernel kernel;
    private final Tables tables;
    private final ArrayDeque<OpenFile> toClose = new ArrayDeque<>();
    private boolean closing;
    /** Soft: sockets closed or sent since the last look. */
    private int events;

    InFlight(Tables tables) {
        this.tables = tables;
        kernel = tables.kernel;
    }

    /** Files leave with a message; the references are the caller's until then. */
    void leave(List<OpenFile> files) {
        tables.counters.inFlight += files.size();
        files.forEach(file -> count(file, 1));
    }

    private static void count(OpenFile file, int by) {
        if (file.data instanceof UnixSocket socket) {
            socket.inFlight += by;
        }
    }

    /** Files arrive; the references are the caller's again. */
    List<OpenFile> landed(Ancillary with) {
        if (with.files().isEmpty()) {
            return List.of(); // credentials alone: a list that cannot be changed
        }
        List<OpenFile> files = List.copyOf(with.files());
        with.files().clear();
        tables.counters.inFlight -= files.size();
        files.forEach(file -> count(file, -1));
        return files;
    }

    /** Closes files, one after the other however deep they lie in each other's messages. */
    void close(List<OpenFile> files) {
        toClose.addAll(files);
        if (closing) {
            return;
        }
        closing = true;
        try {
            for (OpenFile file = toClose.poll(); file != null; file = toClose.poll()) {
                kernel.vfs().close(file);
            }
        } finally {
            closing = false;
        }
    }

    /** Drops the messages of a socket, and closes what is in them. */
    void purge(Socket socket) {
        List<OpenFile> files = new ArrayList<>(0);
        StreamBuffer stream = socket.stream;
        if (stream != null) {
            stream.marks.forEach(mark -> files.addAll(landed(mark.with())));
            stream.marks.clear();
        }
        for (Datagram message : socket.messages) {
            if (message.with() != null) {
                files.addAll(landed(message.with()));
            }
        }
        close(files);
    }

    /** A socket has been closed: it may have been the last way into a circle. */
    void closed() {
        look();
    }

    /** Sockets are about to be sent: nobody need ever close another one. */
    void sending(List<OpenFile> files) {
        if (files.stream().anyMatch(file -> file.data instanceof UnixSocket)) {
            look();
        }
    }

    private void look() {
        if (tables.counters.inFlight == 0 || closing || ++events * EAGERNESS < tables.sockets.size()) {
            return;
        }
        events = 0;
        collect();
    }

    private void collect() {
        Set<UnixSocket> reached = Collections.newSetFromMap(new IdentityHashMap<>());
        ArrayDeque<UnixSocket> next = new ArrayDeque<>();
        List<UnixSocket> doubtful = new ArrayList<>();
        for (Socket socket : tables.sockets) {
            if (socket instanceof UnixSocket unix && unix.file != null) {
                if (unix.file.refs > unix.inFlight) {
                    reach(unix, reached, next);
                } else {
                    doubtful.add(unix);
                }
            }
        }
        if (doubtful.isEmpty()) {
            return;
        }
        for (UnixSocket socket = next.poll(); socket != null; socket = next.poll()) {
            walk(socket, reached, next);
        }
        doubtful.removeIf(reached::contains);
        // a reference of each, so that none goes while another is being emptied
        List<OpenFile> held = new ArrayList<>();
        for (UnixSocket socket : doubtful) {
            if (socket.file != null) {
                socket.file.refs++;
                held.add(socket.file);
            }
        }
        doubtful.forEach(this::purge);
        close(held);
    }

    private static void reach(@Nullable UnixSocket socket, Set<UnixSocket> reached, ArrayDeque<UnixSocket> next) {
        if (socket != null && reached.add(socket)) {
            next.add(socket);
        }
    }

    private static void walk(UnixSocket socket, Set<UnixSocket> reached, ArrayDeque<UnixSocket> next) {
        StreamBuffer stream = socket.stream;
        if (stream != null) {
            stream.marks.forEach(mark -> reach(mark.with(), reached, next));
        }
        for (Datagram message : socket.messages) {
            reach(message.with(), reached, next);
        }
        for (Socket waiting : socket.pending) {
            reach((UnixSocket) waiting, reached, next);
        }
    }

    private static void reach(@Nullable Ancillary with, Set<UnixSocket> reached, ArrayDeque<UnixSocket> next) {
        if (with == null) {
            return;
        }
        for (OpenFile file : with.files()) {
            if (file.data instanceof UnixSocket socket) {
                reach(socket, reached, next);
            }
        }
    }
}
