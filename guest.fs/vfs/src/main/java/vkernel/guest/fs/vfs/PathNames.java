package vkernel.guest.fs.vfs;

import java.util.ArrayList;
import java.util.List;
import vkernel.fs.Dentry;
import vkernel.fs.Mount;
import vkernel.fs.Path;

/** From a place to its name (Linux: fs/d_path.c). */
final class PathNames {
    private final Tree tree;

    PathNames(Tree tree) {
        this.tree = tree;
    }

    /** The name as seen from a root. */
    String name(Path root, Path path) {
        Mount mount = path.mount();
        Dentry dentry = path.dentry();
        if (mount == tree.anonymous) {
            return dentry.name.startsWith("anon_inode:") ? dentry.name : dentry.name + ":[" + dentry.inode().ino + "]";
        }
        List<String> names = new ArrayList<>();
        boolean reached = true;
        while (mount != root.mount() || dentry != root.dentry()) {
            Dentry parent = dentry.parent;
            Path point = mount.point;
            if (dentry != mount.root && parent != null) {
                names.add(dentry.name);
                dentry = parent;
            } else if (point != null) {
                mount = point.mount();
                dentry = point.dentry();
            } else {
                reached = false;
                break;
            }
        }
        String name = "/" + String.join("/", names.reversed());
        return (reached ? "" : "(unreachable)") + name + (path.dentry().unlinked ? " (deleted)" : "");
    }
}
