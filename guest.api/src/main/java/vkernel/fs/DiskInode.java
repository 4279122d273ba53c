package vkernel.fs;

import org.jspecify.annotations.Nullable;

/** What a file system on a disk keeps of a file ({@link Inode#data}). Plain data. */
public final class DiskInode {
    /** The inode as it lies on the disk, attributes of {@link Inode} that have changed since excepted. */
    public byte[] raw;
    /** Where its blocks lie; null until it is read. */
    public @Nullable BlockMap map;

    public DiskInode(byte[] raw) {
        this.raw = raw;
    }
}
