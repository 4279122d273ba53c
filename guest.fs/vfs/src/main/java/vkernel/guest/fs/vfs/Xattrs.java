package vkernel.guest.fs.vfs;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** Extended attributes, kept in the inode (xattr(7)); not on file systems whose names come and go by themselves. */
final class Xattrs {
    private static final int MAX_NAME = 255;
    private static final int MAX_VALUE = 65536;
    /** Most bytes of names and values of one file. */
    private static final int MAX_TOTAL = 2 * MAX_VALUE;
    /** Most of all files of a file system: they lie in the kernel's memory. */
    private static final long MAX_OF_ALL = 16 << 20;

    /** What execve(2) grants who executes the file: of its revisions, in the byte 3, two can be set. */
    private static final String CAPABILITY = "security.capability";

    private static final int CREATE = 1;
    private static final int REPLACE = 2;

    private final Kernel kernel;

    Xattrs(Kernel kernel) {
        this.kernel = kernel;
    }

    long get(Task task, Path path, String name, byte[] value) {
        Inode inode = path.inode();
        long error = check(task, inode, name, Vfs.READ);
        if (error != 0) {
            return error;
        }
        @Nullable byte[] found = inode.xattrs == null ? null : inode.xattrs.get(name);
        if (found == null) {
            return -Errno.ENODATA;
        }
        if (value.length == 0) {
            return found.length;
        }
        if (value.length < found.length) {
            return -Errno.ERANGE;
        }
        System.arraycopy(found, 0, value, 0, found.length);
        return found.length;
    }

    long set(Task task, Path path, String name, byte[] value, int flags) {
        if ((flags & ~(CREATE | REPLACE)) != 0) {
            return -Errno.EINVAL;
        }
        if (value.length > MAX_VALUE) {
            return -Errno.E2BIG;
        }
        Inode inode = path.inode();
        long error = path.mount().readOnly() ? -Errno.EROFS : check(task, inode, name, Vfs.WRITE);
        if (error != 0) {
            return error;
        }
        if (name.equals(CAPABILITY)
                && !(value.length == 20 && value[3] == 2)
                && !(value.length == 24 && value[3] == 3)) {
            return -Errno.EINVAL;
        }
        Map<String, byte[]> all = inode.xattrs == null ? new TreeMap<>() : inode.xattrs;
        boolean there = all.containsKey(name);
        if (there && (flags & CREATE) != 0) {
            return -Errno.EEXIST;
        }
        if (!there && (flags & REPLACE) != 0) {
            return -Errno.ENODATA;
        }
        byte[] old = all.get(name);
        long grows = value.length - (old == null ? -name.length() : old.length);
        if (bytes(all) + grows > MAX_TOTAL || inode.sb.xattrBytes + grows > MAX_OF_ALL) {
            return -Errno.ENOSPC;
        }
        all.put(name, value.clone());
        // for a moment there are both, the old and the new one
        inode.sb.xattrBytes += name.length() + value.length;
        if (!inode.sb.fs().hasRoom(inode, all)) {
            inode.sb.xattrBytes -= name.length() + value.length;
            put(all, name, old);
            return -Errno.ENOSPC;
        }
        inode.sb.xattrBytes -= old == null ? 0 : name.length() + old.length;
        inode.xattrs = all;
        return changed(inode);
    }

    private static void put(Map<String, byte[]> all, String name, byte @Nullable [] value) {
        if (value == null) {
            all.remove(name);
        } else {
            all.put(name, value);
        }
    }

    /** Bytes of names and values. */
    static long bytes(@Nullable Map<String, byte[]> all) {
        long bytes = 0;
        if (all != null) {
            for (var entry : all.entrySet()) {
                bytes += entry.getKey().length() + entry.getValue().length;
            }
        }
        return bytes;
    }

    Result<List<String>> list(Task task, Path path) {
        Inode inode = path.inode();
        if (inode.xattrs == null) {
            return Result.of(List.of());
        }
        boolean all = task.credentials.can(Credentials.CAP_SYS_ADMIN);
        return Result.of(inode.xattrs.keySet().stream()
                .filter(name -> all || !name.startsWith("trusted."))
                .toList());
    }

    long remove(Task task, Path path, String name) {
        Inode inode = path.inode();
        long error = path.mount().readOnly() ? -Errno.EROFS : check(task, inode, name, Vfs.WRITE);
        if (error != 0) {
            return error;
        }
        byte[] gone = inode.xattrs == null ? null : inode.xattrs.remove(name);
        if (gone == null) {
            return -Errno.ENODATA;
        }
        inode.sb.xattrBytes -= name.length() + gone.length;
        return changed(inode);
    }

    /** A file that changes, or changes hands, grants no capabilities any more (Linux: cap_inode_killpriv). */
    static void dropCapabilities(Inode inode) {
        byte[] gone = inode.xattrs == null ? null : inode.xattrs.remove(CAPABILITY);
        if (gone != null) {
            inode.sb.xattrBytes -= CAPABILITY.length() + gone.length;
            inode.sb.fs().changed(inode);
        }
    }

    private long changed(Inode inode) {
        inode.ctime = kernel.realtime();
        inode.sb.fs().changed(inode);
        return 0;
    }

    private static long check(Task task, Inode inode, String name, int wanted) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return -Errno.ERANGE;
        }
        boolean write = wanted == Vfs.WRITE;
        if (write && inode.fixed()) {
            return -Errno.EPERM;
        }
        boolean user = name.startsWith("user.");
        boolean trusted = name.startsWith("trusted.");
        boolean security = name.startsWith("security.");
        if (!inode.sb.fs().cacheable() || !user && !trusted && !security) {
            return -Errno.EOPNOTSUPP;
        }
        if (name.indexOf('.') == name.length() - 1) {
            return -Errno.EINVAL;
        }
        if (trusted && !task.credentials.can(Credentials.CAP_SYS_ADMIN)) {
            return write ? -Errno.EPERM : -Errno.ENODATA;
        }
        if (name.equals(CAPABILITY)) {
            return write && !task.credentials.can(Credentials.CAP_SETFCAP) ? -Errno.EPERM : 0;
        }
        if (security) {
            return write && !task.credentials.can(Credentials.CAP_SYS_ADMIN) ? -Errno.EPERM : 0;
        }
        if (user && !inode.regular() && !inode.directory()) {
            return write ? -Errno.EPERM : -Errno.ENODATA;
        }
        if (user && write && inode.directory() && (inode.mode & Mode.S_ISVTX) != 0 && !Access.owner(task, inode)) {
            return -Errno.EPERM;
        }
        return user ? Access.check(task, inode, wanted, false) : 0;
    }
}
