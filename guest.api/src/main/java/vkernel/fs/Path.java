package vkernel.fs;

/** A place in the tree of mounts (Linux: struct path). */
public record Path(Mount mount, Dentry dentry) {
    /** The file there; the dentry is not negative. */
    public Inode inode() {
        return dentry.inode();
    }
}
