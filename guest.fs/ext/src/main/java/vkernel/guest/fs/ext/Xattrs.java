package vkernel.guest.fs.ext;

import static vkernel.guest.fs.ext.Le.i32;
import static vkernel.guest.fs.ext.Le.put16;
import static vkernel.guest.fs.ext.Le.put32;
import static vkernel.guest.fs.ext.Le.u16;
import static vkernel.guest.fs.ext.Le.u32;
import static vkernel.guest.fs.ext.Le.u8;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Inode;

/**
 * Extended attributes: behind the inode's own fields, and what has no room there in one block.
 *
 * @see <a href="https://docs.kernel.org/filesystems/ext4/attributes.html">extended attributes</a>
 */
final class Xattrs {
    private static final int MAGIC = 0xea02_0000;
    private static final int BLOCK_HEADER = 32;
    private static final int OLD_SIZE = 128;
    private static final String[] PREFIXES = {
        "", "user.", "system.posix_acl_access", "system.posix_acl_default", "trusted.", "", "security.", "system."
    };

    private final Mounted fs;

    Xattrs(Mounted fs) {
        this.fs = fs;
    }

    static long block(byte[] raw) {
        return u32(raw, 0x68) | (long) u16(raw, 0x76) << 32;
    }

    private static void block(byte[] raw, long block) {
        put32(raw, 0x68, block);
        put16(raw, 0x76, (int) (block >>> 32));
    }

    /** Where attributes in the inode begin. */
    private static int inside(byte[] raw) {
        return OLD_SIZE + u16(raw, 0x80);
    }

    /** Whether there are any in the inode. */
    boolean inside(Inode inode) {
        byte[] raw = Inodes.data(inode).raw;
        return raw.length > OLD_SIZE && inside(raw) + 8 <= raw.length && i32(raw, inside(raw)) == MAGIC;
    }

    void load(Op op, Inode inode) throws Halt {
        byte[] raw = Inodes.data(inode).raw;
        Map<String, byte[]> all = new TreeMap<>();
        if (raw.length > OLD_SIZE && inside(raw) + 8 <= raw.length && i32(raw, inside(raw)) == MAGIC) {
            entries(inode, raw, inside(raw) + 4, inside(raw) + 4, all);
        }
        long block = block(raw);
        if (block != 0) {
            byte[] bytes = checked(op, inode, block);
            entries(inode, bytes, BLOCK_HEADER, 0, all);
        }
        if (!all.isEmpty()) {
            inode.xattrs = all;
        }
    }

    private byte[] checked(Op op, Inode inode, long block) throws Halt {
        if (!fs.layout.valid(block)) {
            throw Halt.damaged("inode %d has attributes in block %d", inode.ino, block);
        }
        byte[] bytes = op.read(block);
        if (i32(bytes, 0) != MAGIC) {
            throw Halt.damaged("block %d holds no attributes", block);
        }
        if (fs.layout.checksums && op.unverified(block, bytes)) {
            if (sum(block, bytes) != i32(bytes, 0x10)) {
                throw Halt.damaged("the checksum of attribute block %d is wrong", block);
            }
            op.verified(block, bytes);
        }
        return bytes;
    }

    private int sum(long block, byte[] bytes) {
        byte[] copy = bytes.clone();
        put32(copy, 0x10, 0);
        byte[] number = new byte[8];
        Le.put64(number, 0, block);
        return Crc.of(Crc.of(fs.layout.seed, number, 0, 8), copy, 0, copy.length);
    }

    /** @param values where offsets of values count from */
    private static void entries(Inode inode, byte[] in, int start, int values, Map<String, byte[]> to) throws Halt {
        int at = start;
        while (at + 4 <= in.length && i32(in, at) != 0) {
            int length = u8(in, at);
            int prefix = u8(in, at + 1);
            if (at + 16 + length > in.length) {
                break;
            }
            long offset = values + (long) u16(in, at + 2);
            long size = u32(in, at + 8);
            if (u32(in, at + 4) != 0 || size > in.length || offset + size > in.length) {
                throw Halt.damaged("inode %d has a bad attribute", inode.ino);
            }
            if (prefix < PREFIXES.length) {
                String name = PREFIXES[prefix] + new String(in, at + 16, length, StandardCharsets.ISO_8859_1);
                to.put(name, Arrays.copyOfRange(in, (int) offset, (int) (offset + size)));
            }
            at += 16 + length + 3 & ~3;
        }
    }

    // --- writing ----------------------------------------------------------------------------------------------------

    private record Attribute(int prefix, byte[] name, byte[] value) {
        int space() {
            return (16 + name.length + 3 & ~3) + (value.length + 3 & ~3);
        }
    }

    private static List<Attribute> attributes(@Nullable Map<String, byte[]> all) {
        List<Attribute> list = new ArrayList<>();
        if (all != null) {
            all.forEach((name, value) -> list.add(attribute(name, value)));
        }
        // as Linux wants them: by prefix, length of the name, name
        list.sort((a, b) -> {
            int order = Integer.compare(a.prefix, b.prefix);
            order = order != 0 ? order : Integer.compare(a.name.length, b.name.length);
            return order != 0 ? order : Arrays.compareUnsigned(a.name, b.name);
        });
        return list;
    }

    private static Attribute attribute(String name, byte[] value) {
        for (int i = PREFIXES.length - 1; i > 0; i--) {
            if (!PREFIXES[i].isEmpty() && name.startsWith(PREFIXES[i])) {
                byte[] rest = name.substring(PREFIXES[i].length()).getBytes(StandardCharsets.ISO_8859_1);
                return new Attribute(i, rest, value);
            }
        }
        return new Attribute(0, name.getBytes(StandardCharsets.ISO_8859_1), value);
    }

    /** Whether all attributes have room: in the inode, or in one block. */
    boolean fit(Inode inode, Map<String, byte[]> all) {
        List<Attribute> list = attributes(all);
        byte[] raw = Inodes.data(inode).raw;
        int room = raw.length > OLD_SIZE ? raw.length - inside(raw) - 8 : 0;
        int space = space(list);
        return space <= room || space <= fs.layout.blockSize - BLOCK_HEADER - 4;
    }

    private static int space(List<Attribute> list) {
        return list.stream().mapToInt(Attribute::space).sum();
    }

    /** Writes the attributes of now into the inode or its block. */
    void save(Op op, Inode inode) throws Halt {
        byte[] raw = op.raw(inode);
        List<Attribute> list = attributes(inode.xattrs);
        int start = raw.length > OLD_SIZE ? inside(raw) : raw.length;
        boolean room = start + 8 <= raw.length && space(list) <= raw.length - start - 8;
        if (start < raw.length) {
            Arrays.fill(raw, start, raw.length, (byte) 0);
        }
        if (room && !list.isEmpty()) {
            put32(raw, start, MAGIC);
            write(list, raw, start + 4, start + 4, raw.length);
        }
        long old = block(raw);
        if (room || list.isEmpty()) {
            if (old != 0) {
                drop(op, inode, raw, old);
                block(raw, 0);
                fs.inodes.blocks(raw, -1);
            }
            return;
        }
        outside(op, inode, raw, list, old);
    }

    private void outside(Op op, Inode inode, byte[] raw, List<Attribute> list, long old) throws Halt {
        long block = old;
        boolean shared = old != 0 && u32(op.read(old), 4) > 1;
        if (old == 0 || shared) {
            block = fs.allocator.blocks(op, fs.allocator.near(inode), 1)[0];
            fs.inodes.blocks(raw, old == 0 ? 1 : 0);
            if (shared) {
                drop(op, inode, raw, old);
            }
            block(raw, block);
        }
        byte[] bytes = op.fresh(block);
        put32(bytes, 0, MAGIC);
        put32(bytes, 4, 1); // nobody else has it
        put32(bytes, 8, 1);
        write(list, bytes, BLOCK_HEADER, 0, bytes.length);
        hash(bytes);
        if (fs.layout.checksums) {
            put32(bytes, 0x10, sum(block, bytes));
        }
    }

    /** One user of a block less. */
    private void drop(Op op, Inode inode, byte[] raw, long block) throws Halt {
        checked(op, inode, block);
        long users = u32(op.read(block), 4);
        if (users > 1) {
            byte[] bytes = op.write(block);
            put32(bytes, 4, users - 1);
            if (fs.layout.checksums) {
                put32(bytes, 0x10, sum(block, bytes));
            }
        } else {
            fs.allocator.free(op, block, 1);
        }
    }

    /** The inode goes: so does its block, unless others have it too. */
    void free(Op op, Inode inode) throws Halt {
        byte[] raw = op.raw(inode);
        long block = block(raw);
        if (block != 0) {
            drop(op, inode, raw, block);
            block(raw, 0);
            fs.inodes.blocks(raw, -1);
        }
    }

    private static void write(List<Attribute> list, byte[] to, int start, int values, int end) {
        int at = start;
        int value = end;
        for (Attribute each : list) {
            value -= each.value.length + 3 & ~3;
            to[at] = (byte) each.name.length;
            to[at + 1] = (byte) each.prefix;
            put16(to, at + 2, each.value.length == 0 ? 0 : value - values);
            put32(to, at + 8, each.value.length);
            System.arraycopy(each.name, 0, to, at + 16, each.name.length);
            System.arraycopy(each.value, 0, to, value, each.value.length);
            put32(to, at + 12, hash(each));
            at += 16 + each.name.length + 3 & ~3;
        }
    }

    /** Linux: ext4_xattr_hash_entry, with unsigned characters. */
    private static int hash(Attribute each) {
        int hash = 0;
        for (byte letter : each.name) {
            hash = hash << 5 ^ hash >>> 27 ^ letter & 0xff;
        }
        byte[] padded = Arrays.copyOf(each.value, each.value.length + 3 & ~3);
        for (int i = 0; i < padded.length; i += 4) {
            hash = hash << 16 ^ hash >>> 16 ^ i32(padded, i);
        }
        return hash;
    }

    /** Linux: ext4_xattr_rehash. */
    private static void hash(byte[] block) {
        int hash = 0;
        for (int at = BLOCK_HEADER; i32(block, at) != 0; at += 16 + u8(block, at) + 3 & ~3) {
            hash = hash << 16 ^ hash >>> 16 ^ i32(block, at + 12);
        }
        put32(block, 0xc, hash);
    }
}
