package vkernel.guest.fs.host;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.fs.HostInode;
import vkernel.fs.HostVolume;
import vkernel.fs.Inode;
import vkernel.fs.IoBuffer;
import vkernel.fs.SuperBlock;
import vkernel.host.Folder;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.vm.PageCache;
import vkernel.vm.Vm;

/**
 * What is in files. Without pages in memory reads and writes go straight to the host. Pages come with mappings and
 * programs; then reads are from them, writes go to both, and what a mapping has modified is written back.
 */
final class Contents {
    private static final Logger LOG = LoggerFactory.getLogger(Contents.class);
    private static final int SHIFT = 12;
    private static final int PAGE = 1 << SHIFT;
    private static final int CHUNK = 1 << 16;
    /** Files that nobody has open and whose pages stay in memory. */
    private static final int KEPT = 256;

    private final Kernel kernel;
    private final Nodes nodes;
    private final byte[] chunk = new byte[CHUNK]; // kernel lock
    private final byte[] page = new byte[PAGE]; // kernel lock

    Contents(Kernel kernel, Nodes nodes) {
        this.kernel = kernel;
        this.nodes = nodes;
    }

    private Vm vm() {
        return kernel.vm();
    }

    private static boolean inMemory(Inode inode) {
        PageCache pages = inode.pages;
        return pages != null && pages.count() > 0;
    }

    // --- open and close ---------------------------------------------------------------------------------------------

    long open(Inode inode, boolean write) {
        long handle = nodes.handle(inode, write);
        if (handle < 0) {
            return handle;
        }
        Nodes.data(inode).users++;
        nodes.fresh(Nodes.volume(inode), null);
        nodes.refresh(inode);
        return 0;
    }

    void close(Inode inode) {
        HostInode data = Nodes.data(inode);
        if (--data.users > 0) {
            return;
        }
        flush(inode);
        HostVolume volume = Nodes.volume(inode);
        if (inMemory(inode) && inode.nlink > 0) {
            volume.cached.remove(inode);
            volume.cached.addLast(inode);
            if (volume.cached.size() > KEPT) {
                Inode oldest = volume.cached.removeFirst();
                if (Nodes.data(oldest).users == 0) {
                    drop(oldest);
                }
            }
        }
        nodes.release(inode);
    }

    // --- read and write ---------------------------------------------------------------------------------------------

    long read(Inode inode, IoBuffer to, long position) {
        PageCache pages = inode.pages;
        if (pages == null) {
            return -Errno.EISDIR;
        }
        long handle = nodes.handle(inode, false);
        if (handle < 0) {
            return handle;
        }
        if (pages.count() > 0) {
            nodes.refresh(inode);
        }
        long n = pages.count() > 0 ? vm().readPages(pages, position, to) : direct(inode, handle, to, position);
        nodes.releaseUnused(inode);
        return n;
    }

    private long direct(Inode inode, long handle, IoBuffer to, long position) {
        Folder folder = nodes.folder(inode);
        long done = 0;
        while (to.remaining() > 0) {
            int most = (int) Math.min(to.remaining(), CHUNK);
            long n = folder.read(handle, position + done, chunk, 0, most);
            if (n <= 0) {
                return done > 0 ? done : n;
            }
            int put = to.put(chunk, 0, (int) n);
            done += put;
            if (put < n) {
                return done > 0 ? done : -Errno.EFAULT;
            }
            if (n < most) {
                break;
            }
        }
        return done;
    }

    long write(Inode inode, IoBuffer from, long position) {
        PageCache pages = inode.pages;
        if (pages == null) {
            return -Errno.EISDIR;
        }
        long handle = nodes.handle(inode, true);
        if (handle < 0) {
            return handle;
        }
        long done = write(inode, pages, handle, from, position);
        if (done > 0 && pages.count() > 0) {
            nodes.written(inode);
        }
        nodes.releaseUnused(inode);
        return done;
    }

    private long write(Inode inode, PageCache pages, long handle, IoBuffer from, long position) {
        Folder folder = nodes.folder(inode);
        long done = 0;
        while (from.remaining() > 0) {
            int got = from.get(chunk, 0, (int) Math.min(from.remaining(), CHUNK));
            if (got == 0) {
                return done > 0 ? done : -Errno.EFAULT;
            }
            long n = folder.write(handle, position + done, chunk, 0, got);
            if (n < got) {
                from.back(got - (int) Math.max(0, n));
            }
            if (n <= 0) {
                return done > 0 ? done : n;
            }
            update(pages, position + done, (int) n);
            done += n;
            pages.size = Math.max(pages.size, position + done);
            if (n < got) {
                break;
            }
        }
        return done;
    }

    /** What was written is in those pages, too, that are in memory. */
    private void update(PageCache pages, long position, int length) {
        int at = 0;
        while (at < length && pages.count() > 0) {
            long index = position + at >>> SHIFT;
            int within = (int) (position + at & PAGE - 1);
            int n = Math.min(PAGE - within, length - at);
            if (pages.frame(index) >= 0) {
                long address = vm().page(pages, index, true);
                vm().buffer(chunk, at, n).get(address + within, n);
            }
            at += n;
        }
    }

    long truncate(Inode inode, long size) {
        PageCache pages = inode.pages;
        if (pages == null) {
            return -Errno.EINVAL;
        }
        long handle = nodes.handle(inode, true);
        long error = handle < 0 ? handle : nodes.folder(inode).truncate(handle, size);
        if (error == 0) {
            vm().truncatePages(pages, size);
            nodes.written(inode);
        }
        nodes.releaseUnused(inode);
        return error;
    }

    long allocate(Inode inode, int mode, long offset, long length) {
        flush(inode);
        long handle = nodes.handle(inode, true);
        long error = handle < 0 ? handle : nodes.folder(inode).allocate(handle, mode, offset, length);
        if (error == 0) {
            drop(inode);
            nodes.refresh(inode);
        }
        nodes.releaseUnused(inode);
        return error;
    }

    /** fsync(2). */
    long sync(Inode inode) {
        if (!inode.regular()) {
            return 0;
        }
        flush(inode);
        HostInode data = Nodes.data(inode);
        long error = data.error;
        data.error = 0;
        return error != 0 || data.handle < 0 ? error : nodes.folder(inode).sync(data.handle);
    }

    // --- pages ------------------------------------------------------------------------------------------------------

    int fill(Inode inode, long index, long address) {
        long handle = nodes.handle(inode, false);
        long n = handle < 0 ? handle : nodes.folder(inode).read(handle, index << SHIFT, page, 0, PAGE);
        if (n < 0) {
            LOG.warn("host: page {} of {} cannot be read: {}", index, inode, Errno.name((int) -n));
            return -Errno.EIO;
        }
        PageCache pages = inode.pages;
        if (pages != null && pages.count() == 0) {
            nodes.written(inode); // changes from now on make the page wrong
        }
        java.util.Arrays.fill(page, (int) n, PAGE, (byte) 0);
        vm().buffer(page, 0, PAGE).get(address, PAGE);
        return 0;
    }

    /** The host has changed a file: what is in memory of it is wrong, but what was modified here goes out first. */
    void changed(Inode inode) {
        flush(inode);
        PageCache pages = inode.pages;
        if (pages != null) {
            vm().punchPages(pages, 0, Long.MAX_VALUE);
        }
    }

    /** Frees a file's pages. */
    void drop(Inode inode) {
        PageCache pages = inode.pages;
        if (pages != null && pages.count() > 0) {
            vm().punchPages(pages, 0, Long.MAX_VALUE);
        }
        HostVolume volume = Nodes.volume(inode);
        volume.cached.remove(inode);
        volume.dirty.remove(inode);
    }

    /** Writes all modified pages of a mounted folder. */
    void flush(SuperBlock sb) {
        java.util.List.copyOf(Nodes.volume(sb).dirty).forEach(this::flush);
    }

    /** Writes what mappings have modified of a file. */
    void flush(Inode inode) {
        PageCache pages = inode.pages;
        if (!Nodes.volume(inode).dirty.remove(inode) || pages == null) {
            return;
        }
        long error = 0;
        for (long index : vm().dirtyPages(pages)) {
            long position = index << SHIFT;
            if (position < pages.size) {
                long result = writePage(inode, pages, index, (int) Math.min(PAGE, pages.size - position));
                error = result < 0 ? result : error;
            }
        }
        if (error < 0) {
            Nodes.data(inode).error = error;
            LOG.warn("host: modified pages of {} are lost: {}", inode, Errno.name((int) -error));
        }
        HostInode data = Nodes.data(inode);
        if (data.handle >= 0) {
            nodes.written(inode);
        }
        nodes.releaseUnused(inode);
    }

    private long writePage(Inode inode, PageCache pages, long index, int length) {
        long address = vm().hold(pages, index);
        if (address < 0) {
            return 0;
        }
        vm().clean(pages, index);
        vm().buffer(page, 0, length).put(address, length);
        vm().give(address);
        long handle = nodes.handle(inode, true);
        return handle < 0 ? handle : writePage(nodes.folder(inode), handle, index << SHIFT, length);
    }

    /** A disk that gets full takes the first part of a page, and says so at the next. */
    private long writePage(Folder folder, long handle, long position, int length) {
        for (int done = 0; done < length; ) {
            long n = folder.write(handle, position + done, page, done, length - done);
            if (n <= 0) {
                return n < 0 ? n : -Errno.EIO;
            }
            done += (int) n;
        }
        return length;
    }
}
