package vkernel.guest.fs.archive;

import vkernel.fs.Inode;
import vkernel.host.Rom;
import vkernel.vm.PageCache;
import vkernel.vm.PageSource;

/** A plain archive: headers are read through a window, contents stay where they are. */
final class RomInput extends Input {
    private final String name;
    private final Rom rom;
    /** Small: behind most headers lies a file that is not read. */
    private final byte[] window = new byte[1 << 13];

    private long windowStart;
    private int windowLength;

    RomInput(String name, Rom rom) {
        this.name = name;
        this.rom = rom;
    }

    @Override
    int some(byte[] to, int offset, int length) {
        long at = position();
        if (at < windowStart || at >= windowStart + windowLength) {
            windowStart = at;
            windowLength = rom.read(at, window, 0, window.length);
        }
        int from = (int) (at - windowStart);
        int n = Math.min(length, windowLength - from);
        System.arraycopy(window, from, to, offset, n);
        return n;
    }

    @Override
    long skipSome(long length) {
        return Math.min(length, rom.size() - position());
    }

    @Override
    void check(long length) throws ArchiveException {
        if (length > rom.size() - position()) {
            throw truncated("a file of " + length + " bytes");
        }
    }

    @Override
    void finish() {
        // a plain archive says nothing of what lies behind it
    }

    @Override
    void content(Inode file, long length) throws ArchiveException {
        PageCache pages = file.pages;
        if (pages != null && length > 0) {
            pages.source = new PageSource(name, position(), length);
            pages.size = length;
        }
        skip(length, "a file");
    }
}
