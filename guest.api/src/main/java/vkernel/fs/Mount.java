package vkernel.fs;

import org.jspecify.annotations.Nullable;

/** A file system at a place in the tree (Linux: struct mount). */
public final class Mount {
    public final int id;
    public final SuperBlock sb;
    /** The root of what is seen of it. */
    public final Dentry root;
    /** Where it is mounted; null for the first mount. */
    public @Nullable Path point;
    /** MS_RDONLY, MS_NOSUID, … of mount(2). */
    public long flags;
    /** Open files on it. */
    public int opens;
    /** Files on it that are open for writing. */
    public int writers;
    /** How often a path has led onto it. */
    public long visits;
    /** What {@link #visits} was when umount(2) marked it with MNT_EXPIRE; -1 before. */
    public long marked = -1;
    /** Taken off the tree by umount(2) MNT_DETACH while in use. */
    public boolean detached;

    public Mount(int id, SuperBlock sb, Dentry root, @Nullable Path point, long flags) {
        this.id = id;
        this.sb = sb;
        this.root = root;
        this.point = point;
        this.flags = flags;
    }

    public boolean readOnly() {
        return (flags & 1) != 0 || sb.readOnly;
    }
}
