package vkernel.guest.fs.ext;

import org.jspecify.annotations.Nullable;
import vkernel.fs.BlockMap;
import vkernel.fs.Inode;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.task.Task;
import vkernel.vm.PageCache;

/** How long files are, and which of their blocks are there (Linux: ext4_truncate, ext4_fallocate, ext4_punch_hole). */
final class Sizes {
    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;

    private final Mounted fs;

    Sizes(Mounted fs) {
        this.fs = fs;
    }

    /** truncate(2). @return 0, BLOCKED or -errno */
    long truncate(Task task, Inode inode, long size) {
        PageCache pages = inode.pages;
        if (pages == null) {
            return -Errno.EINVAL;
        }
        if (inode.swap) {
            return -Errno.ETXTBSY;
        }
        long error = fs.contents.before(task, inode, size);
        if (error == 0) {
            error = fs.run(task, op -> cut(op, inode, size)).error();
        }
        if (error == 0) {
            fs.contents.settle(inode);
            fs.volume.dirty.add(inode);
            fs.kernel.vm().truncatePages(pages, size);
            inode.mtime = fs.kernel.realtime();
            inode.ctime = inode.mtime;
            fs.volume.changed.add(inode);
        }
        return error;
    }

    private Long cut(Op op, Inode inode, long size) throws Halt {
        long blocks = (size + fs.layout.blockSize - 1) / fs.layout.blockSize;
        if (blocks > 1L << 32) {
            throw Halt.error(Errno.EFBIG);
        }
        if (size < inode.length()) {
            fs.maps.cut(op, inode, blocks, Long.MAX_VALUE);
        }
        Inodes.size(op.raw(inode), size);
        return 0L;
    }

    /** fallocate(2). @return 0, BLOCKED or -errno */
    long allocate(Task task, Inode inode, int mode, long offset, long length) {
        PageCache pages = inode.pages;
        if (inode.swap) {
            return -Errno.ETXTBSY;
        }
        if (pages == null || (mode & ~(KEEP_SIZE | PUNCH_HOLE)) != 0 || mode == PUNCH_HOLE) {
            return -Errno.EOPNOTSUPP;
        }
        if ((mode & PUNCH_HOLE) != 0) {
            return punch(task, inode, pages, offset, length);
        }
        if (!Maps.extents(Inodes.data(inode).raw)) {
            return -Errno.EOPNOTSUPP;
        }
        int size = fs.layout.blockSize;
        long end = (offset + length + size - 1) / size;
        if (end - offset / size > fs.volume.freeBlocks - fs.volume.promised) {
            return -Errno.ENOSPC;
        }
        long error = fs.run(task, op -> {
                    fs.maps.allocate(op, inode, offset / size, end, true);
                    fs.maps.save(op, inode);
                    return 0L;
                })
                .error();
        if (error == 0 && (mode & KEEP_SIZE) == 0 && offset + length > pages.size) {
            pages.size = offset + length;
            fs.volume.dirty.add(inode);
            fs.changed(inode);
        }
        return error;
    }

    private long punch(Task task, Inode inode, PageCache pages, long offset, long length) {
        int size = Layout.PAGE;
        long first = (offset + size - 1) / size * size;
        long last = (offset + length) / size * size;
        fs.contents.settle(inode);
        if (first < last) {
            int block = fs.layout.blockSize;
            long error = fs.run(task, op -> {
                        fs.maps.cut(op, inode, first / block, last / block);
                        return 0L;
                    })
                    .error();
            if (error != 0) {
                return error;
            }
        }
        fs.volume.dirty.add(inode);
        fs.kernel.vm().punchPages(pages, offset, length);
        inode.mtime = fs.kernel.realtime();
        fs.changed(inode);
        return 0;
    }

    /** What stat(2) says: blocks of 512 bytes, those included that are promised and not on the disk. */
    long blocks(Inode inode) {
        PageCache pages = inode.pages;
        long blocks = fs.inodes.blocks(Inodes.data(inode).raw);
        if (pages == null || !fs.volume.dirty.contains(inode)) {
            return blocks;
        }
        Result<BlockMap> map = fs.look(null, op -> fs.maps.load(op, inode));
        int perPage = fs.contents.perPage();
        for (long page : map.ok() ? fs.kernel.vm().dirtyPages(pages) : new long[0]) {
            blocks += map.value().place(page * perPage) == 0 ? Layout.PAGE / 512 : 0;
        }
        return blocks;
    }

    /** As {@link vkernel.fs.FileSystemType#places}. */
    long @Nullable [][] places(Inode inode) {
        if (!inode.regular() || inode.sb.readOnly || fs.commits.now() != 0) {
            return null;
        }
        Result<BlockMap> map = fs.look(null, op -> fs.maps.load(op, inode));
        return map.ok() ? fs.maps.places(map.value(), inode.length() / Layout.PAGE * Layout.PAGE) : null;
    }
}
