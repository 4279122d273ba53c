package vkernel.guest.linux.file;

import static vkernel.kern.Errno.E2BIG;
import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ERANGE;

import java.util.List;
import vkernel.fs.Path;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Task;

/** Extended attributes (xattr(7)). */
public final class XattrCalls implements CallGroup {
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

    @Override
    public void table(Table table) {
        table.full(
                this,
                Nr.SETXATTR,
                Nr.LSETXATTR,
                Nr.FSETXATTR,
                Nr.GETXATTR,
                Nr.LGETXATTR,
                Nr.FGETXATTR,
                Nr.LISTXATTR,
                Nr.LLISTXATTR,
                Nr.FLISTXATTR,
                Nr.REMOVEXATTR,
                Nr.LREMOVEXATTR,
                Nr.FREMOVEXATTR);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.SETXATTR -> set(task, places.at(task, a0, true), a1, a2, a3, a4);
            case Nr.LSETXATTR -> set(task, places.at(task, a0, false), a1, a2, a3, a4);
            case Nr.FSETXATTR -> set(task, places.of(task, a0, false), a1, a2, a3, a4);
            case Nr.GETXATTR -> get(task, places.at(task, a0, true), a1, a2, a3);
            case Nr.LGETXATTR -> get(task, places.at(task, a0, false), a1, a2, a3);
            case Nr.FGETXATTR -> get(task, places.of(task, a0, false), a1, a2, a3);
            case Nr.LISTXATTR -> list(task, places.at(task, a0, true), a1, a2);
            case Nr.LLISTXATTR -> list(task, places.at(task, a0, false), a1, a2);
            case Nr.FLISTXATTR -> list(task, places.of(task, a0, false), a1, a2);
            case Nr.REMOVEXATTR -> remove(task, places.at(task, a0, true), a1);
            case Nr.LREMOVEXATTR -> remove(task, places.at(task, a0, false), a1);
            case Nr.FREMOVEXATTR -> remove(task, places.of(task, a0, false), a1);
            default -> throw Table.unclaimed(call);
        };
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
