package vkernel.fs;

import java.util.ArrayList;
import java.util.List;

/** What a file system of folders of the host keeps of a file ({@link Inode#data}). Plain data. */
public final class HostInode {
    /** A name under which the file was seen. */
    public record Place(Inode dir, String name) {}

    /** What a folder held when it was read ({@link OpenFile#data}): a reader sees that, whatever happens meanwhile. */
    public record Listing(List<String> names, List<Long> inos, List<Integer> types) {}

    /** Where it was seen, the latest first; empty for the root and for what has no name any more. */
    public final List<Place> places = new ArrayList<>(1);
    /** Of the host, for as long as somebody has it open; -1 for none. */
    public long handle = -1;
    /** Whether the handle is for writing too. */
    public boolean writable;
    /** Open files that use the handle. */
    public int users;
    /** The host's times of change and size when pages were taken into memory. */
    public long mtime;

    public long size;
    /** The first error of writing pages back that nobody has been told of; 0 for none. */
    public long error;
}
