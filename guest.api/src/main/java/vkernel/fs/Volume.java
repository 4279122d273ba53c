package vkernel.fs;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vkernel.task.WaitQueue;

/** A mounted file system that lies on a disk ({@link SuperBlock#data}): what is not on the disk yet. Plain data. */
public final class Volume {
    /** The device number of its disk. */
    public final long rdev;
    /** The super block as it lies on the disk. */
    public final byte[] superBlock;
    /** Blocks of the file system's own data that were changed since the last commit began, by number. */
    public Map<Long, byte[]> running = new LinkedHashMap<>();
    /** Blocks of the commit under way, until they are in their places; empty for none. */
    public Map<Long, byte[]> committing = Map.of();
    /** Files that are in memory, by number. */
    public final Map<Long, WeakReference<Inode>> inodes = new HashMap<>();
    /** Files whose attributes were changed. */
    public final SequencedSet<Inode> changed = new LinkedHashSet<>();
    /** Files whose pages were changed. */
    public final SequencedSet<Inode> dirty = new LinkedHashSet<>();
    /** Files without a name that are open, by number, the newest last. */
    public final List<Long> orphans = new ArrayList<>();
    /** Runs of blocks, by their first, that were given back since the last commit began: not to be used before it is done. */
    public NavigableMap<Long, Integer> freed = new TreeMap<>();
    /** The same, of the commit under way. */
    public NavigableMap<Long, Integer> freeing = new TreeMap<>();

    public long freeBlocks;
    public long freeInodes;
    /** Blocks promised to pages that have no place yet. */
    public long promised;
    /** Bytes of pages that were modified since the last commit began. */
    public long written;

    /** The sequence number of the journal's next commit. */
    public int sequence;
    /** Where the journal's blocks lie; empty for no journal. */
    public long[] journal = {};

    /** The journal's first block, which says where recovery begins. */
    public byte[] journalSuper = {};

    /** Commits begun and done. */
    public long begun;

    public long done;
    /** Woken when a commit is done. */
    public final WaitQueue commits = new WaitQueue();
    /** What follows when the disk makes no sense: 1 for going on, 2 for being read-only, 3 for a panic (s_errors). */
    public int onErrors = 1;
    /** Why nothing is written any more; null while all is well. */
    public @Nullable String failure;

    public Volume(long rdev, byte[] superBlock) {
        this.rdev = rdev;
        this.superBlock = superBlock;
    }

    /** Whether there is anything that the disk does not have. */
    public boolean modified() {
        return !running.isEmpty() || !changed.isEmpty() || !dirty.isEmpty();
    }
}
