package vkernel.guest.linux.net;

import static vkernel.kern.Errno.EBADF;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ENOBUFS;
import static vkernel.kern.Errno.EPERM;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;
import vkernel.guest.linux.file.OpenCalls;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.net.Message;
import vkernel.net.Socket;
import vkernel.net.Ucred;
import vkernel.task.Credentials;
import vkernel.task.Task;

/**
 * Control messages: struct cmsghdr of cmsg(3), with SCM_RIGHTS, SCM_CREDENTIALS and SCM_TIMESTAMP; of IP how far a
 * message may go and how it is treated on its way (ip(7), IP_TTL, IP_TOS; RFC 3542, sections 6.3 and 6.5).
 */
final class Control {
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int SCM_CREDENTIALS = 2;
    private static final int SCM_TIMESTAMP = 29;
    private static final int IP_TOS = 1, IP_TTL = 2, IP_RECVTTL = 12, IP_RECVTOS = 13;
    private static final int IPV6_RECVHOPLIMIT = 51, IPV6_HOPLIMIT = 52, IPV6_RECVTCLASS = 66, IPV6_TCLASS = 67;
    private static final int HEADER = 16;
    private static final int UCRED = 12;
    /** Most files of a message (SCM_MAX_FD). */
    private static final int MOST_FILES = 253;

    private final Kernel kernel;
    private final User user;
    private final Times times;

    Control(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
        times = new Times(user);
    }

    // --- sent -------------------------------------------------------------------------------------------------------

    /** Takes apart what goes with a message; its files get a reference each, whatever is returned. @return 0 or -errno */
    long read(Task task, Message message, long va, long length) {
        if (length < HEADER) {
            return 0;
        }
        if (length > User.SIZE) {
            return -ENOBUFS;
        }
        if (!user.read(task, va, (int) length)) {
            return -EFAULT;
        }
        for (int at = 0; length - at >= HEADER; ) {
            long size = user.i64(at);
            if (size < HEADER || size > length - at) {
                return -EINVAL;
            }
            long error = switch (user.i32(at + 8)) {
                case SOL_SOCKET -> one(task, message, at, (int) size);
                case Options.IP -> ip(message, at, (int) size, IP_TTL, IP_TOS, 1);
                case Options.IPV6 -> ip(message, at, (int) size, IPV6_HOPLIMIT, IPV6_TCLASS, -1);
                default -> 0;
            };
            if (error != 0) {
                return error;
            }
            at += (int) size + 7 & ~7;
        }
        return 0;
    }

    private long one(Task task, Message message, int at, int size) {
        return switch (user.i32(at + 12)) {
            case SCM_RIGHTS -> rights(task, message, at + HEADER, (size - HEADER) / 4);
            case SCM_CREDENTIALS -> size == HEADER + UCRED ? credentials(task, message, at + HEADER) : -EINVAL;
            default -> -EINVAL;
        };
    }

    /** How far it may go, and how it is treated: an int each. @param least hops; -1 for what the socket says */
    private long ip(Message message, int at, int size, int hops, int trafficClass, int least) {
        int type = user.i32(at + 12);
        if (type != hops && type != trafficClass) {
            return 0;
        }
        int value = size == HEADER + 4 ? user.i32(at + HEADER) : Integer.MIN_VALUE;
        if (value < (type == hops ? least : Math.min(least, 0)) || value > 255) {
            return -EINVAL;
        }
        if (type == hops) {
            message.hops = value;
        } else {
            message.trafficClass = value;
        }
        return 0;
    }

    private long rights(Task task, Message message, int at, int count) {
        List<OpenFile> files = new ArrayList<>(message.files);
        if (files.size() + count > MOST_FILES) {
            return -EINVAL;
        }
        for (int i = 0; i < count; i++) {
            OpenFile file = task.files.get(user.i32(at + 4 * i));
            if (file == null) {
                return -EBADF;
            }
            files.add(file);
        }
        files.subList(message.files.size(), files.size()).forEach(file -> file.refs++);
        message.files = files;
        return 0;
    }

    /** A program may say who it is, and lie only with the right capability. */
    private long credentials(Task task, Message message, int at) {
        Credentials who = task.credentials;
        int pid = user.i32(at);
        int uid = user.i32(at + 4);
        int gid = user.i32(at + 8);
        boolean same = pid == task.process.pid || who.can(Credentials.CAP_SYS_ADMIN);
        boolean user_ = uid == who.uid() || uid == who.euid() || uid == who.suid() || who.can(Credentials.CAP_SETUID);
        boolean group = gid == who.gid() || gid == who.egid() || gid == who.sgid() || who.can(Credentials.CAP_SETGID);
        if (!(same && user_ && group)) {
            return -EPERM;
        }
        message.sender = new Ucred(pid, uid, gid);
        return 0;
    }

    /** Gives back the files of a message that were not sent, or not received. */
    void drop(Message message) {
        List<OpenFile> files = message.files;
        message.files = List.of();
        files.forEach(kernel.vfs()::close);
    }

    // --- received ---------------------------------------------------------------------------------------------------

    private int used;
    private boolean cut;

    /**
     * Puts what came with a message into the program's memory.
     *
     * @return bytes used, or -EFAULT; {@link #cut} says whether something did not fit
     */
    long give(Task task, Socket socket, Message message, long va, long room) {
        used = 0;
        cut = false;
        long most = va == 0 ? 0 : Math.min(room, User.SIZE / 2);
        if (socket.timestamps && message.time > 0) {
            times.putTimeval(HEADER, message.time);
            put(task, va, most, SOL_SOCKET, SCM_TIMESTAMP, 16);
        }
        @Nullable Ucred sender = message.sender;
        if (sender != null) {
            user.put32(HEADER, sender.pid());
            user.put32(HEADER + 4, sender.uid());
            user.put32(HEADER + 8, sender.gid());
            put(task, va, most, SOL_SOCKET, SCM_CREDENTIALS, UCRED);
        }
        if (message.hops >= 0 && socket.family == Socket.AF_INET6) {
            header(task, socket, Options.IPV6, IPV6_RECVHOPLIMIT, IPV6_HOPLIMIT, message.hops, va, most);
            header(task, socket, Options.IPV6, IPV6_RECVTCLASS, IPV6_TCLASS, message.trafficClass, va, most);
        } else if (message.hops >= 0) {
            header(task, socket, Options.IP, IP_RECVTTL, IP_TTL, message.hops, va, most);
            header(task, socket, Options.IP, IP_RECVTOS, IP_TOS, message.trafficClass, va, most);
        }
        if (!message.files.isEmpty()) {
            land(task, message, va, most);
        }
        return used;
    }

    /** What the header of a message said, if the socket asks for that. */
    private void header(Task task, Socket socket, int level, int option, int type, int value, long va, long room) {
        if (socket.options.getOrDefault(Options.key(level, option), 0) == 0) {
            return;
        }
        user.put32(HEADER, value);
        put(task, va, room, level, type, type == IP_TOS ? 1 : 4);
    }

    boolean cut() {
        return cut;
    }

    /** Puts one control message, cut to the room there is. */
    private void put(Task task, long va, long room, int level, int type, int length) {
        long left = room - used;
        if (left < HEADER) {
            cut = true;
            return;
        }
        int size = (int) Math.min(left, HEADER + length);
        cut |= size < HEADER + length;
        user.put64(0, size);
        user.put32(8, level);
        user.put32(12, type);
        if (user.write(task, va + used, size)) {
            used += (int) Math.min(left, size + 7 & ~7);
        }
    }

    /** Files become descriptors, as many as there is room for. */
    private void land(Task task, Message message, long va, long room) {
        int fit = Math.clamp((room - used - HEADER) / 4, 0, message.files.size());
        int landed = 0;
        while (landed < fit) {
            int fd = task.files.free(0, OpenCalls.limit(task));
            if (fd < 0) {
                break;
            }
            OpenFile file = message.files.get(landed);
            file.refs++;
            task.files.set(fd, file, message.has(Message.CMSG_CLOEXEC));
            user.put32(HEADER + 4 * landed++, fd);
        }
        cut |= landed < message.files.size();
        if (landed > 0) {
            put(task, va, room, SOL_SOCKET, SCM_RIGHTS, 4 * landed);
        }
        drop(message);
    }
}
