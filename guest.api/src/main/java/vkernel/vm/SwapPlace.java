package vkernel.vm;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Inode;

/**
 * Where swap space lies: a disk, a partition, or a file on one (Linux: struct swap_extent).
 *
 * @param name shown in /proc/swaps
 * @param file the disk's open file: a type of host.api
 * @param starts by run, its first page; the first is 0
 * @param places by run, where it begins in the disk, bytes
 * @param pages how many there are, the header's included
 * @param priority 0 to 32767; negative for one below all that have one
 * @param rdev the disk or partition
 * @param inode the file; null for a whole disk or partition
 */
public record SwapPlace(
        String name,
        AutoCloseable file,
        long[] starts,
        long[] places,
        long pages,
        int priority,
        long rdev,
        @Nullable Inode inode) {}
