package vkernel.guest.fs.ext;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.dev.BlockRequest;
import vkernel.dev.BlockRequest.Kind;
import vkernel.fs.BlockMap;
import vkernel.fs.Inode;
import vkernel.fs.Volume;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.vm.PageCache;
import vkernel.vm.Vm;

/** What a commit writes of files: modified pages, which get their places now, and attributes (Linux: fs/ext4/inode.c). */
final class Writeback {
    private static final int SHIFT = 12;
    private static final int PAGE = 1 << SHIFT;
    private static final int MOST = BlockRequest.MOST / PAGE;

    private final Mounted fs;
    private final Volume volume;

    Writeback(Mounted fs) {
        this.fs = fs;
        this.volume = fs.volume;
    }

    /** What is to be written to places of files. */
    record Plan(List<BlockRequest> requests) {}

    /**
     * Gives modified pages their places, and puts attributes into the table.
     *
     * @param room blocks of our own that the journal can take; files beyond it are left for the next commit
     * @return null when it cannot be done
     */
    @Nullable
    Plan plan(int room) {
        List<BlockRequest> requests = new ArrayList<>();
        for (Inode inode : List.copyOf(volume.dirty)) {
            if (volume.running.size() > room * 3 / 4) {
                break;
            }
            if (!file(inode, requests)) {
                return null;
            }
        }
        for (Inode inode : List.copyOf(volume.changed)) {
            if (volume.running.size() > room * 7 / 8) {
                break;
            }
            if (!attributes(inode)) {
                return null;
            }
        }
        return new Plan(requests);
    }

    private boolean attributes(Inode inode) {
        volume.changed.remove(inode);
        if (inode.nlink == 0 && inode.opens == 0) {
            return true;
        }
        return fs.run(null, op -> {
                    if (inode.xattrs != null || Xattrs.block(op.raw(inode)) != 0 || fs.xattrs.inside(inode)) {
                        fs.xattrs.save(op, inode);
                    }
                    return op.raw(inode);
                })
                .ok();
    }

    /** @return false when the disk fails */
    private boolean file(Inode inode, List<BlockRequest> requests) {
        PageCache pages = inode.pages;
        volume.dirty.remove(inode);
        if (pages == null || inode.nlink == 0 && inode.opens == 0) {
            return true;
        }
        Vm vm = fs.kernel.vm();
        long end = pages.size + PAGE - 1 >>> SHIFT;
        long[] dirty = vm.dirtyPages(pages);
        int count = 0;
        while (count < dirty.length && dirty[count] < end) {
            count++;
        }
        long[] indices = java.util.Arrays.copyOf(dirty, count);
        Result<BlockMap> placed = fs.run(null, op -> places(op, inode, indices));
        if (!placed.ok()) {
            return lost(inode, indices, placed.error());
        }
        int from = 0;
        while (from < indices.length) {
            from = requests(inode, pages, placed.value(), indices, from, requests);
        }
        return true;
    }

    /** Without room on the disk pages cannot be written: they are dropped, as Linux does, and who asks is told. */
    private boolean lost(Inode inode, long[] indices, long error) {
        PageCache pages = inode.pages;
        if (error != -Errno.ENOSPC || pages == null) {
            return false;
        }
        for (long index : indices) {
            fs.kernel.vm().clean(pages, index);
        }
        return fs.run(null, op -> op.raw(inode)).ok();
    }

    private BlockMap places(Op op, Inode inode, long[] indices) throws Halt {
        int perPage = fs.contents.perPage();
        long blocks = (inode.length() + fs.layout.blockSize - 1) / fs.layout.blockSize;
        BlockMap before = fs.maps.load(op, inode);
        boolean changed = false;
        for (int i = 0; i < indices.length; ) {
            int run = 1;
            while (i + run < indices.length && indices[i + run] == indices[i] + run) {
                run++;
            }
            long first = indices[i] * perPage;
            long end = Math.min(blocks, (indices[i] + run) * perPage);
            if (!covered(changed ? op.map(inode) : before, first, end)) {
                fs.maps.allocate(op, inode, first, end, false);
                changed = true;
            }
            i += run;
        }
        Inodes.size(op.raw(inode), inode.length());
        if (changed) {
            fs.maps.save(op, inode);
        }
        return changed ? op.map(inode) : before;
    }

    private static boolean covered(BlockMap map, long first, long end) {
        for (long at = first; at < end; ) {
            int run = map.find(at);
            if (run < 0 || map.unwritten[run]) {
                return false;
            }
            at = map.logical[run] + map.length[run];
        }
        return true;
    }

    /** Makes a request of the pages from one on that lie together. @return the first that is not in it */
    private int requests(
            Inode inode, PageCache pages, BlockMap map, long[] indices, int from, List<BlockRequest> requests) {
        int perPage = fs.contents.perPage();
        long first = indices[from];
        long disk = map.place(first * perPage);
        int count = 0;
        while (from + count < indices.length
                && count < MOST
                && indices[from + count] == first + count
                && together(map, (first + count) * perPage, disk + (long) count * perPage, perPage, inode)) {
            count++;
        }
        if (count == 0) {
            pieces(pages, map, first, requests);
            return from + 1;
        }
        long[] addresses = new long[count];
        for (int i = 0; i < count; i++) {
            addresses[i] = fs.kernel.vm().hold(pages, first + i);
            fs.kernel.vm().clean(pages, first + i);
        }
        int length = count * PAGE;
        long last = map.place((first + count - 1) * perPage);
        for (int i = perPage - 1; i > 0 && map.place((first + count - 1) * perPage + i) != last + i; i--) {
            length -= fs.layout.blockSize; // the file ends within its last page
        }
        requests.add(new BlockRequest(Kind.WRITE, volume.rdev, disk * fs.layout.blockSize, length, null, addresses));
        return from + count;
    }

    /** Whether the blocks of a page, as far as the file has them, lie in a row. */
    private boolean together(BlockMap map, long block, long disk, int perPage, Inode inode) {
        long blocks = (inode.length() + fs.layout.blockSize - 1) / fs.layout.blockSize;
        for (int i = 0; i < perPage && block + i < blocks; i++) {
            if (map.place(block + i) != disk + i) {
                return false;
            }
        }
        return true;
    }

    /** A page whose blocks lie apart is written block by block. */
    private void pieces(PageCache pages, BlockMap map, long index, List<BlockRequest> requests) {
        byte[] bytes = new byte[PAGE];
        Vm vm = fs.kernel.vm();
        long address = vm.hold(pages, index);
        vm.clean(pages, index);
        vm.buffer(bytes, 0, PAGE).put(address, PAGE);
        vm.give(address);
        int size = fs.layout.blockSize;
        for (int i = 0; i < PAGE / size; i++) {
            long block = map.place(index * (PAGE / size) + i);
            if (block != 0) {
                byte[] part = java.util.Arrays.copyOfRange(bytes, i * size, (i + 1) * size);
                requests.add(BlockRequest.of(Kind.WRITE, volume.rdev, block * size, part));
            }
        }
    }
}
