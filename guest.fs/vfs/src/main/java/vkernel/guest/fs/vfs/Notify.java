package vkernel.guest.fs.vfs;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Dentry;
import vkernel.fs.Inode;
import vkernel.fs.Inotify;
import vkernel.fs.Inotify.Watch;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Kernel;

/** Tells those who watch files what happens to them (Linux: fs/notify, linux/fsnotify.h, where the events are made). */
final class Notify {
    private final Kernel kernel;

    Notify(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Something was done with an open file. */
    void about(OpenFile file, int event) {
        if ((file.flags & Mode.O_PATH) == 0) {
            about(file.path.dentry(), event);
        }
    }

    /** Something happened to a file: its own watchers are told, and those of the directory that it is in. */
    void about(Dentry dentry, int event) {
        Dentry parent = dentry.parent;
        Inode inode = dentry.inode;
        Inode dir = parent == null ? null : parent.inode;
        if (inode == null || inode.watches == null && (dir == null || dir.watches == null)) {
            return;
        }
        int mask = inode.directory() ? event | Inotify.ISDIR : event;
        if (dir != null && dir.watches != null) {
            tell(dir, mask, 0, dentry.name, dentry.unlinked);
        }
        tell(inode, mask, 0, "", false);
    }

    /** Something happened to a file itself, whatever its names are. */
    void self(@Nullable Inode inode, int event) {
        if (inode != null) {
            boolean shown = inode.directory() && (event & (Inotify.MOVE_SELF | Inotify.DELETE_SELF)) == 0;
            tell(inode, shown ? event | Inotify.ISDIR : event, 0, "", false);
        }
    }

    /** A name came to a directory or went. */
    void name(Inode dir, String name, Inode inode, int event) {
        tell(dir, inode.directory() ? event | Inotify.ISDIR : event, 0, name, false);
    }

    /** A file has another name. @param replaced the file that had it */
    void moved(
            Inode from, String oldName, Inode to, String newName, Inode moved, @Nullable Inode replaced, int cookie) {
        int folder = moved.directory() ? Inotify.ISDIR : 0;
        tell(from, Inotify.MOVED_FROM | folder, cookie, oldName, false);
        tell(to, Inotify.MOVED_TO | folder, cookie, newName, false);
        self(replaced, Inotify.ATTRIB);
        self(moved, Inotify.MOVE_SELF);
    }

    /** A file that nothing refers to any more goes for good. */
    void evictIfGone(Inode inode) {
        if (inode.nlink == 0 && inode.opens == 0 && inode.watches != null) {
            self(inode, Inotify.DELETE_SELF);
            for (Watch watch : inode.watches == null ? List.<Watch>of() : List.copyOf(inode.watches)) {
                watch.of.remove(watch);
                kernel.wake(watch.of.readers);
            }
        }
        Tree.evictIfGone(inode);
    }

    private void tell(Inode inode, int mask, int cookie, String name, boolean unlinked) {
        List<Watch> watches = inode.watches;
        if (watches == null) {
            return;
        }
        for (Watch watch : List.copyOf(watches)) {
            if ((watch.mask & mask & Inotify.ALL) == 0 || unlinked && (watch.mask & Inotify.EXCL_UNLINK) != 0) {
                continue;
            }
            if (watch.of.add(new Inotify.Event(watch.number, mask, cookie, name))) {
                kernel.wake(watch.of.readers);
            }
            if ((watch.mask & Inotify.ONESHOT) != 0) {
                watch.of.remove(watch);
            }
        }
    }
}
