package vkernel.rump;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import vkernel.fs.Dentry;
import vkernel.fs.DirSink;
import vkernel.fs.FileSystemType;
import vkernel.fs.FsStat;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Task;
import vkernel.vm.PageCache;

/**
 * A mounted file system by paths, for its owner: nobody's rights are asked. Paths begin at its root. One thread at a time.
 * A method that the file system refuses throws {@link ErrnoException}.
 */
public final class FileTree implements AutoCloseable {
    private static final int MOST_LINKS = 40;
    /** Bytes of one transfer. */
    private static final int PIECE = 1 << 17;
    /** Bytes written until they are brought to the disk. */
    private static final int DIRTY = 1 << 23;

    private final RumpKernel kernel;
    private final SuperBlock sb;
    private final Task task;

    /** An entry of a directory. */
    public record Entry(String name, Inode inode) {}

    private FileTree(RumpKernel kernel, SuperBlock sb) {
        this.kernel = kernel;
        this.sb = sb;
        this.task = kernel.task(0, 0);
    }

    /**
     * Mounts.
     *
     * @param type what {@link RumpKernel#add} gave
     * @param source a disk or partition, {@code vda}, {@code vda1}; else anything
     * @param options as mount(8)'s for this file system; {@code ro} is one of them
     */
    public static FileTree mount(RumpKernel kernel, Slot<FileSystemType> type, String source, String options)
            throws ErrnoException {
        Result<SuperBlock> mounted = kernel.call(() -> type.get().mount(type, 1, source, options));
        return new FileTree(kernel, done(source, mounted));
    }

    private static <T> T done(String what, Result<T> result) throws ErrnoException {
        if (!result.ok()) {
            throw new ErrnoException(what, result.error());
        }
        return result.value();
    }

    private static void done(String what, long result) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(what, result);
        }
    }

    private FileSystemType fs() {
        return sb.fs();
    }

    // --- looking ----------------------------------------------------------------------------------------------------

    public Inode root() {
        return sb.root();
    }

    /** The file system's numbers. */
    public FsStat stat() {
        return kernel.call(() -> fs().stat(sb));
    }

    /** What a path leads to, symbolic links followed. */
    public Inode find(String path) throws ErrnoException {
        return walk(List.of(root()), path, true, path, MOST_LINKS).getLast();
    }

    /** The same, but a link at the end is what is found. */
    public Inode findLink(String path) throws ErrnoException {
        return walk(List.of(root()), path, false, path, MOST_LINKS).getLast();
    }

    /** @param from folders from the root to where a relative path begins @return the same, and what was found */
    private List<Inode> walk(List<Inode> from, String path, boolean follow, String asked, int links)
            throws ErrnoException {
        List<Inode> way = new ArrayList<>(path.startsWith("/") ? List.of(root()) : from);
        String[] names = path.split("/+");
        for (int i = 0; i < names.length; i++) {
            if (names[i].isEmpty() || names[i].equals(".")) {
                continue;
            }
            if (names[i].equals("..")) {
                way.subList(Math.max(1, way.size() - 1), way.size()).clear();
                continue;
            }
            Inode next = child(way.getLast(), names[i], asked);
            if (next.symlink() && (follow || i < names.length - 1)) {
                if (links == 0) {
                    throw new ErrnoException(asked, -Errno.ELOOP);
                }
                way = walk(way, target(next), true, asked, links - 1);
            } else {
                way.add(next);
            }
        }
        return way;
    }

    private Inode child(Inode dir, String name, String asked) throws ErrnoException {
        if (!dir.directory()) {
            throw new ErrnoException(asked, -Errno.ENOTDIR);
        }
        return done(asked, kernel.call(() -> fs().lookup(task, dir, bytes(name))));
    }

    /** Where a symbolic link leads. */
    public String target(Inode link) throws ErrnoException {
        return text(done("link " + link.ino, kernel.call(() -> fs().readlink(task, link))));
    }

    /** What is in a folder, by name, without {@code .} and {@code ..}. */
    public List<Entry> list(Inode dir) throws ErrnoException {
        List<String> names = new ArrayList<>();
        readdir(dir, (name, ino, type, next) -> {
            if (!name.equals(".") && !name.equals("..")) {
                names.add(text(name));
            }
            return true;
        });
        names.sort(null);
        List<Entry> entries = new ArrayList<>();
        for (String name : names) {
            entries.add(new Entry(name, child(dir, name, name)));
        }
        return entries;
    }

    private void readdir(Inode dir, DirSink sink) throws ErrnoException {
        if (!dir.directory()) {
            throw new ErrnoException("inode " + dir.ino, -Errno.ENOTDIR);
        }
        OpenFile file = open(dir, Mode.O_RDONLY);
        long before = -1;
        while (file.position != before) {
            before = file.position;
            done("inode " + dir.ino, kernel.call(() -> fs().readdir(task, file, sink)));
        }
    }

    /** Writes a file's bytes to a stream. */
    public void read(Inode inode, OutputStream to) throws IOException {
        if (!inode.regular()) {
            throw new ErrnoException("inode " + inode.ino, inode.directory() ? -Errno.EISDIR : -Errno.EINVAL);
        }
        OpenFile file = open(inode, Mode.O_RDONLY);
        byte[] piece = new byte[PIECE];
        long at = 0;
        while (true) {
            long position = at;
            long n = kernel.call(() -> fs().read(task, file, kernel.memory().buffer(piece, 0, piece.length), position));
            done("inode " + inode.ino, n);
            if (n == 0) {
                return;
            }
            to.write(piece, 0, (int) n);
            at += n;
            forget(inode);
        }
    }

    private OpenFile open(Inode inode, int flags) {
        Dentry dentry = new Dentry(null, "", inode);
        return new OpenFile(new Path(new Mount(1, sb, dentry, null, 0), dentry), sb.type, flags);
    }

    private void forget(Inode inode) {
        PageCache pages = inode.pages;
        if (pages != null) {
            kernel.call(() -> {
                kernel.memory().forget(pages);
                return true;
            });
        }
    }

    /** Looks whether it fits together. @param report told each thing that is wrong @return how many there were */
    public long check(Consumer<String> report) throws ErrnoException {
        long faults = kernel.call(() -> fs().check(sb, report));
        done(sb.source, faults);
        return faults;
    }

    // --- changing ---------------------------------------------------------------------------------------------------

    /** Makes a folder, an existing one is as good. */
    public Inode folder(Inode dir, String name, int permissions) throws ErrnoException {
        Result<Inode> there = kernel.call(() -> fs().lookup(task, dir, bytes(name)));
        if (there.ok() && there.value().directory()) {
            return there.value();
        }
        return done(
                name,
                there.ok()
                        ? Result.error(-Errno.EEXIST)
                        : kernel.call(() -> fs().mkdir(task, dir, bytes(name), Mode.S_IFDIR | permissions)));
    }

    /** Makes a file, or replaces the bytes of one that is there. */
    public Inode write(Inode dir, String name, int permissions, InputStream from) throws IOException {
        Result<Inode> there = kernel.call(() -> fs().lookup(task, dir, bytes(name)));
        Inode inode = done(
                name,
                there.ok()
                        ? there
                        : kernel.call(() -> fs().create(task, dir, bytes(name), Mode.S_IFREG | permissions, 0)));
        if (!inode.regular()) {
            throw new ErrnoException(name, inode.directory() ? -Errno.EISDIR : -Errno.EEXIST);
        }
        done(name, kernel.call(() -> fs().truncate(task, inode, 0)));
        OpenFile file = open(inode, Mode.O_WRONLY);
        byte[] piece = new byte[PIECE];
        long at = 0;
        long clean = 0;
        for (int n = from.readNBytes(piece, 0, PIECE); n > 0; n = from.readNBytes(piece, 0, PIECE)) {
            for (int done = 0; done < n; ) {
                int begin = done;
                int rest = n - done;
                long position = at;
                long moved =
                        kernel.call(() -> fs().write(task, file, kernel.memory().buffer(piece, begin, rest), position));
                done(name, moved == 0 ? -Errno.ENOSPC : moved);
                done += (int) moved;
                at += moved;
            }
            if (at - clean >= DIRTY) {
                sync();
                forget(inode);
                clean = at;
            }
        }
        return inode;
    }

    /** Makes a symbolic link. */
    public Inode link(Inode dir, String name, String target) throws ErrnoException {
        return done(name, kernel.call(() -> fs().symlink(task, dir, bytes(name), bytes(target))));
    }

    /** Sets permissions, owner and time of change. @param mtime nanoseconds since 1970 */
    public void attributes(Inode inode, int permissions, int uid, int gid, long mtime) {
        kernel.call(() -> {
            inode.mode = inode.type() | permissions & ~Mode.S_IFMT;
            inode.uid = uid;
            inode.gid = gid;
            inode.mtime = mtime;
            fs().changed(inode);
            return true;
        });
    }

    /** Takes a name away, of a folder only if it is empty. */
    public void remove(Inode dir, String name) throws ErrnoException {
        Inode victim = child(dir, name, name);
        done(name, kernel.call(() -> {
            long error = victim.directory()
                    ? fs().rmdir(task, dir, bytes(name), victim)
                    : fs().unlink(task, dir, bytes(name), victim);
            if (error == 0 && victim.nlink == 0) {
                fs().evict(victim);
            }
            return error;
        }));
    }

    /** Brings everything to the disk. */
    public void sync() {
        kernel.call(() -> {
            fs().sync(sb);
            return true;
        });
    }

    /** Unmounts. */
    @Override
    public void close() {
        kernel.call(() -> {
            fs().unmount(sb);
            return true;
        });
    }

    /** Names are byte strings in the kernel: a char for each byte. */
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String text(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
