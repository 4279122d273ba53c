package vkernel.fs;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** A folder of the host that is mounted ({@link SuperBlock#data}). Plain data. */
public final class HostVolume {
    /** Name of the machine's folder. */
    public final String folder;
    /** Whose files those of the host's user are. */
    public final int uid;

    public final int gid;

    /** The files that somebody knows, by the host's numbers, so that each has one inode. */
    public final Map<Long, WeakReference<Inode>> inodes = new HashMap<>();
    /** When that was last cleared of those whom nobody knows any more: how many there were. */
    public int cleared = 64;
    /** Files with pages in memory, the one opened last at the end. */
    public final SequencedSet<Inode> cached = new LinkedHashSet<>();
    /** Files with modified pages. */
    public final SequencedSet<Inode> dirty = new LinkedHashSet<>();
    /** The file made last, whose handle waits for the open that follows. */
    public @Nullable Inode fresh;

    public HostVolume(String folder, int uid, int gid) {
        this.folder = folder;
        this.uid = uid;
        this.gid = gid;
    }
}
