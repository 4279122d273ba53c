package vkernel.host;

import java.util.Objects;

/** A ROM whose contents are at hand. */
public final class ByteRom implements Rom {
    private final byte[] contents;

    /** A ROM of these bytes, which must not change any more. */
    public ByteRom(byte[] contents) {
        this.contents = contents;
    }

    @Override
    public long size() {
        return contents.length;
    }

    @Override
    public int read(long position, byte[] to, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, to.length);
        if (position >= contents.length) return 0;
        int count = Math.min(length, contents.length - (int) position);
        System.arraycopy(contents, (int) position, to, offset, count);
        return count;
    }
}
