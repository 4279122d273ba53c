package vkernel.guest.fs.archive;

import vkernel.fs.Inode;
import vkernel.host.Rom;
import vkernel.kern.Errno;

/** An archive as a stream of bytes, unpacked if it was gzip. */
abstract class Input {
    private long position;

    /** Bytes from the start. */
    final long position() {
        return position;
    }

    /** Reads up to {@code length} bytes, at least one but at the end. @return bytes, 0 at the end */
    abstract int some(byte[] to, int offset, int length) throws ArchiveException;

    /** Goes on by up to {@code length} bytes. @return bytes */
    abstract long skipSome(long length) throws ArchiveException;

    /** Makes the next bytes what is in a regular file. @param length at most what {@link #check} allows */
    abstract void content(Inode file, long length) throws ArchiveException;

    /** The archive has been read: looks at what is left for damage. */
    abstract void finish() throws ArchiveException;

    /** Refuses a length that cannot be. */
    abstract void check(long length) throws ArchiveException;

    final void moved(long bytes) {
        position += bytes;
    }

    /** Reads exactly so many bytes. */
    final void read(byte[] to, int length, String what) throws ArchiveException {
        if (readUpTo(to, length) < length) {
            throw truncated(what);
        }
    }

    /** Reads so many bytes, fewer only at the end. */
    final int readUpTo(byte[] to, int length) throws ArchiveException {
        int done = 0;
        while (done < length) {
            int n = some(to, done, length - done);
            if (n == 0) {
                break;
            }
            done += n;
            position += n;
        }
        return done;
    }

    final byte[] read(int length, String what) throws ArchiveException {
        byte[] bytes = new byte[length];
        read(bytes, length, what);
        return bytes;
    }

    final void skip(long length, String what) throws ArchiveException {
        long done = 0;
        while (done < length) {
            long n = skipSome(length - done);
            if (n == 0) {
                throw truncated(what);
            }
            done += n;
            position += n;
        }
    }

    /** Goes on to a multiple of a power of two. */
    final void align(int to, String what) throws ArchiveException {
        skip(-position & to - 1, what);
    }

    final ArchiveException corrupt(String message) {
        return new ArchiveException(Errno.EINVAL, position, message);
    }

    final ArchiveException truncated(String what) {
        return corrupt("the archive ends within " + what + ": it is truncated");
    }

    /** What a ROM holds, by its first bytes. */
    static Input of(String name, Rom rom, Memory memory) throws ArchiveException {
        byte[] magic = new byte[6];
        int n = rom.read(0, magic, 0, magic.length);
        if (n == 0) {
            throw new ArchiveException(Errno.EINVAL, "it is empty");
        }
        if (starts(magic, 0x1f, 0x8b)) {
            return new GzipInput(rom, memory);
        }
        String packed = starts(magic, 0xfd, '7', 'z', 'X', 'Z')
                ? "xz"
                : starts(magic, 0x28, 0xb5, 0x2f, 0xfd) ? "zstd" : starts(magic, 'B', 'Z', 'h') ? "bzip2" : "";
        if (!packed.isEmpty()) {
            throw new ArchiveException(Errno.EINVAL, "it is packed with " + packed + ": unpack it, or use gzip");
        }
        return new RomInput(name, rom);
    }

    private static boolean starts(byte[] bytes, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
