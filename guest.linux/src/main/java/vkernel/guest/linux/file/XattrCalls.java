package vkernel.guest.linux.file;

import static vkernel.guest.linux.table.Handler.of;
import static vkernel.kern.Errno.E2BIG;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ERANGE;

import java.util.List;
import vkernel.fs.Path;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Task;

/** Extended attributes (xattr(7)). */
public final class XattrCalls {
    private static final int NAME_MAX = 255;
    private static final int SIZE_MAX = 65536;
    private static final int XATTR_CREATE_REPLACE = 3;

    private final Kernel kernel;
    private final User user;
    private final Places places;

    public XattrCalls(Kernel kernel, User user, Places places) {
        this.kernel = kernel;
        this.user = user;
        this.places = places;
    }

    public void table(Table table) {
        table.full("setxattr", of((t, p, n, v, s, f) -> set(t, places.at(t, p, true), n, v, s, f)));
        table.full("lsetxattr", of((t, p, n, v, s, f) -> set(t, places.at(t, p, false), n, v, s, f)));
        table.full("fsetxattr", of((t, fd, n, v, s, f) -> set(t, places.of(t, fd, false), n, v, s, f)));
        table.full("getxattr", of((t, p, n, v, s) -> get(t, places.at(t, p, true), n, v, s)));
        table.full("lgetxattr", of((t, p, n, v, s) -> get(t, places.at(t, p, false), n, v, s)));
        table.full("fgetxattr", of((t, fd, n, v, s) -> get(t, places.of(t, fd, false), n, v, s)));
        table.full("listxattr", of((t, p, v, s) -> list(t, places.at(t, p, true), v, s)));
        table.full("llistxattr", of((t, p, v, s) -> list(t, places.at(t, p, false), v, s)));
        table.full("flistxattr", of((t, fd, v, s) -> list(t, places.of(t, fd, false), v, s)));
        table.full("removexattr", of((t, p, n) -> remove(t, places.at(t, p, true), n)));
        table.full("lremovexattr", of((t, p, n) -> remove(t, places.at(t, p, false), n)));
        table.full("fremovexattr", of((t, fd, n) -> remove(t, places.of(t, fd, false), n)));
    }

    private long set(Task task, Result<Path> place, long nameVa, long va, long size, long flags) {
        if (!place.ok()) {
            return place.error();
        }
        Result<String> name = name(task, nameVa);
        if (!name.ok()) {
            return name.error();
        }
        if (((int) flags & ~XATTR_CREATE_REPLACE) != 0) {
            return -EINVAL;
        }
        if (Long.compareUnsigned(size, SIZE_MAX) > 0) {
            return -E2BIG;
        }
        byte[] value = new byte[(int) size];
        if (!kernel.vm().read(task.memory(), va, value, 0, value.length)) {
            return -EFAULT;
        }
        return kernel.vfs().setxattr(task, place.value(), name.value(), value, (int) flags);
    }

    private long get(Task task, Result<Path> place, long nameVa, long va, long size) {
        if (!place.ok()) {
            return place.error();
        }
        Result<String> name = name(task, nameVa);
        if (!name.ok()) {
            return name.error();
        }
        byte[] value = new byte[Long.compareUnsigned(size, SIZE_MAX) > 0 ? SIZE_MAX : (int) size];
        long length = kernel.vfs().getxattr(task, place.value(), name.value(), value);
        if (length <= 0 || size == 0) {
            return length;
        }
        return kernel.vm().write(task.memory(), va, value, 0, (int) length) ? length : -EFAULT;
    }

    private long list(Task task, Result<Path> place, long va, long size) {
        if (!place.ok()) {
            return place.error();
        }
        Result<List<String>> names = kernel.vfs().listxattr(task, place.value());
        if (!names.ok()) {
            return names.error();
        }
        int length = 0;
        for (String name : names.value()) {
            user.putString(length, name, name.length() + 1);
            length += name.length() + 1;
            if (length > User.SIZE - NAME_MAX - 1) {
                return -E2BIG;
            }
        }
        if (size == 0 || length == 0) {
            return length;
        }
        if (Long.compareUnsigned(size, length) < 0) {
            return -ERANGE;
        }
        return user.write(task, va, length) ? length : -EFAULT;
    }

    private long remove(Task task, Result<Path> place, long nameVa) {
        if (!place.ok()) {
            return place.error();
        }
        Result<String> name = name(task, nameVa);
        return name.ok() ? kernel.vfs().removexattr(task, place.value(), name.value()) : name.error();
    }

    private Result<String> name(Task task, long va) {
        Result<String> name = user.string(task, va, NAME_MAX, ERANGE);
        return name.ok() && name.value().isEmpty() ? Result.error(-ERANGE) : name;
    }
}
