package vkernel.fs;

import org.jspecify.annotations.Nullable;
import vkernel.kern.Slot;

/** An open file description (Linux: struct file). Plain data. */
public final class OpenFile {
    /** Where it was opened; for a pipe or socket a place of no name. */
    public final Path path;
    /** Who serves it. */
    public final Slot<? extends FileOps> ops;
    /** O_* of open(2), without the creation flags. */
    public int flags;
    /** File offset, bytes; for a directory whatever its file system likes. */
    public long position;
    /** Descriptors, mappings and others that hold it. Closed with the last. */
    public int refs = 1;
    /** What a driver keeps for this open: a type of guest.api or plain JDK values. */
    public @Nullable Object data;
    /** Who gets SIGIO: pid, or negative pgid (fcntl F_SETOWN). */
    public int owner;
    /** Whether that is a thread's (fcntl F_SETOWN_EX). */
    public boolean ownerThread;
    /** What they get instead of SIGIO, with details; 0 for SIGIO without (fcntl F_SETSIG). */
    public int signal;

    public OpenFile(Path path, Slot<? extends FileOps> ops, int flags) {
        this.path = path;
        this.ops = ops;
        this.flags = flags;
    }

    public FileOps ops() {
        return ops.get();
    }

    public Inode inode() {
        return path.inode();
    }

    public boolean readable() {
        return (flags & Mode.O_ACCMODE) != Mode.O_WRONLY && (flags & Mode.O_PATH) == 0;
    }

    public boolean writable() {
        return (flags & Mode.O_ACCMODE) != Mode.O_RDONLY && (flags & Mode.O_PATH) == 0;
    }

    public boolean nonblocking() {
        return (flags & Mode.O_NONBLOCK) != 0;
    }
}
