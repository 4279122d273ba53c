package vkernel.host.sim;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;
import vkernel.host.OverlayFile;

/**
 * A disk whose base stays as it is: what is written goes to a second file, which lasts (qcow2's backing file, in
 * {@link OverlayFile}'s simpler format). Bound to the contents of its base. A cluster is copied when it is first written;
 * its table entry is written at the next flush after its bytes are durable, so that a cut of power leaves a cluster that
 * is either all there or not yet.
 */
final class Overlay implements Storage {
    private final FileChannel base;
    private final FileChannel file;
    private final OverlayFile table;
    private final byte[] cluster = new byte[OverlayFile.CLUSTER];

    Overlay(FileChannel base, FileChannel file) throws IOException {
        this.base = base;
        this.file = file;
        table = file.size() == 0
                ? OverlayFile.create(file, base.size(), OverlayFile.digest(base))
                : OverlayFile.open(file, base.size());
    }

    /** Refuses a base with other contents than the overlay was made over. */
    void check() throws IOException {
        if (table.merging())
            throw new IOException("it is being merged into its base: 'vk image commit' goes on with it");
        if (!Arrays.equals(table.digest(), OverlayFile.digest(base))) {
            throw new IOException("its base has changed since the overlay was made: what is in the overlay has no"
                    + " meaning over it; take the old base again, or discard the overlay");
        }
    }

    @Override
    public long size() {
        return table.size();
    }

    @Override
    public void read(long position, ByteBuffer to) throws IOException {
        for (long at = position; to.hasRemaining(); ) {
            int n = part(at, to);
            long place = table.place(at / OverlayFile.CLUSTER);
            ByteBuffer piece = to.slice(to.position(), n);
            if (place == 0) fully(base, at, piece);
            else fully(file, place + at % OverlayFile.CLUSTER, piece);
            to.position(to.position() + n);
            at += n;
        }
    }

    private static void fully(FileChannel from, long position, ByteBuffer to) throws IOException {
        Storage.fully(from, position, to);
    }

    private int part(long at, ByteBuffer bytes) {
        return (int) Math.min(bytes.remaining(), OverlayFile.CLUSTER - at % OverlayFile.CLUSTER);
    }

    @Override
    public void write(long position, ByteBuffer from) throws IOException {
        for (long at = position; from.hasRemaining(); ) {
            int n = part(at, from);
            long index = at / OverlayFile.CLUSTER;
            long place = table.place(index);
            if (place == 0) place = copy(index);
            ByteBuffer piece = from.slice(from.position(), n);
            for (long to = place + at % OverlayFile.CLUSTER; piece.hasRemaining(); ) to += file.write(piece, to);
            from.position(from.position() + n);
            at += n;
        }
    }

    private long copy(long index) throws IOException {
        long start = index * OverlayFile.CLUSTER;
        int length = (int) Math.min(cluster.length, size() - start);
        Arrays.fill(cluster, (byte) 0);
        fully(base, start, ByteBuffer.wrap(cluster, 0, length));
        return table.add(index, ByteBuffer.wrap(cluster));
    }

    @Override
    public void flush() throws IOException {
        file.force(false);
        if (table.save()) file.force(false);
    }

    /** What is in an overlay cannot be given back without the base showing through. */
    @Override
    public void discard(long position, long length) {}

    @Override
    public List<FileChannel> files() {
        return List.of(base, file);
    }
}
