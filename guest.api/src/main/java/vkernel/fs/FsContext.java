package vkernel.fs;

/** Where a task stands in the tree (Linux: struct fs_struct); shared by tasks cloned with CLONE_FS. */
public final class FsContext {
    public Path root;
    public Path cwd;
    public int umask = 022;

    public FsContext(Path root, Path cwd) {
        this.root = root;
        this.cwd = cwd;
    }

    public FsContext copy() {
        FsContext copy = new FsContext(root, cwd);
        copy.umask = umask;
        return copy;
    }
}
