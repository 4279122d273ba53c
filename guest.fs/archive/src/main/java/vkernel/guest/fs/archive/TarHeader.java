package vkernel.guest.fs.archive;

import java.nio.charset.StandardCharsets;

/**
 * A header block of a tar archive (POSIX.1-2024, pax, "ustar Interchange Format"; the GNU tar manual, "Basic Tar
 * Format").
 */
final class TarHeader {
    static final int BLOCK = 512;
    private static final int CHECKSUM = 148;
    private static final int CHECKSUM_LENGTH = 8;

    private final byte[] block;
    private final Input input;

    TarHeader(byte[] block, Input input) {
        this.block = block;
        this.input = input;
    }

    /** Whether a block is a header by its checksum. */
    static boolean valid(byte[] block) {
        int sum = CHECKSUM_LENGTH * ' '; // the checksum's own bytes count as spaces
        int negative = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += block[i];
            negative += block[i] >>> 31;
        }
        for (int i = CHECKSUM; i < CHECKSUM + CHECKSUM_LENGTH; i++) {
            sum -= block[i];
            negative -= block[i] >>> 31;
        }
        long told = octal(block, CHECKSUM, CHECKSUM_LENGTH);
        return told == sum + 256 * negative || told == sum; // some old tars added signed bytes
    }

    static boolean zero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    char type() {
        return (char) (block[156] & 0xff);
    }

    /** The name with its prefix. */
    String path() {
        String prefix = posix() ? text(345, 155) : "";
        return prefix.isEmpty() ? text(0, 100) : prefix + "/" + text(0, 100);
    }

    private boolean posix() {
        return text(257, 6).equals("ustar") && block[262] == 0;
    }

    String link() {
        return text(157, 100);
    }

    int mode() throws ArchiveException {
        return (int) number(100, 8) & 07777;
    }

    int uid() throws ArchiveException {
        return (int) number(108, 8);
    }

    int gid() throws ArchiveException {
        return (int) number(116, 8);
    }

    long size() throws ArchiveException {
        return number(124, 12);
    }

    /** Seconds since 1970. */
    long mtime() throws ArchiveException {
        return number(136, 12);
    }

    long major() throws ArchiveException {
        return number(329, 8);
    }

    long minor() throws ArchiveException {
        return number(337, 8);
    }

    private String text(int offset, int length) {
        int end = offset;
        while (end < offset + length && block[end] != 0) {
            end++;
        }
        return new String(block, offset, end - offset, StandardCharsets.ISO_8859_1);
    }

    /** Octal digits, or with the highest bit set a number to base 256. */
    private long number(int offset, int length) throws ArchiveException {
        long value = (block[offset] & 0x80) != 0 ? binary(offset, length) : octal(block, offset, length);
        if (value < 0) {
            throw input.corrupt("the header before holds a number that is none, or absurd");
        }
        return value;
    }

    private long binary(int offset, int length) {
        if (block[offset] != (byte) 0x80) {
            return -1;
        }
        long value = 0;
        for (int i = offset + 1; i < offset + length; i++) {
            if (value >>> 55 != 0) {
                return -1;
            }
            value = value << 8 | block[i] & 0xff;
        }
        return value;
    }

    private static long octal(byte[] block, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end && block[at] == ' ') {
            at++;
        }
        long value = 0;
        while (at < end && block[at] != 0 && block[at] != ' ') {
            int digit = block[at++] - '0';
            if (digit < 0 || digit > 7) {
                return -1;
            }
            value = value << 3 | digit;
        }
        return value;
    }
}
