package vkernel.guest.fs.ext;

import java.util.zip.CRC32C;

/** CRC-32C as ext4 and jbd2 have it: it goes on from any value, and nothing is inverted at the ends. */
final class Crc {
    /** Goes on from a checksum over bytes. */
    static int of(int seed, byte[] bytes, int offset, int length) {
        if (length < 4) {
            throw new IllegalArgumentException("a checksum of " + length + " bytes");
        }
        CRC32C crc = new CRC32C();
        first(crc, seed, Le.i32(bytes, offset));
        crc.update(bytes, offset + 4, length - 4);
        return ~(int) crc.getValue();
    }

    /** Goes on over a number, little-endian. */
    static int of(int seed, int number) {
        CRC32C crc = new CRC32C();
        first(crc, seed, number);
        return ~(int) crc.getValue();
    }

    /** The JDK's CRC begins with all ones: four bytes that do with those what the number's do with the seed. */
    private static void first(CRC32C crc, int seed, int number) {
        int bytes = number ^ ~seed;
        for (int shift = 0; shift < 32; shift += 8) {
            crc.update(bytes >>> shift & 0xff);
        }
    }

    private Crc() {}
}
