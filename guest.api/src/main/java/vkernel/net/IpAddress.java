package vkernel.net;

/**
 * An IPv6 address, or an IPv4 one as {@code ::ffff:a.b.c.d}.
 *
 * @param high its first eight bytes, as a big-endian number
 * @param low the others
 */
public record IpAddress(long high, long low) {
    private static final long MAPPED = 0xffff_0000_0000L;
    private static final int LOOPBACK_NET = 127;

    public static final IpAddress ANY = new IpAddress(0, 0);
    public static final IpAddress LOOPBACK = new IpAddress(0, 1);
    public static final IpAddress ANY4 = v4(0);
    public static final IpAddress LOOPBACK4 = v4(0x7f00_0001);

    /** An IPv4 address. @param address big-endian: 127.0.0.1 is 0x7f000001 */
    public static IpAddress v4(int address) {
        return new IpAddress(0, MAPPED | address & 0xffff_ffffL);
    }

    public boolean isV4() {
        return high == 0 && (low & ~0xffff_ffffL) == MAPPED;
    }

    /** The IPv4 address of a v4-mapped one. */
    public int v4() {
        return (int) low;
    }

    public boolean isAny() {
        return high == 0 && (low == 0 || low == MAPPED);
    }

    /** 127.0.0.0/8 or ::1. */
    public boolean isLoopback() {
        return equals(LOOPBACK) || isV4() && v4() >>> 24 == LOOPBACK_NET;
    }

    /** 224.0.0.0/4 or ff00::/8. */
    public boolean isMulticast() {
        return isV4() ? v4() >>> 28 == 0xe : high >>> 56 == 0xff;
    }

    /** Whether this is all addresses, or the same one. */
    public boolean covers(IpAddress other) {
        return isAny() || equals(other);
    }

    @Override
    public String toString() {
        if (isV4()) {
            int a = v4();
            return (a >>> 24) + "." + (a >>> 16 & 255) + "." + (a >>> 8 & 255) + "." + (a & 255);
        }
        return equals(ANY) ? "::" : equals(LOOPBACK) ? "::1" : groups();
    }

    private String groups() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            long half = i < 4 ? high : low;
            text.append(i == 0 ? "" : ":").append(Long.toHexString(half >>> 48 - i % 4 * 16 & 0xffff));
        }
        return text.toString();
    }
}
