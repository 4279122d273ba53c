package vkernel.fs;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;
import vkernel.kern.Errno;
import vkernel.task.Task;
import vkernel.vm.PageCache;

/**
 * What can be done with an open file (Linux: struct file_operations). Called with the kernel lock held; a call that
 * must wait puts the task on a queue and returns {@link vkernel.kern.Kernel#BLOCKED}; with O_NONBLOCK it returns
 * -EAGAIN instead. Access modes have been checked.
 */
@ConsumerType
public interface FileOps {
    /** After the file was opened. @return 0, BLOCKED (the open is made again) or -errno */
    default long open(Task task, OpenFile file) {
        return 0;
    }

    /** The last reference has gone. */
    default void release(OpenFile file) {}

    /** Reads at a position. @return bytes, 0 at the end, BLOCKED or -errno. Does not move {@link OpenFile#position}. */
    default long read(Task task, OpenFile file, IoBuffer to, long position) {
        return -Errno.EINVAL;
    }

    /**
     * Writes at a position. What cannot be seeked and has room for a part only takes that part and returns its count,
     * O_NONBLOCK or not; the caller comes again with the rest. The task's restart record is the caller's.
     *
     * @return bytes, BLOCKED or -errno. Does not move {@link OpenFile#position}.
     */
    default long write(Task task, OpenFile file, IoBuffer from, long position) {
        return -Errno.EINVAL;
    }

    /** Whether reads and writes have a position; else lseek and pread give -ESPIPE. */
    default boolean seekable(OpenFile file) {
        return true;
    }

    /** Whether a seekable file has an end to seek from; else SEEK_END gives -EINVAL. A text made when it is read has none. */
    default boolean ends(OpenFile file) {
        return true;
    }

    /** Where SEEK_END is. */
    default long end(OpenFile file) {
        return file.inode().length();
    }

    /**
     * What can be done without waiting, as POLL* bits of {@link Mode}.
     *
     * @param waiter put on the queues where news would come; null to ask only
     */
    default int poll(OpenFile file, @Nullable Task waiter) {
        return Mode.POLLIN | Mode.POLLOUT | Mode.POLLRDNORM | Mode.POLLWRNORM;
    }

    /** ioctl(2). @return result, BLOCKED or -errno; -ENOTTY for what is unknown */
    default long ioctl(Task task, OpenFile file, int command, long argument) {
        return -Errno.ENOTTY;
    }

    /** Entries of a directory from {@link OpenFile#position} on, "." and ".." included; moves the position. */
    default long readdir(Task task, OpenFile file, DirSink sink) {
        return -Errno.ENOTDIR;
    }

    /** The pages to map for mmap(2); null when it cannot be mapped (-ENODEV). */
    default @Nullable PageCache pages(OpenFile file) {
        return null;
    }

    /** fsync(2). @return 0, BLOCKED or -errno */
    default long sync(Task task, OpenFile file) {
        return 0;
    }
}
