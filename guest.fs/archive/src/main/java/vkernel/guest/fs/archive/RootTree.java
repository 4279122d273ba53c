package vkernel.guest.fs.archive;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vkernel.fs.FileSystemType;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.SuperBlock;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.task.Task;

/**
 * The tree that an archive describes, made in a mounted file system. A path is taken from the root, absolute or not;
 * ".." and symbolic links on the way lead nowhere outside it. A later entry replaces an earlier one of its name.
 */
final class RootTree {
    private static final int MAX_LINKS = 40;
    private static final int NAME_MAX = 255;
    private static final int PATH_MAX = 4096;
    /** What no path is. */
    private static final String NOTHING = "\0";

    private final SuperBlock sb;
    private final FileSystemType fs;
    private final Task task;
    /** When directories were changed: what is put into them afterwards does not count. */
    private final Map<Inode, Long> times = new IdentityHashMap<>();

    /** Where the walk before led, for most entries stand beside the one before. */
    private String before = NOTHING;

    private Inode beforeDirectory;

    private int links;
    /** Where {@link #walk} has found the last name. */
    private Inode directory;

    private String name = "";

    RootTree(SuperBlock sb, Task task) {
        this.sb = sb;
        this.fs = sb.fs();
        this.task = task;
        directory = sb.root();
        beforeDirectory = directory;
    }

    /**
     * Adds an entry.
     *
     * @param position for messages
     * @return its inode, null for one that is left out (a socket)
     */
    @Nullable
    Inode add(Entry entry, long position) throws ArchiveException {
        walk(entry.path(), position);
        boolean wantsDirectory = (entry.mode() & Mode.S_IFMT) == Mode.S_IFDIR;
        Inode old = name.isEmpty() ? directory : find(directory, name);
        if (old != null && old.directory()) {
            if (!wantsDirectory) {
                throw wrong(position, entry.path(), "stands in the place of a directory");
            }
            return set(old, entry);
        }
        if (old != null) {
            replace(old, position, entry.path());
        }
        Inode made = make(entry, position);
        return made == null ? null : set(made, entry);
    }

    private void replace(Inode old, long position, String path) throws ArchiveException {
        check(fs.unlink(task, directory, name, old), position, path);
        if (old.nlink == 0) {
            fs.evict(old);
        }
    }

    private @Nullable Inode make(Entry entry, long position) throws ArchiveException {
        Result<Inode> made = switch (entry.mode() & Mode.S_IFMT) {
            case Mode.S_IFDIR -> fs.mkdir(task, directory, name, entry.mode());
            case Mode.S_IFLNK -> fs.symlink(task, directory, name, target(entry, position));
            case Mode.S_IFREG, Mode.S_IFCHR, Mode.S_IFBLK, Mode.S_IFIFO ->
                fs.create(task, directory, name, entry.mode(), entry.rdev());
            case Mode.S_IFSOCK -> null;
            default -> {
                String mode = Integer.toOctalString(entry.mode());
                throw wrong(position, entry.path(), "is of an unknown type, mode " + mode);
            }
        };
        if (made == null) {
            return null;
        }
        check(made.error(), position, entry.path());
        return made.value();
    }

    private static String target(Entry entry, long position) throws ArchiveException {
        if (entry.link().isEmpty()
                || entry.link().length() >= PATH_MAX
                || entry.link().indexOf('\0') >= 0) {
            throw wrong(position, entry.path(), "is a symbolic link to nothing, or to no name");
        }
        return entry.link();
    }

    private Inode set(Inode inode, Entry entry) {
        inode.mode = inode.type() | entry.mode() & 07777;
        inode.uid = entry.uid();
        inode.gid = entry.gid();
        inode.atime = inode.mtime = inode.ctime = entry.mtime();
        if (!entry.xattrs().isEmpty()) {
            sb.xattrBytes += bytes(entry.xattrs()) - (inode.xattrs == null ? 0 : bytes(inode.xattrs));
            inode.xattrs = new TreeMap<>(entry.xattrs());
        }
        if (inode.directory()) {
            times.put(inode, entry.mtime());
        }
        return inode;
    }

    private static long bytes(Map<String, byte[]> xattrs) {
        long bytes = 0;
        for (var entry : xattrs.entrySet()) {
            bytes += entry.getKey().length() + entry.getValue().length;
        }
        return bytes;
    }

    /** Adds a hard link. @param target its path in the archive */
    void link(String path, String target, long position) throws ArchiveException {
        walk(target, position);
        Inode found = name.isEmpty() ? null : find(directory, name);
        if (found == null) {
            throw wrong(position, path, "is a link to " + target + ", which is not there");
        }
        link(path, found, position);
    }

    void link(String path, Inode target, long position) throws ArchiveException {
        if (target.directory()) {
            throw wrong(position, path, "is a hard link to a directory");
        }
        walk(path, position);
        Inode old = name.isEmpty() ? directory : find(directory, name);
        if (old == target) {
            return;
        }
        if (old != null && old.directory()) {
            throw wrong(position, path, "stands in the place of a directory");
        }
        if (old != null) {
            replace(old, position, path);
        }
        check(fs.link(task, directory, name, target), position, path);
        target.ctime = target.mtime;
    }

    /** To the directory of a path's last name; directories that are not there are made. */
    private void walk(String path, long position) throws ArchiveException {
        if (path.length() >= PATH_MAX) {
            throw wrong(position, path.substring(0, 64) + "…", "is too long");
        }
        if (path.indexOf('\0') >= 0) {
            throw wrong(position, path, "has a NUL in its name");
        }
        name = "";
        links = 0;
        int slash = path.lastIndexOf('/');
        String last = path.substring(slash + 1);
        boolean again = slash >= 0 && slash == before.length() && path.startsWith(before);
        if (again && !last.isEmpty() && !last.startsWith(".") && last.length() <= NAME_MAX) {
            directory = beforeDirectory;
            name = last;
            return;
        }
        directory = sb.root();
        steps(path, path, position);
        // a directory once made stays; but a symbolic link on the way may be replaced
        before = links == 0 && slash > 0 && name.equals(last) ? path.substring(0, slash) : NOTHING;
        beforeDirectory = directory;
    }

    private void steps(String path, String whole, long position) throws ArchiveException {
        for (String step : path.split("/")) {
            if (step.isEmpty() || step.equals(".")) {
                continue;
            }
            enter(whole, position);
            if (step.equals("..")) {
                directory = directory.parent == null ? sb.root() : directory.parent;
            } else if (step.length() > NAME_MAX) {
                throw wrong(position, whole, "has a name of more than " + NAME_MAX + " bytes");
            } else {
                name = step;
            }
        }
    }

    /** Goes into {@link #name}, of which it was not known yet that more follows. */
    private void enter(String path, long position) throws ArchiveException {
        if (name.isEmpty()) {
            return;
        }
        String into = name;
        name = "";
        Inode next = find(directory, into);
        if (next == null) {
            Result<Inode> made = fs.mkdir(task, directory, into, Mode.S_IFDIR | 0755);
            check(made.error(), position, path);
            next = made.value();
        }
        if (next.symlink()) {
            if (++links > MAX_LINKS) {
                throw wrong(position, path, "goes round in symbolic links");
            }
            String target = next.target == null ? "" : next.target;
            directory = target.startsWith("/") ? sb.root() : directory;
            steps(target, path, position);
            enter(path, position);
            return;
        }
        if (!next.directory()) {
            throw wrong(position, path, "goes through " + into + ", which is no directory");
        }
        directory = next;
    }

    private @Nullable Inode find(Inode dir, String step) {
        Result<Inode> found = fs.lookup(task, dir, step);
        return found.ok() ? found.value() : null;
    }

    /** All entries are in. */
    void finish() {
        times.forEach((inode, time) -> inode.mtime = inode.ctime = time);
    }

    private static void check(long error, long position, String path) throws ArchiveException {
        if (error != 0) {
            throw new ArchiveException((int) -error, position, path + " cannot be made: " + Errno.name((int) -error));
        }
    }

    private static ArchiveException wrong(long position, String path, String what) {
        return new ArchiveException(Errno.EINVAL, position, path + " " + what);
    }
}
