package vkernel.guest.fs.ext;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Brings what a journal holds to its places (Linux: fs/jbd2/recovery.c): first the end is looked for and what was revoked,
 * then the blocks are taken, the last one of each. The journal may be another system's.
 */
final class Recovery {
    private static final int UNKNOWN = ~(Journal.INCOMPAT_REVOKE
            | Journal.INCOMPAT_64BIT
            | Journal.INCOMPAT_CSUM_V2
            | Journal.INCOMPAT_CSUM_V3
            | 4); // asynchronous commits
    private static final int HEADER = 12;

    /** Reads and writes blocks of the disk. */
    interface Disk {
        byte[] read(long block) throws Halt;

        void write(long block, byte[] bytes) throws Halt;
    }

    private final Layout layout;
    private final Disk disk;
    private final long[] places;
    private final ByteBuffer sb;
    private final int first;
    private final int last;
    private final boolean wide;
    private final boolean v3;
    private final boolean checksums;
    private final int seed;

    /** What is to be written, by place. */
    private final Map<Long, byte[]> blocks = new LinkedHashMap<>();

    private final Map<Long, Integer> revoked = new HashMap<>();

    /** @param places where the blocks of the journal lie */
    Recovery(Layout layout, Disk disk, long[] places) throws Halt {
        this.layout = layout;
        this.disk = disk;
        this.places = places;
        byte[] block = disk.read(places[0]);
        sb = ByteBuffer.wrap(block);
        int features = sb.getInt(0x28);
        int type = sb.getInt(4);
        if (sb.getInt(0) != Journal.MAGIC || type != 3 && type != 4 || sb.getInt(0xc) != layout.blockSize) {
            throw Halt.damaged("there is no journal where it should be");
        }
        if (type == 4 && (features & UNKNOWN) != 0) {
            throw Halt.damaged("the journal has unknown features: %x", features & UNKNOWN);
        }
        wide = (features & Journal.INCOMPAT_64BIT) != 0;
        v3 = (features & Journal.INCOMPAT_CSUM_V3) != 0;
        checksums = v3 || (features & Journal.INCOMPAT_CSUM_V2) != 0;
        seed = Crc.of(~0, block, 0x30, 16);
        first = sb.getInt(0x14);
        last = Math.min(sb.getInt(0x10), places.length);
        if (first < 1 || first >= last) {
            throw Halt.damaged("the journal begins at block %d of %d", first, last);
        }
        if (checksums && sum(block, 0xfc, Layout.SUPER_SIZE, ~0) != sb.getInt(0xfc)) {
            throw Halt.damaged("the checksum of the journal's super block is wrong");
        }
    }

    byte[] superBlock() {
        return sb.array();
    }

    int first() {
        return first;
    }

    private static int sum(byte[] block, int hole, int length, int seed) {
        byte[] copy = Arrays.copyOf(block, length);
        Arrays.fill(copy, hole, hole + 4, (byte) 0);
        return Crc.of(seed, copy, 0, length);
    }

    /** Brings everything to its place. @return the sequence number behind the last commit */
    int run() throws Halt {
        int start = sb.getInt(0x1c);
        int sequence = sb.getInt(0x18);
        if (start == 0) {
            return sequence;
        }
        if (start < first || start >= last) {
            throw Halt.damaged("the journal's log begins at block %d", start);
        }
        int end = pass(start, sequence, Integer.MAX_VALUE, false);
        pass(start, sequence, end - sequence, true);
        for (Map.Entry<Long, byte[]> block : blocks.entrySet()) {
            disk.write(block.getKey(), block.getValue());
        }
        return end;
    }

    private int next(int at, int by) {
        int next = at + by;
        return next >= last ? next - last + first : next;
    }

    /** @param most commits @param take whether blocks are taken. @return the sequence number behind the last commit */
    private int pass(int start, int sequence, int most, boolean take) throws Halt {
        int at = start;
        int now = sequence;
        int seen = 0;
        Map<Long, byte[]> some = new LinkedHashMap<>();
        Map<Long, Integer> gone = new HashMap<>();
        while (now - sequence < most && seen < last) {
            byte[] block = disk.read(places[at]);
            ByteBuffer header = ByteBuffer.wrap(block);
            if (header.getInt(0) != Journal.MAGIC || header.getInt(8) != now) {
                return now;
            }
            at = next(at, 1);
            seen++;
            switch (header.getInt(4)) {
                case Journal.DESCRIPTOR -> {
                    if (!tailed(block)) {
                        return now;
                    }
                    int count = describe(header, at, now, take ? some : null);
                    if (count < 0) {
                        return now;
                    }
                    at = next(at, count);
                    seen += count;
                }
                case Journal.COMMIT -> {
                    if (checksums && sum(block, 0x10, block.length, seed) != header.getInt(0x10)) {
                        return now;
                    }
                    committed(some, gone, now, take);
                    some.clear();
                    gone.clear();
                    now++;
                }
                case Journal.REVOKE -> {
                    if (!tailed(block)) {
                        return now;
                    }
                    revoke(header, now, gone);
                }
                default -> {
                    return now;
                }
            }
        }
        return now;
    }

    private void committed(Map<Long, byte[]> some, Map<Long, Integer> gone, int now, boolean take) {
        if (!take) {
            gone.forEach((block, number) -> revoked.merge(block, number, (a, b) -> a - b > 0 ? a : b));
            return;
        }
        some.forEach((block, bytes) -> {
            Integer by = revoked.get(block);
            if (by == null || by - now < 0) {
                blocks.put(block, bytes);
            }
        });
    }

    private boolean tailed(byte[] block) {
        int at = block.length - 4;
        return !checksums
                || sum(block, at, block.length, seed) == ByteBuffer.wrap(block).getInt(at);
    }

    private void revoke(ByteBuffer block, int now, Map<Long, Integer> gone) {
        int size = wide ? 8 : 4;
        int end = Math.min(block.getInt(HEADER), block.capacity());
        for (int at = HEADER + 4; at + size <= end; at += size) {
            gone.put(wide ? block.getLong(at) : block.getInt(at) & 0xffff_ffffL, now);
        }
    }

    /** @return blocks described; -1 when one is not what it should be: the commit is none */
    private int describe(ByteBuffer tags, int start, int now, @org.jspecify.annotations.Nullable Map<Long, byte[]> into)
            throws Halt {
        int size = v3 ? 16 : wide ? 12 : 8;
        int end = layout.blockSize - (checksums ? 4 : 0);
        int count = 0;
        int at = HEADER;
        int flags = 0;
        while ((flags & Journal.LAST) == 0 && at + size <= end && count < last) {
            flags = v3 ? tags.getInt(at + 4) : tags.getShort(at + 6) & 0xffff;
            long block = tags.getInt(at) & 0xffff_ffffL;
            block |= v3 || wide ? (long) tags.getInt(at + 8) << 32 : 0;
            byte[] bytes = disk.read(places[next(start, count)]);
            if (v3 && tags.getInt(at + 12) != dataSum(bytes, now)
                    || checksums && !v3 && tags.getShort(at + 4) != (short) dataSum(bytes, now)
                    || block >= layout.blocks) {
                return -1;
            }
            if (into != null) {
                bytes = bytes.clone();
                if ((flags & Journal.ESCAPED) != 0) {
                    ByteBuffer.wrap(bytes).putInt(Journal.MAGIC);
                }
                into.put(block, bytes);
            }
            count++;
            at += size + ((flags & Journal.SAME_UUID) == 0 ? 16 : 0);
        }
        return count;
    }

    private int dataSum(byte[] bytes, int now) {
        return Crc.of(Crc.of(seed, Integer.reverseBytes(now)), bytes, 0, bytes.length);
    }
}
