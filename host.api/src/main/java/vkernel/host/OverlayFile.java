package vkernel.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The file of a copy-on-write overlay: a header with the digest of its base, a table with the place of each cluster that
 * was written, then the clusters. All numbers are big-endian. Used by one thread.
 *
 * <pre>
 * 0   magic "vkover01"      8  size of the base, bytes      16  SHA-256 of the base      64  table: 8 bytes a cluster
 * </pre>
 */
public final class OverlayFile {
    /** Bytes that are copied at a time. */
    public static final int CLUSTER = 1 << 16;

    private static final long MAGIC = 0x766b_6f76_6572_3031L;
    private static final int TABLE = 64;
    /** Where it is noted that it is being merged into its base, which then has other contents. */
    private static final int MERGING = 48;

    /** A file that is no overlay, or not one of this base. */
    public static final class NoOverlay extends IOException {
        private static final long serialVersionUID = 1L;

        NoOverlay(String message) {
            super(message);
        }
    }

    private final FileChannel file;
    private final long size;
    private final byte[] digest;
    private final long[] places;
    private final BitSet unsaved = new BitSet();
    private long end;
    private boolean merging;

    private OverlayFile(FileChannel file, long size, byte[] digest) {
        this.file = file;
        this.size = size;
        this.digest = digest;
        places = new long[(int) ((size + CLUSTER - 1) / CLUSTER)];
        end = align(TABLE + 8L * places.length);
    }

    private static long align(long at) {
        return (at + CLUSTER - 1) / CLUSTER * CLUSTER;
    }

    /** Makes an empty overlay. @param digest SHA-256 of the base's contents */
    public static OverlayFile create(FileChannel file, long size, byte[] digest) throws IOException {
        OverlayFile made = new OverlayFile(file, size, digest);
        ByteBuffer header = ByteBuffer.allocate((int) made.end);
        header.putLong(MAGIC).putLong(size).put(digest).clear();
        write(file, 0, header);
        file.force(true);
        return made;
    }

    /** Opens one that is there. @throws IOException when it is none, or one over a base of another size */
    public static OverlayFile open(FileChannel file, long size) throws IOException {
        ByteBuffer header = check(file);
        if (header.getLong(8) != size) {
            throw new NoOverlay("its base has changed since the overlay was made: it had " + header.getLong(8)
                    + " bytes and has " + size);
        }
        OverlayFile opened = new OverlayFile(file, size, Arrays.copyOfRange(header.array(), 16, 48));
        opened.merging = header.getLong(MERGING) != 0;
        opened.load();
        return opened;
    }

    /** Looks whether a file is an overlay at all. @return its header */
    public static ByteBuffer check(FileChannel file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(TABLE);
        read(file, 0, header);
        if (header.getLong(0) != MAGIC) throw new NoOverlay("it is no overlay");
        return header;
    }

    /** SHA-256 of a file's contents. */
    public static byte[] digest(FileChannel file) throws IOException {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
            for (long at = 0; file.read(buffer, at) > 0; buffer.clear()) {
                at += buffer.position();
                sha.update(buffer.flip());
            }
            return sha.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /** Whether it was being merged into its base. */
    public boolean merging() {
        return merging;
    }

    /** Notes that it is going to be merged into its base. */
    public void merge() throws IOException {
        write(file, MERGING, ByteBuffer.allocate(8).putLong(1).flip());
        file.force(false);
        merging = true;
    }

    private void load() throws IOException {
        ByteBuffer table = ByteBuffer.allocate(8 * places.length);
        read(file, TABLE, table);
        table.flip().asLongBuffer().get(places);
        for (int i = 0; i < places.length; i++) {
            if (places[i] == 0) continue;
            if (places[i] < align(TABLE + 8L * places.length) || places[i] % CLUSTER != 0) {
                throw new NoOverlay("the overlay is damaged: cluster " + i + " is at " + places[i]);
            }
            end = Math.max(end, places[i] + CLUSTER);
        }
    }

    /** Bytes of the disk. */
    public long size() {
        return size;
    }

    /** SHA-256 of what it was made over. */
    public byte[] digest() {
        return digest.clone();
    }

    /** Number of clusters of the disk. */
    public int clusters() {
        return places.length;
    }

    /** Where in the file a cluster is; 0 when the base has it. */
    public long place(long index) {
        return places[(int) index];
    }

    /** Takes a cluster in. @return its place */
    public long add(long index, ByteBuffer bytes) throws IOException {
        long place = end;
        write(file, place, bytes);
        end += CLUSTER;
        places[(int) index] = place;
        unsaved.set((int) index);
        return place;
    }

    /** Writes the table's new entries; the clusters are durable already. @return whether there were any */
    public boolean save() throws IOException {
        if (unsaved.isEmpty()) return false;
        for (int i = unsaved.nextSetBit(0); i >= 0; i = unsaved.nextSetBit(i + 1)) {
            write(
                    file,
                    TABLE + 8L * i,
                    ByteBuffer.allocate(8).putLong(places[i]).flip());
        }
        unsaved.clear();
        return true;
    }

    private static void write(FileChannel file, long position, ByteBuffer from) throws IOException {
        for (long at = position; from.hasRemaining(); ) at += file.write(from, at);
    }

    private static void read(FileChannel file, long position, ByteBuffer to) throws IOException {
        for (long at = position; to.hasRemaining(); ) {
            int n = file.read(to, at);
            if (n < 0) throw new NoOverlay("it is no overlay: it is too short");
            at += n;
        }
    }
}
