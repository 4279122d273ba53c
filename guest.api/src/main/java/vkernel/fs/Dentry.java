package vkernel.fs;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A name in the tree (Linux: struct dentry). A negative one has no inode. */
public final class Dentry {
    /** Null for the root of a file system. */
    public @Nullable Dentry parent;

    public String name;
    /** Null when it is known that there is no such file. */
    public @Nullable Inode inode;

    /** Soft: names looked up below. Dropped at will, but for those in use as mount points, cwd or open files. */
    public @Nullable Map<String, Dentry> children;

    /** Mounts whose mount point is here. */
    public int mounts;
    /** The name has been unlinked; open files and cwd may still be here. */
    public boolean unlinked;

    public Dentry(@Nullable Dentry parent, String name, @Nullable Inode inode) {
        this.parent = parent;
        this.name = name;
        this.inode = inode;
    }

    /** The file of a dentry that is not negative. */
    public Inode inode() {
        Inode now = inode;
        if (now == null) {
            throw new IllegalStateException("negative dentry " + name);
        }
        return now;
    }

    public @Nullable Dentry child(String name) {
        return children == null ? null : children.get(name);
    }

    public void addChild(Dentry child) {
        if (children == null) {
            children = new HashMap<>();
        }
        children.put(child.name, child);
    }

    public void removeChild(String name) {
        if (children != null) {
            children.remove(name);
        }
    }
}
