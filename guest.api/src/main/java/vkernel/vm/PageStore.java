package vkernel.vm;

import org.osgi.annotation.versioning.ConsumerType;

/** Where the pages of a file on a disk come from and go to (Linux: struct address_space_operations). Kernel lock held. */
@ConsumerType
public interface PageStore {
    /**
     * Brings a page that is not in memory, waiting for the disk: for faults and for who cannot come again.
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
