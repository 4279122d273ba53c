package vkernel.boot.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What stat(2) says of a file.
 *
 * @param mode type and permissions
 * @param size bytes
 * @param mtime nanoseconds since 1970
 */
public record Stat(long dev, long ino, int mode, int nlink, int uid, int gid, long rdev, long size, long mtime) {
    /** Bytes of the structure (asm-generic/stat.h). */
    static final int SIZE = 128;

    static Stat of(byte[] bytes) {
        ByteBuffer stat = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return new Stat(
                stat.getLong(0),
                stat.getLong(8),
                stat.getInt(16),
                stat.getInt(20),
                stat.getInt(24),
                stat.getInt(28),
                stat.getLong(32),
                stat.getLong(48),
                stat.getLong(88) * 1_000_000_000 + stat.getLong(96));
    }

    public boolean directory() {
        return (mode & vkernel.fs.Mode.S_IFMT) == vkernel.fs.Mode.S_IFDIR;
    }
}
