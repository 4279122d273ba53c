package vkernel.guest.linux.exec;

import static vkernel.kern.Errno.EAGAIN;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ELOOP;
import static vkernel.kern.Kernel.NO_RESULT;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.fs.Path;
import vkernel.guest.linux.file.Places;
import vkernel.guest.linux.proc.ProcessLimit;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Task;

/** execve(2), execveat(2). */
public final class ExecCalls implements CallGroup {
    private static final Logger LOG = LoggerFactory.getLogger(ExecCalls.class);

    private final Kernel kernel;
    private final User user;
    private final Places places;
    private final Arguments arguments;
    private final Exec exec;

    public ExecCalls(Kernel kernel, User user, Places places, Exec exec) {
        this.kernel = kernel;
        this.user = user;
        this.places = places;
        this.exec = exec;
        arguments = new Arguments(user);
    }

    @Override
    public void table(Table table) {
        table.partial(this, Nr.EXECVE, "capabilities of files give none");
        table.partial(this, Nr.EXECVEAT, "capabilities of files give none");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.EXECVE -> execve(task, a0, a1, a2);
            case Nr.EXECVEAT -> execveat(task, a0, a1, a2, a3, a4);
            default -> throw Table.unclaimed(call);
        };
    }

    private long execve(Task task, long path, long argv, long env) {
        return execveat(task, Places.AT_FDCWD, path, argv, env, 0);
    }

    private long execveat(Task task, long dirfd, long pathVa, long argvVa, long envVa, long flags) {
        if (((int) flags & ~(Places.AT_EMPTY_PATH | Places.AT_SYMLINK_NOFOLLOW)) != 0) {
            return -EINVAL;
        }
        Result<String> path = user.path(task, pathVa);
        if (!path.ok()) {
            return path.error();
        }
        if (ProcessLimit.refuses(kernel, task)) {
            return -EAGAIN;
        }
        Result<Path> place = places.at(task, dirfd, pathVa, Places.walk(flags));
        if (!place.ok()) {
            return place.error();
        }
        if (place.value().inode().symlink()) {
            return -ELOOP;
        }
        Result<List<String>> argv = arguments.read(task, argvVa);
        if (!argv.ok()) {
            return argv.error();
        }
        Result<List<String>> env = arguments.read(task, envVa);
        if (!env.ok()) {
            return env.error();
        }
        String name = name((int) dirfd, path.value());
        boolean goes = path.value().isEmpty() && task.files.closeOnExec((int) dirfd);
        // what a shell tries along PATH is no news
        Consumer<String> refused = why -> LOG.debug("cannot run {}: {}", name, why);
        long result = exec.exec(task, place.value(), name, goes, argv.value(), env.value(), refused);
        return result == 0 ? NO_RESULT : result;
    }

    /** What is relative to a descriptor is called by it. */
    private static String name(int dirfd, String path) {
        if (dirfd == Places.AT_FDCWD || path.startsWith("/")) {
            return path;
        }
        return path.isEmpty() ? "/dev/fd/" + dirfd : "/dev/fd/" + dirfd + "/" + path;
    }
}
