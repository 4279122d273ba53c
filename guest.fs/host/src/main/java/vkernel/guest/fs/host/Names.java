package vkernel.guest.fs.host;

import org.jspecify.annotations.Nullable;
import vkernel.fs.HostInode;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.host.Folder;
import vkernel.kern.Errno;
import vkernel.kern.Result;

/** Names found, made, moved and removed: the host does it, and inodes follow. */
final class Names {
    private static final int RENAME_EXCHANGE = 2;

    private final Nodes nodes;

    Names(Nodes nodes) {
        this.nodes = nodes;
    }

    Result<Inode> lookup(Inode dir, String name) {
        Inode found = nodes.at(dir, name);
        return found == null ? Result.error(nodes.error) : Result.of(found);
    }

    private Result<Inode> made(long error, Inode dir, String name) {
        if (error != 0) {
            return Result.error(error);
        }
        nodes.refresh(dir);
        return lookup(dir, name);
    }

    Result<Inode> create(Inode dir, String name, int mode) {
        String path = Places.path(dir, name);
        if (path == null) {
            return Result.error(-Errno.ENOENT);
        }
        Folder folder = nodes.folder(dir);
        long handle = folder.create(path, Nodes.permissions(mode));
        if (handle < 0) {
            return Result.error(handle);
        }
        Inode inode = nodes.opened(dir, name, handle);
        if (inode == null) {
            folder.close(handle);
            return Result.error(nodes.error);
        }
        HostInode data = Nodes.data(inode);
        data.handle = handle;
        data.writable = true;
        nodes.fresh(Nodes.volume(inode), inode);
        nodes.refresh(dir);
        return Result.of(inode);
    }

    Result<Inode> mkdir(Inode dir, String name, int mode) {
        String path = Places.path(dir, name);
        int bits = Nodes.permissions(mode & ~Mode.S_IFMT | Mode.S_IFDIR);
        return made(path == null ? -Errno.ENOENT : nodes.folder(dir).mkdir(path, bits), dir, name);
    }

    Result<Inode> symlink(Inode dir, String name, String target) {
        String path = Places.path(dir, name);
        return made(path == null ? -Errno.ENOENT : nodes.folder(dir).symlink(path, target), dir, name);
    }

    Result<String> readlink(Inode link) {
        if (!link.symlink()) {
            return Result.error(-Errno.EINVAL);
        }
        Folder folder = nodes.folder(link);
        String path = nodes.path(link, folder);
        String target = path == null ? null : folder.readlink(path);
        return target == null ? Result.error(-Errno.ENOENT) : Result.of(target);
    }

    long link(Inode dir, String name, Inode target) {
        Folder folder = nodes.folder(dir);
        String from = nodes.path(target, folder);
        String path = Places.path(dir, name);
        long error = from == null || path == null ? -Errno.ENOENT : folder.link(from, path);
        if (error == 0) {
            Places.seen(target, dir, name);
            nodes.refresh(target);
            nodes.refresh(dir);
        }
        return error;
    }

    long unlink(Inode dir, String name, Inode victim) {
        String path = Places.path(dir, name);
        long error = path == null ? -Errno.ENOENT : nodes.folder(dir).unlink(path);
        if (error == 0) {
            lost(dir, name, victim);
            nodes.refresh(dir);
        }
        return error;
    }

    /** A file has a name less. */
    private void lost(Inode dir, String name, Inode victim) {
        Places.gone(victim, dir, name);
        int left = victim.directory() ? 0 : victim.nlink - 1;
        if (victim.directory() || nodes.refresh(victim) != 0) {
            victim.nlink = Math.max(0, left);
        }
    }

    long rmdir(Inode dir, String name, Inode victim) {
        String path = Places.path(dir, name);
        long error = path == null ? -Errno.ENOENT : nodes.folder(dir).rmdir(path);
        if (error == 0) {
            lost(dir, name, victim);
            nodes.refresh(dir);
        }
        return error;
    }

    long rename(Inode from, String oldName, Inode to, String newName, int flags) {
        String source = Places.path(from, oldName);
        String target = Places.path(to, newName);
        if (source == null || target == null) {
            return -Errno.ENOENT;
        }
        Inode moved = nodes.at(from, oldName);
        if (moved == null) {
            return nodes.error;
        }
        Inode other = nodes.at(to, newName);
        long error = nodes.folder(from).rename(source, target, flags);
        if (error == 0 && moved != other) {
            boolean exchanged = (flags & RENAME_EXCHANGE) != 0;
            moved(moved, from, oldName, to, newName);
            replaced(other, exchanged, from, oldName, to, newName);
            nodes.refresh(from);
            nodes.refresh(to);
        }
        return error;
    }

    private static void moved(Inode inode, Inode from, String oldName, Inode to, String newName) {
        Places.gone(inode, from, oldName);
        Places.seen(inode, to, newName);
    }

    private void replaced(
            @Nullable Inode other, boolean exchanged, Inode from, String oldName, Inode to, String newName) {
        if (other == null) {
            return;
        }
        if (exchanged) {
            moved(other, to, newName, from, oldName);
        } else {
            lost(to, newName, other);
        }
    }
}
