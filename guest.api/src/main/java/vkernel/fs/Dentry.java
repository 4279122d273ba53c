package vkernel.fs;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.kern.Result;

/**
 * A name in the tree (Linux: struct dentry). A negative one has no inode. A dentry holds its parent, but a parent its
 * children weakly: a place that somebody stands on (a cwd, an open file, a mount) is one object for as long as that
 * lasts, and what nobody uses goes by itself.
 */
public final class Dentry {
    /** Null for the root of a file system. */
    public @Nullable Dentry parent;

    public String name;
    /** Null when it is known that there is no such file. */
    public @Nullable Inode inode;

    /** Soft: names looked up below. */
    private @Nullable Map<String, WeakReference<Dentry>> children;

    /** Soft: the place that was asked for last. */
    private @Nullable Result<Path> place;

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

    /** This name on a mount, the same object as long as nobody asks for another mount. */
    public Result<Path> place(Mount mount) {
        Result<Path> last = place;
        if (last == null || last.value().mount() != mount) {
            last = Result.of(new Path(mount, this));
            place = last;
        }
        return last;
    }

    /** No place on a mount is remembered any more, here and below: the mount is no more. */
    public void forget(Mount mount) {
        Deque<Dentry> left = new ArrayDeque<>(List.of(this));
        while (!left.isEmpty()) {
            Dentry each = left.pop();
            if (each.place != null && each.place.value().mount() == mount) {
                each.place = null;
            }
            if (each.children != null) {
                for (WeakReference<Dentry> child : each.children.values()) {
                    Dentry there = child.get();
                    if (there != null) {
                        left.push(there);
                    }
                }
            }
        }
    }

    /** A name below that has been looked up and is still remembered; null for none. */
    public @Nullable Dentry child(String name) {
        WeakReference<Dentry> child = children == null ? null : children.get(name);
        return child == null ? null : child.get();
    }

    public void addChild(Dentry child) {
        if (children == null) {
            children = new HashMap<>();
        }
        children.put(child.name, new WeakReference<>(child));
    }

    public void removeChild(String name) {
        if (children != null) {
            children.remove(name);
        }
    }
}
