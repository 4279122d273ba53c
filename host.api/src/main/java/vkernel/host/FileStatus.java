package vkernel.host;

/** What a file of a {@link Folder} is (struct statx). Times are nanoseconds since 1970. */
public final class FileStatus {
    /** Type and permissions, as in Linux. */
    public int mode;

    public long ino;
    public int links;
    public int uid;
    public int gid;
    public long size;
    /** Of 512 bytes, that it takes. */
    public long blocks;

    public long atime;
    public long mtime;
    public long ctime;
    /** When it was made; 0 where the host does not know. */
    public long btime;
}
