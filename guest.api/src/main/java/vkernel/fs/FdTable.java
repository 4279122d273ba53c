package vkernel.fs;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** File descriptors (Linux: struct files_struct); shared by tasks cloned with CLONE_FILES. Holds one reference each. */
public final class FdTable {
    private @Nullable OpenFile[] files = new OpenFile[16];
    private final BitSet closeOnExec = new BitSet();
    /** Tasks that use it. */
    public int users = 1;

    /** The file of a descriptor, or null. */
    public @Nullable OpenFile get(int fd) {
        return fd >= 0 && fd < files.length ? files[fd] : null;
    }

    /** The lowest free descriptor from {@code from}; -1 when it would not be below {@code limit}. */
    public int free(int from, long limit) {
        int fd = from;
        while (fd < files.length && files[fd] != null) {
            fd++;
        }
        return fd < limit ? fd : -1;
    }

    /** Puts a file at a descriptor, taking over the caller's reference. @return the file that was there, or null */
    public @Nullable OpenFile set(int fd, @Nullable OpenFile file, boolean cloexec) {
        if (fd >= files.length) {
            files = Arrays.copyOf(files, Math.max(fd + 1, files.length * 2));
        }
        OpenFile old = files[fd];
        files[fd] = file;
        closeOnExec.set(fd, cloexec);
        return old;
    }

    public boolean closeOnExec(int fd) {
        return closeOnExec.get(fd);
    }

    public void closeOnExec(int fd, boolean set) {
        closeOnExec.set(fd, set);
    }

    /** First number behind the highest descriptor that may be in use. */
    public int size() {
        return files.length;
    }

    /** Number of descriptors in use. */
    public int count() {
        int n = 0;
        for (OpenFile file : files) {
            if (file != null) {
                n++;
            }
        }
        return n;
    }

    /** For fork: the same files, one reference more each. */
    public FdTable copy() {
        FdTable copy = new FdTable();
        copy.files = files.clone();
        copy.closeOnExec.or(closeOnExec);
        for (OpenFile file : files) {
            if (file != null) {
                file.refs++;
            }
        }
        return copy;
    }
}
