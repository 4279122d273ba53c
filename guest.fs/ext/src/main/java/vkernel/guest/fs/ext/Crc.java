package vkernel.guest.fs.ext;

import java.util.zip.CRC32C;

/** CRC-32C as ext4 and jbd2 have it: it goes on from any value, and nothing is inverted at the ends. */
final class Crc {
    private static final int POLYNOMIAL = 0x82f6_3b78;

    /** Goes on from a checksum over bytes. */
    static int of(int seed, byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        // four bytes that bring the JDK's CRC, which begins with all ones, to the seed
        int prefix = ~back(seed);
        for (int shift = 0; shift < 32; shift += 8) {
            crc.update(prefix >>> shift & 0xff);
        }
        crc.update(bytes, offset, length);
        return ~(int) crc.getValue();
    }

    /** Goes on over a number, little-endian. */
    static int of(int seed, int number) {
        byte[] bytes = new byte[4];
        Le.put32(bytes, 0, number);
        return of(seed, bytes, 0, 4);
    }

    /** The state from which 32 zero bits lead to this one. */
    private static int back(int state) {
        int at = state;
        for (int i = 0; i < 32; i++) {
            at = at < 0 ? (at ^ POLYNOMIAL) << 1 | 1 : at << 1;
        }
        return at;
    }

    private Crc() {}
}
