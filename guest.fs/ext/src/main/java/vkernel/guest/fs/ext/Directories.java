package vkernel.guest.fs.ext;

import static vkernel.guest.fs.ext.Le.i32;
import static vkernel.guest.fs.ext.Le.put16;
import static vkernel.guest.fs.ext.Le.put32;
import static vkernel.guest.fs.ext.Le.u16;
import static vkernel.guest.fs.ext.Le.u32;
import static vkernel.guest.fs.ext.Le.u8;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import vkernel.fs.DirSink;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;

/**
 * Directories: blocks of entries. A hashed one is read like any other, its index looking like deleted entries; before it is
 * changed its index is dropped, which Linux and e2fsck take as it is. Names are found by {@link Index}, in memory.
 *
 * @see <a href="https://docs.kernel.org/filesystems/ext4/directory.html">directory entries</a>
 */
final class Directories {
    private static final int HEADER = 8;
    private static final int TAIL = 12;
    private static final int TAIL_TYPE = 0xde;
    private static final int MOST_BLOCKS = 1 << 18;

    /** By the type bits of a mode. */
    private static final int[] TYPES = {0, 5, 3, 0, 2, 0, 4, 0, 1, 0, 7, 0, 6};

    private static final int[] DT = {0, 8, 4, 2, 6, 1, 12, 10};

    /** Where the names of a directory are. Soft. */
    private static final class Index {
        /** Byte in the directory, by name. */
        final Map<String, Long> places = new HashMap<>();
        /** By block: no longer entry has room there. */
        private int[] longest = new int[4];

        /** Whether an entry may have room in a block. */
        boolean mayHold(int block, int length) {
            return block >= longest.length || longest[block] == 0 || length <= longest[block];
        }

        /** A block has no room for an entry. */
        void full(int block, int length) {
            longest = block < longest.length ? longest : Arrays.copyOf(longest, 2 * block);
            longest[block] = length - 4;
        }

        /** A block may have room again. */
        void freed(int block) {
            if (block < longest.length) {
                longest[block] = 0;
            }
        }
    }

    /** One entry: within a block. */
    record Entry(long block, int at, long ino, int type) {}

    private final Mounted fs;
    private final int size;
    private final Map<Inode, Index> indices = new WeakHashMap<>();

    Directories(Mounted fs) {
        this.fs = fs;
        this.size = fs.layout.blockSize;
    }

    static int type(int mode) {
        return TYPES[(mode & Mode.S_IFMT) >>> 12];
    }

    private int usable() {
        return fs.layout.checksums ? size - TAIL : size;
    }

    private int blocks(Inode dir) throws Halt {
        long blocks = dir.size / size;
        if (dir.size % size != 0 || blocks == 0 || blocks > MOST_BLOCKS) {
            throw Halt.damaged("directory %d has %d bytes", dir.ino, dir.size);
        }
        return (int) blocks;
    }

    private long place(Op op, Inode dir, int index) throws Halt {
        long block = fs.maps.load(op, dir).place(index);
        if (block == 0) {
            throw Halt.damaged("directory %d has a hole", dir.ino);
        }
        return block;
    }

    /** A block of a directory, its checksum looked at. */
    private byte[] read(Op op, Inode dir, int index) throws Halt {
        long block = place(op, dir, index);
        byte[] bytes = op.read(block);
        if (fs.layout.checksums && op.unverified(block, bytes)) {
            // a block that became one of the index may still look as if it ended like one of names
            boolean hashed = (Inodes.flags(Inodes.data(dir).raw) & Inodes.INDEX_FL) != 0;
            boolean good = tailed(bytes) && sum(dir, bytes) == i32(bytes, size - 4)
                    || hashed && HashIndex.good(seed(dir), bytes);
            if (!good) {
                throw Halt.damaged("the checksum of block %d of directory %d is wrong", index, dir.ino);
            }
            op.verified(block, bytes);
        }
        return bytes;
    }

    private boolean tailed(byte[] block) {
        int at = size - TAIL;
        return i32(block, at) == 0 && u16(block, at + 4) == TAIL && u8(block, at + 7) == TAIL_TYPE;
    }

    private int seed(Inode dir) {
        return fs.inodes.seed(dir.ino, Inodes.data(dir).raw);
    }

    private int sum(Inode dir, byte[] block) {
        return Crc.of(seed(dir), block, 0, size - TAIL);
    }

    private void seal(int seed, byte[] block) {
        if (fs.layout.checksums) {
            put32(block, size - 4, Crc.of(seed, block, 0, size - TAIL));
        }
    }

    /** Writes an empty tail, to be sealed. */
    private void tail(byte[] block) {
        if (fs.layout.checksums) {
            Arrays.fill(block, size - TAIL, size, (byte) 0);
            put16(block, size - TAIL + 4, TAIL);
            block[size - TAIL + 7] = (byte) TAIL_TYPE;
        }
    }

    /** The length of the entry at a place; it lies within the block. */
    private int length(Inode dir, byte[] block, int at) throws Halt {
        int length = u16(block, at + 4);
        if (size == 65536 && (length == 0 || length == 65535)) {
            length = size;
        }
        int name = u8(block, at + 6);
        boolean unused = i32(block, at) == 0;
        if (length < HEADER || (length & 3) != 0 || at + length > size || !unused && name + HEADER > length) {
            throw Halt.damaged("directory %d has a bad entry at %d", dir.ino, at);
        }
        return length;
    }

    private static String name(byte[] block, int at) {
        return new String(block, at + HEADER, u8(block, at + 6), StandardCharsets.ISO_8859_1);
    }

    // --- looking ----------------------------------------------------------------------------------------------------

    private Index index(Op op, Inode dir) throws Halt {
        Index known = indices.get(dir);
        if (known != null) {
            return known;
        }
        Index index = new Index();
        int blocks = blocks(dir);
        for (int i = 0; i < blocks; i++) {
            byte[] block = read(op, dir, i);
            for (int at = 0; at < size - HEADER; ) {
                int length = length(dir, block, at); // before the name, which lies within it
                if (i32(block, at) != 0) {
                    index.places.put(name(block, at), (long) i * size + at);
                }
                at += length;
            }
        }
        indices.put(dir, index);
        return index;
    }

    /** Finds a name. @return null when there is none */
    @Nullable
    Entry find(Op op, Inode dir, String name) throws Halt {
        Long place = index(op, dir).places.get(name);
        if (place == null) {
            return null;
        }
        byte[] block = read(op, dir, (int) (place / size));
        int at = (int) (place % size);
        return new Entry(place / size, at, u32(block, at), u8(block, at + 7));
    }

    boolean empty(Op op, Inode dir) throws Halt {
        for (String name : index(op, dir).places.keySet()) {
            if (!name.equals(".") && !name.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /** Entries from the file's position on, which is a byte in the directory. */
    void list(Op op, OpenFile file, DirSink sink) throws Halt {
        Inode dir = file.inode();
        int blocks = blocks(dir);
        for (int i = (int) Math.min(file.position / size, blocks); i < blocks; i++) {
            byte[] block = read(op, dir, i);
            for (int at = 0; at < size - HEADER; ) {
                int length = length(dir, block, at);
                long next = (long) i * size + at + length;
                if (i32(block, at) != 0 && (long) i * size + at >= file.position) {
                    int type = u8(block, at + 7);
                    if (!sink.entry(name(block, at), u32(block, at), type < DT.length ? DT[type] : 0, next)) {
                        return;
                    }
                }
                file.position = Math.max(file.position, next);
                at += length;
            }
        }
        file.position = Math.max(file.position, (long) blocks * size);
    }

    // --- changing ---------------------------------------------------------------------------------------------------

    /** The first block of a new directory. */
    void begin(Op op, Inode dir, Inode parent, byte[] raw) throws Halt {
        fs.maps.allocate(op, dir, 0, 1, false);
        byte[] block = op.fresh(op.map(dir).place(0));
        put(block, 0, 12, dir.ino, ".", 2);
        put(block, 12, usable() - 12, parent.ino, "..", 2);
        tail(block);
        seal(fs.inodes.seed(dir.ino, raw), block);
        dir.size = size;
        Inodes.size(raw, size);
        fs.maps.save(op, dir);
    }

    private static void put(byte[] block, int at, int length, long ino, String name, int type) {
        put32(block, at, ino);
        put16(block, at + 4, length);
        block[at + 6] = (byte) name.length();
        block[at + 7] = (byte) type;
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, block, at + HEADER, bytes.length);
    }

    private static int space(int name) {
        return HEADER + name + 3 & ~3;
    }

    /** A hashed directory becomes a plain one: what was index becomes empty. */
    private void plain(Op op, Inode dir) throws Halt {
        byte[] raw = op.raw(dir);
        int flags = Inodes.flags(raw);
        if ((flags & Inodes.INDEX_FL) == 0) {
            return;
        }
        int blocks = blocks(dir);
        for (int index : HashIndex.blocks(op.read(place(op, dir, 0)), blocks, i -> op.read(place(op, dir, i)))) {
            byte[] block = op.write(place(op, dir, index));
            int from = index == 0 ? 24 : 0;
            if (index == 0) {
                put16(block, 16, usable() - 12);
            } else {
                put32(block, 0, 0);
                put16(block, 4, usable());
                put16(block, 6, 0);
            }
            Arrays.fill(block, from + (index == 0 ? 0 : HEADER), size, (byte) 0);
            tail(block);
            seal(seed(dir), block);
        }
        put32(raw, 0x20, flags & ~Inodes.INDEX_FL);
    }

    /** Adds a name that is not there. */
    void add(Op op, Inode dir, String name, long ino, int type) throws Halt {
        Index index = index(op, dir);
        plain(op, dir);
        int blocks = blocks(dir);
        int wanted = space(name.length());
        for (int i = 0; i < blocks; i++) {
            if (!index.mayHold(i, wanted)) {
                continue;
            }
            int at = room(dir, read(op, dir, i), wanted);
            if (at >= 0) {
                insert(op, dir, index, i, at, name, ino, type);
                return;
            }
            index.full(i, wanted);
        }
        grow(op, dir, index, blocks, name, ino, type);
    }

    /** The entry of a block behind which, or in place of which, there is room; -1 when there is none. */
    private int room(Inode dir, byte[] block, int wanted) throws Halt {
        for (int at = 0; at < usable(); ) {
            int length = length(dir, block, at);
            int used = i32(block, at) == 0 ? 0 : space(u8(block, at + 6));
            if (length - used >= wanted) {
                return at;
            }
            at += length;
        }
        return -1;
    }

    private void insert(Op op, Inode dir, Index index, int number, int at, String name, long ino, int type)
            throws Halt {
        byte[] block = op.write(place(op, dir, number));
        int length = length(dir, block, at);
        int used = i32(block, at) == 0 ? 0 : space(u8(block, at + 6));
        if (used > 0) {
            put16(block, at + 4, used);
        }
        put(block, at + used, length - used, ino, name, type);
        seal(seed(dir), block);
        op.then(() -> index.places.put(name, (long) number * size + at + used));
    }

    private void grow(Op op, Inode dir, Index index, int blocks, String name, long ino, int type) throws Halt {
        fs.maps.allocate(op, dir, blocks, blocks + 1, false);
        byte[] block = op.fresh(op.map(dir).place(blocks));
        put(block, 0, usable(), ino, name, type);
        tail(block);
        seal(seed(dir), block);
        fs.maps.save(op, dir);
        long grown = (long) (blocks + 1) * size;
        Inodes.size(op.raw(dir), grown);
        op.then(() -> {
            dir.size = grown;
            index.places.put(name, (long) blocks * size);
        });
    }

    /** Takes a name out. */
    void remove(Op op, Inode dir, String name, Entry entry) throws Halt {
        Index index = index(op, dir);
        plain(op, dir);
        byte[] block = op.write(place(op, dir, (int) entry.block));
        int before = -1;
        for (int at = 0; at < entry.at; at += length(dir, block, at)) {
            before = at;
        }
        int length = length(dir, block, entry.at);
        if (before >= 0) {
            put16(block, before + 4, u16(block, before + 4) + length);
        }
        put32(block, entry.at, 0);
        seal(seed(dir), block);
        op.then(() -> {
            index.places.remove(name);
            index.freed((int) entry.block);
        });
    }

    /** Lets a name lead to another file. */
    void set(Op op, Inode dir, Entry entry, long ino, int type) throws Halt {
        plain(op, dir);
        byte[] block = op.write(place(op, dir, (int) entry.block));
        put32(block, entry.at, ino);
        block[entry.at + 7] = (byte) type;
        seal(seed(dir), block);
    }

    /** Where a directory's ".." leads. */
    long parent(Op op, Inode dir) throws Halt {
        Entry up = find(op, dir, "..");
        if (up == null) {
            throw Halt.damaged("directory %d has no parent", dir.ino);
        }
        return up.ino;
    }

    /** Blocks of a directory are not read any more. */
    void forget(Inode dir) {
        indices.remove(dir);
    }
}
