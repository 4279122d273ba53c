package vkernel.guest.linux.exec;

import static vkernel.kern.Errno.E2BIG;
import static vkernel.kern.Errno.EFAULT;

import java.util.ArrayList;
import java.util.List;
import vkernel.guest.linux.user.User;
import vkernel.kern.Result;
import vkernel.task.Limits;
import vkernel.task.Task;

/** Reads the arguments and the environment of execve(2) from user memory, and holds them to their limits. */
final class Arguments {
    /** Longest string with its NUL (MAX_ARG_STRLEN). */
    static final int STRING_MAX = 32 * 4096;

    /** What all strings may take whatever the stack's limit, and most at all (ARG_MAX, _STK_LIM / 4 * 3). */
    private static final long LEAST = 128 << 10;

    private static final long MOST = 6 << 20;

    private final User user;

    Arguments(User user) {
        this.user = user;
    }

    /** Bytes that the strings and the pointers to them may take: a quarter of the stack. */
    static long limit(Task task) {
        long stack = task.process.softLimits[Limits.STACK];
        return stack < 0 ? MOST : Math.clamp(stack / 4, LEAST, MOST);
    }

    /** An array of pointers to strings that ends with a null pointer; a null array is empty. */
    Result<List<String>> read(Task task, long va) {
        List<String> strings = new ArrayList<>();
        long used = 0;
        for (long at = va; va != 0; at += 8) {
            if (!user.read(task, at, 8)) {
                return Result.error(-EFAULT);
            }
            if (user.i64(0) == 0) {
                break;
            }
            Result<String> string = user.string(task, user.i64(0), STRING_MAX - 1, E2BIG);
            if (!string.ok()) {
                return string.failure();
            }
            used += string.value().length() + 1 + 8;
            if (used > limit(task)) {
                return Result.error(-E2BIG);
            }
            strings.add(string.value());
        }
        return Result.of(strings);
    }
}
