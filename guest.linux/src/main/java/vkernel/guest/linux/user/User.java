package vkernel.guest.linux.user;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.ENAMETOOLONG;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Task;

/**
 * User memory through one scratch array, which belongs to the call being made: structs are built or taken apart there
 * and copied whole. The kernel lock makes it single threaded.
 */
public final class User {
    /** Bytes of the scratch array. */
    public static final int SIZE = 1 << 16;
    /** Longest path with its NUL (PATH_MAX). */
    public static final int PATH_MAX = 4096;

    /** The scratch array. */
    public final byte[] bytes = new byte[SIZE];

    private final Kernel kernel;

    public User(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Copies user memory to the start of the scratch array. @return false when it faults */
    public boolean read(Task task, long va, int length) {
        return kernel.vm().read(task.memory(), va, bytes, 0, length);
    }

    /** Copies the start of the scratch array to user memory. @return false when it faults */
    public boolean write(Task task, long va, int length) {
        return kernel.vm().write(task.memory(), va, bytes, 0, length);
    }

    /** As {@link #write}, as the result of a call: 0 or -EFAULT. */
    public long give(Task task, long va, int length) {
        return write(task, va, length) ? 0 : -EFAULT;
    }

    /** Zeroes the start of the scratch array. */
    public void zero(int length) {
        Arrays.fill(bytes, 0, length, (byte) 0);
    }

    public int u16(int at) {
        return Le.u16(bytes, at);
    }

    public int i32(int at) {
        return Le.i32(bytes, at);
    }

    public long i64(int at) {
        return Le.i64(bytes, at);
    }

    public void put16(int at, int value) {
        Le.put16(bytes, at, value);
    }

    public void put32(int at, int value) {
        Le.put32(bytes, at, value);
    }

    public void put64(int at, long value) {
        Le.put64(bytes, at, value);
    }

    /** Writes one 32-bit word. @return 0 or -EFAULT */
    public long giveInt(Task task, long va, int value) {
        put32(0, value);
        return give(task, va, 4);
    }

    /** Writes one 64-bit word. @return 0 or -EFAULT */
    public long giveLong(Task task, long va, long value) {
        put64(0, value);
        return give(task, va, 8);
    }

    /** A path. @return -EFAULT, -ENAMETOOLONG */
    public Result<String> path(Task task, long va) {
        return string(task, va, PATH_MAX - 1, ENAMETOOLONG);
    }

    /** A path; null for what {@link #path} gives an error for. */
    public @Nullable String pathOrNull(Task task, long va) {
        return kernel.vm().readString(task.memory(), va, PATH_MAX - 1);
    }

    /** A string of at most {@code limit} bytes without its NUL. @param tooLong error number for a longer one */
    public Result<String> string(Task task, long va, int limit, int tooLong) {
        @Nullable String string = kernel.vm().readString(task.memory(), va, limit);
        if (string != null) {
            return Result.of(string);
        }
        long length = kernel.vm().stringLength(task.memory(), va, limit);
        return Result.error(length == -ENAMETOOLONG ? -tooLong : -EFAULT);
    }

    /** Puts a string as bytes, cut and padded with NULs to {@code length}. */
    public void putString(int at, String string, int length) {
        Arrays.fill(bytes, at, at + length, (byte) 0);
        for (int i = 0; i < Math.min(string.length(), length); i++) {
            bytes[at + i] = (byte) string.charAt(i);
        }
    }
}
