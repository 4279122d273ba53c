package vkernel.fs;

import org.jspecify.annotations.Nullable;
import vkernel.kern.Slot;

/** A mounted file system's own data (Linux: struct super_block). */
public final class SuperBlock {
    /** Who serves it. */
    public final Slot<FileSystemType> type;
    /** Device number of its files (st_dev). */
    public final long device;
    /** What was mounted (proc(5), mounts: first field). */
    public final String source;

    public boolean readOnly;
    /** Mount options as shown, for instance {@code size=1024k}. */
    public String options = "";

    private @Nullable Inode root;
    private long lastIno;

    /** Pages of files, and most that may be; 0 for no limit (tmpfs). */
    public long pages;

    public long maxPages;

    /** Inodes, and most that may be; 0 for no limit (tmpfs). */
    public long inodes;

    public long maxInodes;

    /** Bytes of names and values of extended attributes. */
    public long xattrBytes;

    /** A file system's own: a type of guest.api or plain JDK values only. */
    public @Nullable Object data;

    public SuperBlock(Slot<FileSystemType> type, long device, String source) {
        this.type = type;
        this.device = device;
        this.source = source;
    }

    public FileSystemType fs() {
        return type.get();
    }

    public void root(Inode inode) {
        root = inode;
    }

    public Inode root() {
        if (root == null) {
            throw new IllegalStateException("no root inode yet");
        }
        return root;
    }

    public long nextIno() {
        return ++lastIno;
    }
}
