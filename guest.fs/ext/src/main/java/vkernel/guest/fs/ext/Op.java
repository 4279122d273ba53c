package vkernel.guest.fs.ext;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vkernel.fs.BlockMap;
import vkernel.fs.Inode;
import vkernel.fs.Volume;

/**
 * One operation on the file system's own blocks: all of it happens, or nothing (jbd2's handle, but with copies, so that it
 * can be given up anywhere).
 */
final class Op {
    final Mounted fs;
    private final Volume volume;
    private final Map<Long, byte[]> blocks = new LinkedHashMap<>();
    private final Map<Inode, byte[]> raws = new LinkedHashMap<>();
    private final Map<Inode, BlockMap> maps = new HashMap<>();
    private final NavigableMap<Long, Integer> freed = new TreeMap<>();
    private final List<Runnable> after = new ArrayList<>();
    private long blocksTaken;
    private long inodesTaken;

    Op(Mounted fs) {
        this.fs = fs;
        this.volume = fs.volume;
    }

    /** A block; not to be changed. */
    byte[] read(long block) throws Halt {
        byte[] own = blocks.get(block);
        return own != null ? own : fs.blocks.get(block);
    }

    /** A block to be changed. */
    byte[] write(long block) throws Halt {
        byte[] own = blocks.get(block);
        if (own == null) {
            own = fs.blocks.get(block).clone();
            blocks.put(block, own);
        }
        return own;
    }

    /** A block whose contents do not matter, zeroed. */
    byte[] fresh(long block) {
        byte[] own = new byte[fs.layout.blockSize];
        blocks.put(block, own);
        return own;
    }

    /** Whether a block is known to be so already. */
    boolean same(long block, byte[] bytes) {
        try {
            return Arrays.equals(read(block), bytes);
        } catch (Halt e) {
            return false; // it is not in memory: then it is written
        }
    }

    /** Whether a block's checksum still has to be looked at. */
    boolean unverified(long block, byte[] bytes) {
        return unverified(block, block, bytes);
    }

    /** The same of something in a block. */
    boolean unverified(long what, long block, byte[] bytes) {
        return !blocks.containsKey(block) && fs.blocks.unverified(what, block, bytes);
    }

    /** A checksum in a block is right. */
    void verified(long what, byte[] bytes) {
        fs.blocks.verified(what, bytes);
    }

    /** Gives a run of blocks back; nobody has them before a commit. */
    void freed(long first, int length) {
        freed.put(first, length);
        blocksTaken -= length;
        for (long block = first; block < first + length && !blocks.isEmpty(); block++) {
            blocks.remove(block);
        }
    }

    void taken(int length) {
        blocksTaken += length;
    }

    void inodes(int taken) {
        inodesTaken += taken;
    }

    /** Blocks that may still be taken. */
    long free() {
        return volume.freeBlocks - blocksTaken;
    }

    /** The block behind those, from one on, that were given back and are not to be had yet; the block itself if it is. */
    long freedUntil(long block) {
        return Math.max(until(freed, block), Math.max(until(volume.freed, block), until(volume.freeing, block)));
    }

    private static long until(NavigableMap<Long, Integer> runs, long block) {
        Map.Entry<Long, Integer> run = runs.isEmpty() ? null : runs.floorEntry(block);
        return run == null ? block : Math.max(block, run.getKey() + run.getValue());
    }

    /** The first block behind one that was given back and is not to be had yet. */
    long freedFrom(long block) {
        return Math.min(from(freed, block), Math.min(from(volume.freed, block), from(volume.freeing, block)));
    }

    private static long from(NavigableMap<Long, Integer> runs, long block) {
        Long first = runs.isEmpty() ? null : runs.higherKey(block);
        return first == null ? Long.MAX_VALUE : first;
    }

    /** The bytes of an inode, to be changed; with the attributes of now. */
    byte[] raw(Inode inode) {
        return raws.computeIfAbsent(inode, it -> {
            byte[] raw = Inodes.data(it).raw.clone();
            Inodes.encode(fs, it, raw);
            return raw;
        });
    }

    /** Where a file's blocks lie, to be changed; {@link Maps#save} then. */
    BlockMap map(Inode inode) throws Halt {
        BlockMap own = maps.get(inode);
        if (own == null) {
            own = fs.maps.load(this, inode).copy();
            maps.put(inode, own);
        }
        return own;
    }

    /** Where a file's blocks lie as this operation has it. */
    @Nullable
    BlockMap changedMap(Inode inode) {
        return maps.get(inode);
    }

    byte @Nullable [] changedRaw(Inode inode) {
        return raws.get(inode);
    }

    /** Done when the operation has come to its end. */
    void then(Runnable action) {
        after.add(action);
    }

    /** Blocks of our own among those given back are not written any more. */
    private void forget(long first, int length) {
        for (long block = first; block < first + length; block++) {
            volume.running.remove(block);
            fs.blocks.forget(block);
        }
    }

    /** Runs that join are one, so that who looks for room passes them at once. */
    private void given(long first, int length) {
        Map.Entry<Long, Integer> before = volume.freed.lowerEntry(first);
        boolean joins = before != null && before.getKey() + before.getValue() == first;
        long start = joins && before != null ? before.getKey() : first;
        Integer behind = volume.freed.remove(first + length);
        volume.freed.put(start, (int) (first + length - start) + (behind == null ? 0 : behind));
    }

    /** It has come to its end: all of it happens. */
    void commit() throws Halt {
        for (Map.Entry<Inode, byte[]> raw : raws.entrySet()) {
            fs.inodes.store(this, raw.getKey().ino, raw.getValue());
        }
        raws.forEach((inode, raw) -> Inodes.data(inode).raw = raw);
        maps.forEach((inode, map) -> Inodes.data(inode).map = map);
        freed.forEach(this::given);
        freed.forEach((first, length) -> forget(first, length));
        volume.running.putAll(blocks);
        volume.freeBlocks -= blocksTaken;
        volume.freeInodes -= inodesTaken;
        after.forEach(Runnable::run);
        fs.commits.later();
    }
}
