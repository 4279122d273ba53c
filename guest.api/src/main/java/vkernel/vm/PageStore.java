package vkernel.vm;

import org.osgi.annotation.versioning.ConsumerType;
import vkernel.task.Task;

/** Where the pages of a file on a disk come from and go to (Linux: struct address_space_operations). Kernel lock held. */
@ConsumerType
public interface PageStore {
    /**
     * Begins to bring a page that is not in memory, for an access of user code, which is made again when the task wakes.
     * What is read one after the other may be read ahead.
     *
     * @return 0 when the page is in memory now or only {@link #fill} can bring it, {@link vkernel.kern.Kernel#BLOCKED} when
     *     the task waits on a queue, or -errno
     */
    default long bring(Task task, PageCache cache, long index) {
        return 0;
    }

    /**
     * Brings a page that is not in memory, waiting for the disk: for who cannot come again.
     *
     * @param address physical, of a whole page
     * @return 0, or -EIO
     */
    int fill(PageCache cache, long index, long address);

    /** Pages have been modified: they are to be written some time. */
    void modified(PageCache cache);

    /**
     * Memory is short: modified pages are written now, waiting for the disk. Called where a frame is wanted, so it must
     * not want one itself.
     */
    void writeBack(PageCache cache);
}
