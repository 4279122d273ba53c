package vkernel.guest.fs.ext;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import vkernel.dev.BlockRequest;
import vkernel.dev.BlockRequest.Kind;
import vkernel.fs.Volume;

/**
 * How a commit looks in the journal. One is there at a time, from the journal's first block on. All numbers are
 * big-endian.
 *
 * @see <a href="https://docs.kernel.org/filesystems/ext4/journal.html">journal (jbd2)</a>
 */
final class Journal {
    static final int MAGIC = 0xc03b_3998;
    static final int DESCRIPTOR = 1;
    static final int COMMIT = 2;
    static final int REVOKE = 5;

    static final int INCOMPAT_REVOKE = 1;
    static final int INCOMPAT_64BIT = 2;
    static final int INCOMPAT_CSUM_V2 = 8;
    static final int INCOMPAT_CSUM_V3 = 16;

    static final int ESCAPED = 1;
    static final int SAME_UUID = 2;
    static final int LAST = 8;

    private static final int HEADER = 12;
    private static final int UUID = 16;
    private static final int TAIL = 4;

    private final Layout layout;
    private final Volume volume;
    private final boolean checksums;
    private final int tag;
    private final byte[] uuid;
    private final int seed;
    private final byte[] superBlock;
    private int next;

    Journal(Layout layout, Volume volume) {
        this.layout = layout;
        this.volume = volume;
        this.checksums = layout.checksums;
        tag = checksums ? 16 : layout.has(Layout.BIT64) ? 12 : 8;
        superBlock = volume.journalSuper;
        uuid = Arrays.copyOfRange(superBlock, 0x30, 0x40);
        seed = Crc.of(~0, uuid, 0, UUID);
    }

    /** The features with which this writes. */
    static int features(Layout layout) {
        return (layout.has(Layout.BIT64) ? INCOMPAT_64BIT : 0) | (layout.checksums ? INCOMPAT_CSUM_V3 : 0);
    }

    private int tagsPerBlock() {
        return (layout.blockSize - HEADER - UUID - (checksums ? TAIL : 0)) / tag;
    }

    /** Blocks of a commit that have room. */
    int room() {
        int blocks = volume.journal.length - 4;
        return blocks - blocks / tagsPerBlock() - 2;
    }

    private long place(int index) {
        return volume.journal[index] * layout.blockSize;
    }

    private BlockRequest write(byte[] bytes) {
        return BlockRequest.of(Kind.WRITE, volume.rdev, place(next++), bytes);
    }

    private ByteBuffer block(int type) {
        return ByteBuffer.allocate(layout.blockSize).putInt(MAGIC).putInt(type).putInt(volume.sequence);
    }

    /** All of a commit but its commit block. */
    List<BlockRequest> blocks(Map<Long, byte[]> blocks) {
        if (blocks.size() > room()) {
            throw new IllegalStateException(blocks.size() + " blocks for a journal of " + room());
        }
        List<BlockRequest> writes = new ArrayList<>();
        superBlock(superBlock, layout, volume.sequence, 1);
        next = 0;
        writes.add(write(superBlock.clone()));
        List<Map.Entry<Long, byte[]>> all = new ArrayList<>(blocks.entrySet());
        for (int from = 0; from < all.size(); from += tagsPerBlock()) {
            describe(all.subList(from, Math.min(all.size(), from + tagsPerBlock())), writes);
        }
        return writes;
    }

    private void describe(List<Map.Entry<Long, byte[]>> some, List<BlockRequest> writes) {
        ByteBuffer descriptor = block(DESCRIPTOR);
        List<byte[]> contents = new ArrayList<>();
        for (int i = 0; i < some.size(); i++) {
            byte[] bytes = some.get(i).getValue();
            boolean escape = ByteBuffer.wrap(bytes).getInt() == MAGIC;
            if (escape) {
                bytes = bytes.clone();
                Arrays.fill(bytes, 0, 4, (byte) 0);
            }
            contents.add(bytes);
            int flags = (escape ? ESCAPED : 0) | (i > 0 ? SAME_UUID : 0) | (i == some.size() - 1 ? LAST : 0);
            tag(descriptor, some.get(i).getKey(), flags, bytes);
            if (i == 0) {
                descriptor.put(uuid);
            }
        }
        byte[] bytes = descriptor.array();
        if (checksums) {
            descriptor.putInt(bytes.length - TAIL, Crc.of(seed, bytes, 0, bytes.length));
        }
        writes.add(write(bytes));
        contents.forEach(content -> writes.add(write(content)));
    }

    private void tag(ByteBuffer to, long block, int flags, byte[] bytes) {
        to.putInt((int) block);
        if (checksums) {
            to.putInt(flags).putInt((int) (block >>> 32));
            to.putInt(Crc.of(Crc.of(seed, Integer.reverseBytes(volume.sequence)), bytes, 0, bytes.length));
        } else {
            to.putShort((short) 0).putShort((short) flags);
            if (tag == 12) {
                to.putInt((int) (block >>> 32));
            }
        }
    }

    /** The block that makes a commit count. */
    BlockRequest commit(long realtime) {
        ByteBuffer block = block(COMMIT);
        block.putLong(0x30, TimeUnit.NANOSECONDS.toSeconds(realtime));
        block.putInt(0x38, (int) (realtime % TimeUnit.SECONDS.toNanos(1)));
        if (checksums) {
            block.putInt(0x10, Crc.of(seed, block.array(), 0, layout.blockSize));
        }
        volume.sequence++;
        return write(block.array());
    }

    /** Whether its checksums tell a log that is whole from one that is half written over. */
    boolean sealed() {
        return checksums;
    }

    /** There is nothing to recover any more. */
    BlockRequest empty() {
        superBlock(superBlock, layout, volume.sequence, 0);
        next = 0;
        return write(superBlock.clone());
    }

    /** Where recovery begins. @param start 0 for nothing to recover */
    static void superBlock(byte[] block, Layout layout, int sequence, int start) {
        ByteBuffer sb = ByteBuffer.wrap(block);
        sb.putInt(0x18, sequence).putInt(0x1c, start);
        int features = sb.getInt(0x28) & ~(INCOMPAT_CSUM_V2 | INCOMPAT_CSUM_V3);
        sb.putInt(0x28, features | features(layout));
        if (layout.checksums) {
            block[0x50] = 4; // JBD2_CRC32C_CHKSUM
            sb.putInt(0xfc, 0);
            sb.putInt(0xfc, Crc.of(~0, block, 0, Layout.SUPER_SIZE));
        }
    }
}
