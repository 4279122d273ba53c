package vkernel.guest.fs.ext;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.dev.BlockRequest;
import vkernel.dev.CharDevice;
import vkernel.fs.BlockMap;
import vkernel.fs.Inode;
import vkernel.fs.IoBuffer;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Task;
import vkernel.vm.PageCache;
import vkernel.vm.Vm;

/**
 * What is in regular files (Linux: fs/ext4/file.c, readpage.c): pages in memory, read ahead when they are read one after
 * the other. Writing only changes pages; where they go is decided when they are written out ({@link Commits}).
 */
final class Contents {
    private static final int SHIFT = 12;
    private static final int PAGE = 1 << SHIFT;
    /** Pages read at a time at first; twice as many each time that a file was read so far, up to the longest request. */
    private static final int AHEAD = 32;

    private static final int MOST = BlockRequest.MOST / PAGE;
    /** Part of memory that pages which are coming may take. */
    private static final int COMING = 64;
    /** How often it is looked whether more is to be read ahead, in pages. */
    private static final int STEP = AHEAD / 2;
    /** Part of memory that may be modified and not written. */
    private static final int PART = 5;

    /** A page that is coming, or has failed to: then there is no address, and whoever wants the page asks for it alone. */
    private record Coming(BlockRequest request, long address) {}

    private final Mounted fs;
    private final Slot<CharDevice> device;
    private final int perPage;
    private final Map<Inode, Map<Long, Coming>> coming = new HashMap<>();
    /** Bytes that may be modified and not written; 0 until it is asked. */
    private long ahead;
    /** Most pages of a request; 0 until it is asked. */
    private int most;

    Contents(Mounted fs, Slot<CharDevice> device) {
        this.fs = fs;
        this.device = device;
        perPage = PAGE / fs.layout.blockSize;
    }

    private Vm vm() {
        return fs.kernel.vm();
    }

    // --- reading ----------------------------------------------------------------------------------------------------

    long read(@Nullable Task task, Inode inode, IoBuffer to, long position) {
        PageCache pages = inode.pages;
        if (pages == null || position < 0) {
            return -Errno.EINVAL;
        }
        long left = Math.min(to.remaining(), pages.size - position);
        if (left <= 0) {
            return 0;
        }
        long first = position >>> SHIFT;
        long last = Math.min(position + left - 1 >>> SHIFT, first + 8 * AHEAD);
        long error = bring(task, inode, pages, first, last);
        if (error != 0) {
            return error;
        }
        ahead(task, inode, pages, first, last);
        long there = Math.min(left, (last + 1 << SHIFT) - position);
        return vm().readPages(pages, position, there < to.remaining() ? to.limited(there) : to);
    }

    /** Begins to bring a page for a fault, with those behind it. @return as {@link vkernel.vm.PageStore#bring} */
    long bring(Task task, Inode inode, long index) {
        PageCache pages = inode.pages;
        if (pages == null) {
            return -Errno.EIO;
        }
        long error = bring(task, inode, pages, index, index);
        if (error == 0) {
            ahead(task, inode, pages, index, index);
        }
        return error;
    }

    /** Sees to it that pages are in memory. @return 0, BLOCKED or -errno */
    private long bring(@Nullable Task task, Inode inode, PageCache pages, long first, long last) {
        for (long index = first; index <= last; index++) {
            if (pages.frame(index) >= 0) {
                continue;
            }
            Coming page = coming(inode, index);
            if (page == null) {
                long error = start(task, inode, pages, index, last);
                if (error != 0) {
                    return error;
                }
                page = coming(inode, index);
            }
            if (page != null) {
                if (fs.waits(task, page.request)) {
                    return Kernel.BLOCKED;
                }
                arrived(inode, pages, page.request);
                forget(inode, index);
            }
        }
        return 0;
    }

    /** Forgets a page that has failed to come. */
    private void forget(Inode inode, long index) {
        Map<Long, Coming> map = coming.get(inode);
        if (map != null && map.remove(index) != null && map.isEmpty()) {
            coming.remove(inode);
        }
    }

    /** While one half of what was read ahead is used the next comes. */
    private void ahead(@Nullable Task task, Inode inode, PageCache pages, long first, long last) {
        long mark = last & -STEP;
        if (mark < first || mark != 0 && pages.frame(mark - 1) < 0) {
            return;
        }
        long edge = mark + window(pages, mark) / 2;
        if (edge << SHIFT < pages.size && awaited(inode, pages, edge)) {
            return;
        }
        long next = last + 1;
        while (next < edge && awaited(inode, pages, next)) {
            next++;
        }
        if (next << SHIFT < pages.size && awaited(inode, pages, next - 1) && !awaited(inode, pages, next)) {
            start(task, inode, pages, next, next);
        }
    }

    /** Whether a page is in memory or comes. */
    private boolean awaited(Inode inode, PageCache pages, long index) {
        return pages.frame(index) >= 0 || coming(inode, index) != null;
    }

    /** Pages to be read at a time: the longer a file was read one page after the other, the more. */
    private int window(PageCache pages, long index) {
        if (most == 0) {
            most = Math.clamp(vm().stats().total() / PAGE / COMING, AHEAD, MOST);
        }
        int window = AHEAD;
        while (window < most && index >= window && pages.frame(index - window) >= 0) {
            window *= 2;
        }
        return Math.min(window, most);
    }

    private @Nullable Coming coming(Inode inode, long index) {
        Map<Long, Coming> pages = coming.get(inode);
        return pages == null ? null : pages.get(index);
    }

    /** Begins to read a page and those behind it that lie behind it on the disk. */
    private long start(@Nullable Task task, Inode inode, PageCache pages, long index, long wanted) {
        Result<BlockMap> map = fs.look(task, op -> fs.maps.load(op, inode));
        if (!map.ok()) {
            return map.error();
        }
        long disk = place(map.value(), index);
        if (disk <= 0) {
            return disk == 0 || disk == -1 ? 0 : disk; // a hole, or in pieces: Vm asks for it
        }
        boolean sequential = index == 0 || awaited(inode, pages, index - 1);
        int window = sequential ? window(pages, index) : AHEAD;
        long end = Math.min(pages.size + PAGE - 1 >>> SHIFT, sequential ? index + window : wanted + 1);
        long[] addresses = new long[window];
        int count = 0;
        for (long next = index; next < end && count < window; next++) {
            boolean joins = place(map.value(), next) == disk + (next - index) * perPage;
            if (!joins || next > index && awaited(inode, pages, next)) {
                break;
            }
            long address = vm().take();
            if (address < 0) {
                break;
            }
            addresses[count++] = address;
        }
        if (count == 0) {
            return -Errno.ENOMEM;
        }
        long[] into = Arrays.copyOf(addresses, count);
        Arrays.sort(into); // those that lie together are one transfer of the host's
        submit(inode, pages, index, disk, into);
        return 0;
    }

    private void submit(Inode inode, PageCache pages, long index, long disk, long[] into) {
        BlockRequest request = new BlockRequest(
                BlockRequest.Kind.READ, fs.volume.rdev, disk * fs.layout.blockSize, into.length * PAGE, null, into);
        request.client = fs.client;
        request.purpose = inode;
        Map<Long, Coming> map = coming.computeIfAbsent(inode, key -> new HashMap<>());
        for (int i = 0; i < into.length; i++) {
            map.put(index + i, new Coming(request, into[i]));
        }
        Commits.submit(device, request);
        if (!request.pending()) {
            arrived(inode, pages, request);
        }
    }

    /** Pages have come. May be told twice. */
    void arrived(Inode inode, PageCache pages, BlockRequest request) {
        Map<Long, Coming> map = coming.get(inode);
        if (map == null) {
            return;
        }
        map.entrySet().removeIf(entry -> {
            Coming page = entry.getValue();
            if (page.request != request) {
                return false;
            }
            boolean inside = entry.getKey() << SHIFT < pages.size;
            boolean failed = request.result != 0 && inside;
            if (page.address >= 0 && (failed || !inside || !vm().insert(pages, entry.getKey(), page.address))) {
                vm().give(page.address);
            }
            if (failed) {
                entry.setValue(new Coming(request, -1));
            }
            return !failed;
        });
        if (map.isEmpty()) {
            coming.remove(inode);
        }
    }

    /** What is being read of a file is not wanted any more: it is waited for. */
    void settle(Inode inode) {
        Map<Long, Coming> map = coming.get(inode);
        PageCache pages = inode.pages;
        while (map != null && !map.isEmpty() && pages != null) {
            BlockRequest request = map.values().iterator().next().request;
            request.await();
            arrived(inode, pages, request);
            map.values().removeIf(page -> page.request == request);
        }
        coming.remove(inode);
    }

    /** Waits for all that is being read. */
    void settleAll() {
        List.copyOf(coming.keySet()).forEach(this::settle);
    }

    /** The block in which a page begins if all of it lies together; 0 for a hole, -1 when it is in pieces. */
    private long place(BlockMap map, long index) {
        long first = map.place(index * perPage);
        for (int i = 1; i < perPage; i++) {
            long next = map.place(index * perPage + i);
            if (first == 0 ? next != 0 : next != first + i) {
                return -1;
            }
        }
        return first;
    }

    /** Reads a page for who cannot come again. @return 0 or -EIO */
    int fill(Inode inode, long index, long address) {
        Coming page = coming(inode, index);
        if (page != null) {
            page.request.await();
        }
        byte[] bytes = new byte[PAGE];
        Result<BlockMap> map = fs.look(null, op -> fs.maps.load(op, inode));
        if (!map.ok()) {
            return -Errno.EIO;
        }
        List<BlockRequest> parts = new ArrayList<>();
        for (int i = 0; i < perPage; i++) {
            long block = map.value().place(index * perPage + i);
            if (block != 0) {
                byte[] part = new byte[fs.layout.blockSize];
                BlockRequest request =
                        BlockRequest.of(BlockRequest.Kind.READ, fs.volume.rdev, block * fs.layout.blockSize, part);
                request.purpose = i;
                Commits.submit(device, request);
                parts.add(request);
            }
        }
        for (BlockRequest request : parts) {
            request.await();
            byte[] part = request.bytes;
            if (request.result != 0 || part == null || !(request.purpose instanceof Integer i)) {
                return -Errno.EIO;
            }
            System.arraycopy(part, 0, bytes, i * part.length, part.length);
        }
        vm().buffer(bytes, 0, PAGE).get(address, PAGE);
        return 0;
    }

    // --- writing ----------------------------------------------------------------------------------------------------

    long write(@Nullable Task task, Inode inode, IoBuffer from, long position) {
        PageCache pages = inode.pages;
        long wanted = from.remaining();
        if (pages == null || position < 0 || wanted == 0) {
            return pages == null || position < 0 ? -Errno.EINVAL : 0;
        }
        long most = Math.min((1L << 32) * fs.layout.blockSize, Long.MAX_VALUE - PAGE);
        if (!Maps.extents(Inodes.data(inode).raw)) {
            most = Math.min(most, 4L << 30);
        }
        if (position >= most) {
            return -Errno.EFBIG;
        }
        wanted = Math.min(wanted, most - position);
        if (tooMuch()) {
            long wait = fs.commits.pushBack(task);
            if (wait != 0) {
                return wait;
            }
        }
        long error = edges(task, inode, pages, position, wanted);
        if (error != 0) {
            return error;
        }
        long room = room(inode, pages, position, wanted);
        if (room == 0) {
            error = fs.commits.forSpace(task);
            return error != 0 ? error : -Errno.ENOSPC;
        }
        wanted = Math.min(wanted, room);
        long n = vm().writePages(pages, position, wanted < from.remaining() ? from.limited(wanted) : from);
        if (n > 0) {
            fs.volume.dirty.add(inode);
            fs.volume.changed.add(inode);
            fs.commits.later();
        }
        return n;
    }

    /** Whether more is modified and not written than may be. */
    boolean tooMuch() {
        if (ahead == 0) {
            ahead = vm().stats().total() / PART;
        }
        return fs.volume.written > ahead;
    }

    /** Pages of which only a part is written must be in memory. */
    private long edges(@Nullable Task task, Inode inode, PageCache pages, long position, long length) {
        long error = edge(task, inode, pages, position);
        return error != 0 ? error : edge(task, inode, pages, position + length);
    }

    private long edge(@Nullable Task task, Inode inode, PageCache pages, long at) {
        boolean partial = (at & PAGE - 1) != 0 && (at & -PAGE) < pages.size;
        return partial ? bring(task, inode, pages, at >>> SHIFT, at >>> SHIFT) : 0;
    }

    /** How much may be written before the disk is full; blocks that modified pages will need are promised already. */
    private long room(Inode inode, PageCache pages, long position, long length) {
        long first = position >>> SHIFT;
        long last = position + length - 1 >>> SHIFT;
        // the tree that finds them, and a margin for directories
        long free = fs.volume.freeBlocks - fs.volume.promised - 8 - (fs.volume.promised >>> 6);
        for (long index = first; index <= last; index++) {
            if (free < perPage && !placed(inode, index)) {
                return Math.max(0, (index << SHIFT) - position);
            }
            free -= perPage;
        }
        return length;
    }

    private boolean placed(Inode inode, long index) {
        Result<BlockMap> map = fs.look(null, op -> fs.maps.load(op, inode));
        return map.ok() && place(map.value(), index) > 0;
    }

    /** Before a file ends within a page, what is behind must be seen to be zeros. */
    long before(@Nullable Task task, Inode inode, long size) {
        PageCache pages = inode.pages;
        return pages == null || size >= pages.size ? 0 : edge(task, inode, pages, size);
    }

    int perPage() {
        return perPage;
    }
}
