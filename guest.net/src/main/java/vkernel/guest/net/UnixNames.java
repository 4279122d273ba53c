package vkernel.guest.net;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.net.SocketAddress;
import vkernel.net.UnixSocket;
import vkernel.task.Task;

/** Names of Unix sockets: paths, abstract names, and none (unix(7)). */
final class UnixNames {
    private static final int AUTOBIND = 1 << 20;

    private final Kernel kernel;
    private final Tables tables;
    /** Soft: where the next look for a free abstract name begins. */
    private int next;

    UnixNames(Tables tables) {
        this.tables = tables;
        kernel = tables.kernel;
    }

    long bind(Task task, UnixSocket socket, SocketAddress address) {
        if (!(address instanceof SocketAddress.Unix unix)) {
            return -Errno.EINVAL;
        }
        if (unix.name().isEmpty()) {
            return autobind(socket);
        }
        if (unix.name().charAt(0) != 0) {
            return bindPath(task, socket, unix.name());
        }
        if (socket.name != null) {
            return -Errno.EINVAL;
        }
        if (tables.abstractNames.putIfAbsent(unix.name(), socket) != null) {
            return -Errno.EADDRINUSE;
        }
        socket.name = unix.name();
        return 0;
    }

    /** Gives a socket without a name one of five hexadecimal digits. */
    long autobind(UnixSocket socket) {
        if (socket.name != null) {
            return 0;
        }
        for (int i = 0; i < AUTOBIND; i++) {
            next = next + 1 & AUTOBIND - 1;
            String name = "\0" + String.format("%05x", next);
            if (tables.abstractNames.putIfAbsent(name, socket) == null) {
                socket.name = name;
                return 0;
            }
        }
        return -Errno.ENOSPC;
    }

    private long bindPath(Task task, UnixSocket socket, String name) {
        Vfs vfs = kernel.vfs();
        Path base = name.startsWith("/") ? task.fs.root : task.fs.cwd;
        if (socket.name != null) {
            // the name is made first and taken back again: what cannot be made is told first
            long made = vfs.mknod(task, base, name, Mode.S_IFSOCK | 0777, 0);
            if (made != 0) {
                return made == -Errno.EEXIST ? -Errno.EADDRINUSE : made;
            }
            vfs.unlink(task, base, name);
            return -Errno.EINVAL;
        }
        long error = vfs.mknod(task, base, name, Mode.S_IFSOCK | 0777, 0);
        if (error != 0) {
            return error == -Errno.EEXIST ? -Errno.EADDRINUSE : error;
        }
        Result<Path> made = vfs.walk(task, base, name, 0);
        Result<OpenFile> place = made.ok() ? vfs.open(task, made.value(), Mode.O_PATH) : made.failure();
        if (!place.ok()) {
            vfs.unlink(task, base, name);
            return place.error();
        }
        socket.name = name;
        socket.place = place.value();
        made.value().inode().socket = socket;
        return 0;
    }

    /** The socket of an address. @return -ECONNREFUSED when nobody has it open */
    Result<UnixSocket> find(Task task, SocketAddress.Unix address, int type) {
        Result<UnixSocket> found = address.name().charAt(0) == 0
                ? known(tables.abstractNames.get(address.name()))
                : atPath(task, address.name());
        return found.ok() && found.value().type != type ? Result.error(-Errno.EPROTOTYPE) : found;
    }

    private Result<UnixSocket> atPath(Task task, String name) {
        Vfs vfs = kernel.vfs();
        Result<Path> place = vfs.walk(task, name.startsWith("/") ? task.fs.root : task.fs.cwd, name, Vfs.FOLLOW);
        if (!place.ok()) {
            return place.failure();
        }
        long error = vfs.permission(task, place.value(), Vfs.WRITE, false);
        if (error != 0) {
            return Result.error(error);
        }
        Inode inode = place.value().inode();
        return known(inode.type() == Mode.S_IFSOCK ? inode.socket : null);
    }

    private static Result<UnixSocket> known(@Nullable UnixSocket socket) {
        return socket == null ? Result.error(-Errno.ECONNREFUSED) : Result.of(socket);
    }

    /** A closed socket gives its name up; a path stays as a name that nobody answers to. */
    void release(UnixSocket socket) {
        if (socket.name != null && tables.abstractNames.get(socket.name) == socket) {
            tables.abstractNames.remove(socket.name);
        }
        OpenFile place = socket.place;
        if (place != null) {
            socket.place = null;
            if (place.inode().socket == socket) {
                place.inode().socket = null;
            }
            kernel.vfs().close(place);
        }
    }

    static SocketAddress address(@Nullable UnixSocket socket) {
        return new SocketAddress.Unix(socket == null || socket.name == null ? "" : socket.name);
    }

    /** The address as a message tells it: null for none. */
    static @Nullable SocketAddress told(UnixSocket socket) {
        return socket.name == null ? null : new SocketAddress.Unix(socket.name);
    }
}
