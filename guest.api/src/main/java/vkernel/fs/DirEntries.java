package vkernel.fs;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a directory kept in memory, by name and in the order of their making. Plain data. Each has a position
 * that is never given to another, so that a reader of the directory sees every entry once, whatever is made or removed
 * meanwhile (readdir(3)).
 */
public final class DirEntries {
    /** First position given out; those below are free for "." and "..". */
    public static final long FIRST = 2;

    /** One name. Positions grow from {@link #FIRST}. */
    public record Entry(String name, Inode inode, long position) {}

    private final Map<String, Entry> byName = new HashMap<>(4);
    /** By position, with gaps where entries were removed. */
    private @Nullable Entry[] order = new Entry[4];

    private long[] positions = new long[4];
    /** Slots in use, gaps included. */
    private int used;
    /** Below it are only gaps. */
    private int head;

    private long last = FIRST - 1;

    public int size() {
        return byName.size();
    }

    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /** The file of a name; null when there is none. */
    public @Nullable Inode get(String name) {
        Entry entry = byName.get(name);
        return entry == null ? null : entry.inode();
    }

    /** Adds a name; one that is there already keeps its position and gets the new file. */
    public void put(String name, Inode inode) {
        Entry old = byName.get(name);
        if (old != null) {
            Entry changed = new Entry(name, inode, old.position());
            order[Arrays.binarySearch(positions, 0, used, old.position())] = changed;
            byName.put(name, changed);
            return;
        }
        Entry entry = new Entry(name, inode, ++last);
        if (used == order.length) {
            makeRoom();
        }
        order[used] = entry;
        positions[used++] = entry.position();
        byName.put(name, entry);
    }

    /** Removes a name. @return its file; null when there was none */
    public @Nullable Inode remove(String name) {
        Entry entry = byName.remove(name);
        if (entry == null) {
            return null;
        }
        order[Arrays.binarySearch(positions, 0, used, entry.position())] = null;
        while (head < used && order[head] == null) {
            head++;
        }
        return entry.inode();
    }

    /** The first entry at a position or behind it; null when there is none. */
    public @Nullable Entry from(long position) {
        int at = Arrays.binarySearch(positions, 0, used, position);
        for (int i = Math.max(head, at < 0 ? -at - 1 : at); i < used; i++) {
            if (order[i] != null) {
                return order[i];
            }
        }
        return null;
    }

    /** Closes the gaps, and grows if that gives less than half. */
    private void makeRoom() {
        if (byName.size() > used / 2) {
            order = Arrays.copyOf(order, used * 2);
            positions = Arrays.copyOf(positions, used * 2);
        }
        int n = 0;
        for (int i = 0; i < used; i++) {
            Entry entry = order[i];
            if (entry != null) {
                order[n] = entry;
                positions[n++] = entry.position();
            }
        }
        Arrays.fill(order, n, used, null);
        used = n;
        head = 0;
    }
}
