package vkernel.fs;

/** Takes directory entries (getdents64(2)). */
@FunctionalInterface
public interface DirSink {
    /**
     * One entry.
     *
     * @param name as it stands in the directory
     * @param type DT_*: the file type bits of the mode shifted right by 12
     * @param next the position behind this entry: reading goes on there
     * @return false when there is no room: the entry was not taken
     */
    boolean entry(String name, long ino, int type, long next);
}
