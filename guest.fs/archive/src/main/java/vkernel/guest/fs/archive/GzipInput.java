package vkernel.guest.fs.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import vkernel.fs.Inode;
import vkernel.host.Rom;
import vkernel.kern.Errno;

/** A gzip archive: what is in files is unpacked into memory. */
final class GzipInput extends Input {
    private static final int BUFFER = 1 << 16;

    private final InputStream stream;
    private final Memory memory;
    private final byte[] buffer = new byte[BUFFER];

    GzipInput(Rom rom, Memory memory) throws ArchiveException {
        this.memory = memory;
        try {
            stream = new GZIPInputStream(new RomStream(rom), BUFFER);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    int some(byte[] to, int offset, int length) throws ArchiveException {
        try {
            return Math.max(0, stream.read(to, offset, length));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private ArchiveException failure(IOException e) {
        return e instanceof EOFException
                ? corrupt("the gzip data end too early: the archive is truncated")
                : corrupt("the gzip data are damaged: " + e.getMessage());
    }

    @Override
    long skipSome(long length) throws ArchiveException {
        return some(buffer, 0, (int) Math.min(length, buffer.length));
    }

    @Override
    void check(long length) throws ArchiveException {
        if (length > memory.free()) {
            throw new ArchiveException(
                    Errno.ENOMEM,
                    position(),
                    "a file of " + length + " bytes does not fit into memory (" + (memory.free() >> 20)
                            + " MiB free); an archive that is not packed is read in place");
        }
    }

    /** The checksum of all of it stands at the end. */
    @Override
    void finish() throws ArchiveException {
        for (long n = skipSome(BUFFER); n > 0; n = skipSome(BUFFER)) {
            moved(n);
        }
    }

    @Override
    void content(Inode file, long length) throws ArchiveException {
        for (long at = 0; at < length; ) {
            int n = some(buffer, 0, (int) Math.min(length - at, buffer.length));
            if (n == 0) {
                throw truncated("a file");
            }
            if (!memory.store(file, at, buffer, n)) {
                throw new ArchiveException(Errno.ENOMEM, position(), "no memory is left to unpack into");
            }
            moved(n);
            at += n;
        }
    }

    /** A ROM from its start on. */
    private static final class RomStream extends InputStream {
        private final Rom rom;
        private long at;

        RomStream(Rom rom) {
            this.rom = rom;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 1 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            int n = rom.read(at, to, offset, length);
            at += n;
            return n == 0 && length > 0 ? -1 : n;
        }

        /** GZIPInputStream asks this to find out whether another member follows. */
        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, rom.size() - at);
        }
    }
}
