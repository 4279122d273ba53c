package vkernel.guest.fs.host;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import vkernel.fs.HostInode;
import vkernel.fs.HostVolume;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.SuperBlock;
import vkernel.fs.Vfs;
import vkernel.host.FileStatus;
import vkernel.host.Folder;
import vkernel.host.Host;
import vkernel.kern.Errno;
import vkernel.vm.PageCache;

/** The host's files as inodes, one for each; what they are, and their handles (Linux: fs/9p/vfs_inode.c). */
final class Nodes {
    /** Whose files those are that are not the host's user's. */
    private static final int NOBODY = 65534;

    private final Host host;
    private final FileStatus status = new FileStatus();
    private Consumer<Inode> changed = inode -> {};

    Nodes(Host host) {
        this.host = host;
    }

    /** Says who is told when the host has changed the contents of a file of which pages are in memory. */
    void changed(Consumer<Inode> told) {
        changed = told;
    }

    static HostInode data(Inode inode) {
        if (inode.data instanceof HostInode data) {
            return data;
        }
        throw new IllegalArgumentException(inode + " is not of a folder of the host");
    }

    static HostVolume volume(Inode inode) {
        return volume(inode.sb);
    }

    static HostVolume volume(SuperBlock sb) {
        if (sb.data instanceof HostVolume volume) {
            return volume;
        }
        throw new IllegalArgumentException(sb.source + " is no folder of the host");
    }

    Folder folder(Inode inode) {
        return host.folder(volume(inode).folder);
    }

    // --- which ------------------------------------------------------------------------------------------------------

    long root(SuperBlock sb, HostVolume volume) {
        sb.data = volume;
        long error = host.folder(volume.folder).stat("", status);
        if (error == 0) {
            Inode root = made(sb);
            root.parent = root;
            sb.root(root);
        }
        return error;
    }

    /** The inode of a path; null when there is none, and then {@link #error} says why. */
    @Nullable
    Inode at(Inode dir, String name) {
        String path = Places.path(dir, name);
        error = path == null ? -Errno.ENOENT : folder(dir).stat(path, status);
        if (error != 0) {
            return null;
        }
        Inode inode = known(dir.sb);
        Places.seen(inode, dir, name);
        return inode;
    }

    /** Why {@link #at} has found nothing. */
    long error;

    /** The inode of what was just made and is open. */
    @Nullable
    Inode opened(Inode dir, String name, long handle) {
        error = folder(dir).stat(handle, status);
        if (error != 0) {
            return null;
        }
        Inode inode = known(dir.sb);
        Places.seen(inode, dir, name);
        return inode;
    }

    private Inode known(SuperBlock sb) {
        WeakReference<Inode> reference = volume(sb).inodes.get(status.ino);
        Inode inode = reference == null ? null : reference.get();
        boolean same = inode != null
                && inode.type() == (status.mode & Mode.S_IFMT)
                && inode.btime == status.btime
                && inode.nlink > 0;
        if (!same || inode == null) {
            return made(sb);
        }
        apply(inode);
        return inode;
    }

    private Inode made(SuperBlock sb) {
        HostVolume volume = volume(sb);
        Inode inode = new Inode(sb, status.ino, status.mode);
        inode.data = new HostInode();
        inode.btime = status.btime;
        if (inode.regular()) {
            PageCache pages = new PageCache();
            pages.store = pages(sb);
            pages.file = inode;
            inode.pages = pages;
        } else if (!inode.directory() && !inode.symlink()) {
            inode.ops = sb.type; // who opens it is refused
        }
        apply(inode);
        volume.inodes.put(inode.ino, new WeakReference<>(inode));
        if (volume.inodes.size() > volume.cleared * 2) {
            volume.inodes.values().removeIf(reference -> reference.get() == null);
            volume.cleared = Math.max(64, volume.inodes.size());
        }
        return inode;
    }

    /** The slot of the file system is that of its pages, too: who fills it is both. */
    @SuppressWarnings("unchecked")
    private static vkernel.kern.Slot<? extends vkernel.vm.PageStore> pages(SuperBlock sb) {
        return (vkernel.kern.Slot<? extends vkernel.vm.PageStore>) (vkernel.kern.Slot<?>) sb.type;
    }

    /** All of a mounted folder that somebody knows. */
    List<Inode> all(SuperBlock sb) {
        List<Inode> all = new ArrayList<>();
        for (WeakReference<Inode> reference : volume(sb).inodes.values()) {
            Inode inode = reference.get();
            if (inode != null) {
                all.add(inode);
            }
        }
        return all;
    }

    void forget(Inode inode) {
        release(inode);
        HostVolume volume = volume(inode);
        WeakReference<Inode> reference = volume.inodes.get(inode.ino);
        if (reference != null && reference.get() == inode) {
            volume.inodes.remove(inode.ino);
        }
        data(inode).places.clear();
    }

    // --- what -------------------------------------------------------------------------------------------------------

    private void apply(Inode inode) {
        HostVolume volume = volume(inode);
        int user = host.folder(volume.folder).user();
        inode.mode = status.mode;
        inode.uid = status.uid == user ? volume.uid : NOBODY;
        inode.gid = status.uid == user ? volume.gid : NOBODY;
        inode.nlink = status.links;
        inode.atime = status.atime;
        inode.mtime = status.mtime;
        inode.ctime = status.ctime;
        inode.size = status.size;
        PageCache pages = inode.pages;
        if (pages == null) {
            return;
        }
        HostInode data = data(inode);
        if (pages.count() > 0 && (data.mtime != status.mtime || data.size != status.size)) {
            changed.accept(inode);
        }
        data.mtime = status.mtime;
        data.size = status.size;
        pages.size = status.size;
    }

    /** Asks the host what a file is now. @return 0 or -errno, and then nothing is known anew */
    long refresh(Inode inode) {
        long found = ask(inode);
        if (found == 0) {
            apply(inode);
        }
        return found;
    }

    /** The same when it is we who have written: pages in memory are right. */
    void written(Inode inode) {
        if (ask(inode) == 0) {
            data(inode).mtime = status.mtime;
            data(inode).size = status.size;
            apply(inode);
        }
    }

    private long ask(Inode inode) {
        HostInode data = data(inode);
        Folder folder = folder(inode);
        if (data.handle >= 0) {
            return folder.stat(data.handle, status);
        }
        if (inode == inode.sb.root()) {
            return folder.stat("", status);
        }
        return found(inode, folder) == null ? -Errno.ESTALE : 0;
    }

    /** A path that leads to a file; null when none does. */
    @Nullable
    String path(Inode inode, Folder folder) {
        if (inode == inode.sb.root()) {
            return "";
        }
        return found(inode, folder);
    }

    /** The first path that a file was seen at and is still; {@link #status} is the file's then. */
    private @Nullable String found(Inode inode, Folder folder) {
        for (String path : Places.paths(inode)) {
            if (folder.stat(path, status) == 0 && status.ino == inode.ino) {
                return path;
            }
        }
        return null;
    }

    long change(Inode inode, int mode, int uid, int gid, long atime, long mtime) {
        if (uid != inode.uid || gid != inode.gid) {
            return -Errno.EPERM; // all that is made belongs to the host's user
        }
        Folder folder = folder(inode);
        long handle = data(inode).handle;
        String path = handle < 0 ? path(inode, folder) : "";
        if (path == null) {
            return -Errno.ENOENT;
        }
        long error = 0;
        if (mode != inode.mode && !inode.symlink()) {
            int bits = permissions(mode);
            error = handle < 0 ? folder.chmod(path, bits) : folder.chmod(handle, bits);
        }
        boolean times = atime != Vfs.UTIME_OMIT || mtime != Vfs.UTIME_OMIT;
        if (error == 0 && times) {
            long access = atime == Vfs.UTIME_OMIT ? Folder.OMIT : atime;
            long modification = mtime == Vfs.UTIME_OMIT ? Folder.OMIT : mtime;
            error = handle < 0
                    ? folder.utimes(path, access, modification)
                    : folder.utimes(handle, access, modification);
        }
        return error;
    }

    /** A guest makes no program of the host run with its owner's rights. */
    static int permissions(int mode) {
        boolean directory = (mode & Mode.S_IFMT) == Mode.S_IFDIR;
        return directory ? mode & (01777 | Mode.S_ISGID) : mode & 01777;
    }

    // --- handles ----------------------------------------------------------------------------------------------------

    /** The handle of a file, opened if need be. @return it, or -errno */
    long handle(Inode inode, boolean write) {
        HostInode data = data(inode);
        if (data.handle >= 0 && (data.writable || !write)) {
            return data.handle;
        }
        Folder folder = folder(inode);
        long refused = -Errno.ESTALE;
        for (String path : Places.paths(inode)) {
            long handle = open(folder, path, write);
            if (handle >= 0) {
                if (folder.stat(handle, status) == 0 && status.ino == inode.ino) {
                    release(inode);
                    data.handle = handle;
                    data.writable = write;
                    return handle;
                }
                folder.close(handle);
            } else if (handle != -Errno.ENOENT) {
                refused = handle;
            }
        }
        return refused;
    }

    private static long open(Folder folder, String path, boolean write) {
        long handle = folder.open(path, write ? Folder.READ_WRITE : Folder.READ);
        return handle == -Errno.EACCES && write ? folder.open(path, Folder.WRITE) : handle;
    }

    /** Closes the handle of a file. */
    void release(Inode inode) {
        HostInode data = data(inode);
        if (data.handle >= 0) {
            folder(inode).close(data.handle);
            data.handle = -1;
            data.writable = false;
        }
    }

    /** Closes it unless somebody has the file open. */
    void releaseUnused(Inode inode) {
        if (data(inode).users == 0 && volume(inode).fresh != inode) {
            release(inode);
        }
    }

    /** Another file has been made, or this one is in use: the handle of the one before waits for nobody. */
    void fresh(HostVolume volume, @Nullable Inode inode) {
        Inode before = volume.fresh;
        volume.fresh = inode;
        if (before != null && before != inode) {
            releaseUnused(before);
        }
    }
}
